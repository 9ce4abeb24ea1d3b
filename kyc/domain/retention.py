"""How long the data of a finished case is kept (PIPA 21; five years from the end of the relationship: 특금법 5-4)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kyc.domain.lifecycle import State

# Cases that a law keeps: nobody may erase one earlier. The other periods are the deployment's own, and at most.
KEPT_BY_LAW = frozenset({State.APPROVED})


class Reason(StrEnum):
    """Why a case is erased. Travels in the audit chain: never rename one."""

    DUE = "due"  # its time is over
    ASKED = "asked"  # the person asked for it
    ORDERED = "ordered"  # an authority, or the operator's counsel, said so
    REPLAYED = "replayed"  # it had been erased before a backup brought it back
    DRILL = "drill"  # an invented case: nobody's, and kept by no law


class Obstacle(StrEnum):
    """Why a case may not be erased now."""

    LEGAL_HOLD = "legal_hold"
    RELATIONSHIP_LASTS = "relationship_lasts"
    KEPT_BY_LAW = "kept_by_law"


@dataclass(frozen=True, slots=True)
class Periods:
    """`approved_years` count from the end of the relationship, the others from the end of the case."""

    approved_years: int
    rejected_days: int
    withdrawn_days: int
    expired_days: int

    def days(self, state: State) -> int:
        return {
            State.REJECTED: self.rejected_days,
            State.WITHDRAWN: self.withdrawn_days,
            State.EXPIRED: self.expired_days,
        }[state]


def kept_until(state: State, *, closed: date, ended: date | None, periods: Periods) -> date | None:
    """The first day on which a case in this final state is to be erased; None while the relationship lasts."""
    if state is not State.APPROVED:
        return closed + timedelta(days=periods.days(state))
    return None if ended is None else years_after(ended, periods.approved_years)


def years_after(day: date, years: int) -> date:
    """The same day of a later year; 29 February becomes 1 March, so that nothing is kept a day short."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
