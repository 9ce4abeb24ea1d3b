"""Retention: what was never completed expires, what the customer takes back is withdrawn, what is over is erased."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kyc.domain import retention as rules
from kyc.domain import rrn
from kyc.domain.actors import CUSTOMER, Actor, Kind
from kyc.domain.lifecycle import FINAL, IllegalMove, State, check_move
from kyc.domain.retention import Obstacle, Periods, Reason
from kyc.models import AuditEntry, Case
from kyc.services import destruction

logger = logging.getLogger(__name__)

RETENTION = Actor(Kind.SYSTEM, "retention")
AT_ONCE = 500
DRILL_DAYS = 30  # a drill that nobody ended
LONGEST_REFERENCE = 100
FINISHED = FINAL - {State.ERASED}


class ErasureRefused(Exception):
    """The case must be kept: a law, or a legal hold. `until` is the first day it may go, where one is known."""

    def __init__(self, obstacle: Obstacle, until: date | None = None) -> None:
        super().__init__(f"the case must be kept: {obstacle}" + (f" until {until}" if until else ""))
        self.obstacle, self.until = obstacle, until


class WrongDate(ValueError):
    """A relationship ends neither in the future nor before its case began."""


@dataclass(slots=True)
class Erasures:
    """What a run erased, or would erase; `failed` stay as they are, and the next run tries again."""

    erased: list[tuple[UUID, State]] = field(default_factory=list)
    failed: list[tuple[UUID, str]] = field(default_factory=list)


def withdraw(*, case: Case, by: Actor = CUSTOMER) -> None:
    """The customer takes the application back, here or at the host. Raises IllegalMove once it is decided."""
    case.move(State.WITHDRAWN, by=by, claimed_by=None, claim_expires=None)


def expire_cases() -> int:
    """Ends cases that waited for their customer for longer than CASE_EXPIRY_DAYS; how many."""
    limit = timezone.now() - timedelta(days=settings.CASE_EXPIRY_DAYS)
    expired = 0
    for case in Case.objects.filter(state__in=[State.STARTED, State.RETAKE], changed_at__lt=limit)[:AT_ONCE]:
        try:
            case.move(State.EXPIRED, by=RETENTION)
        except IllegalMove:  # the customer came back meanwhile
            continue
        expired += 1
    return expired


@transaction.atomic
def relationship_ended(*, case: Case, on: date, by: Actor) -> None:
    """Starts the clock of an approved case; a later call corrects the day. Raises IllegalMove, WrongDate."""
    if not timezone.localdate(case.created_at) <= on <= timezone.localdate():
        raise WrongDate(f"the relationship cannot have ended on {on}")
    if Case.objects.filter(pk=case.pk, state=State.APPROVED).update(relationship_ended_on=on) != 1:
        raise IllegalMove(State(Case.objects.values_list("state", flat=True).get(pk=case.pk)), State.ERASED)
    case.relationship_ended_on = on
    AuditEntry.append("case.relationship_ended", by=by, case_id=case.pk, data={"on": on.isoformat()})


@transaction.atomic
def relationship_resumed(*, case: Case, by: Actor) -> None:
    """Takes the end of a relationship back: it was set by mistake, or goes on. Raises IllegalMove."""
    if Case.objects.filter(pk=case.pk, state=State.APPROVED).update(relationship_ended_on=None) != 1:
        raise IllegalMove(State(Case.objects.values_list("state", flat=True).get(pk=case.pk)), State.ERASED)
    case.relationship_ended_on = None
    AuditEntry.append("case.relationship_resumed", by=by, case_id=case.pk)


@transaction.atomic
def hold(*, case: Case, on: bool, by: Actor, reference: str) -> None:
    """Sets a legal hold, or lifts it; `reference` names the order, never a person. Raises IllegalMove once erased."""
    if Case.objects.exclude(state=State.ERASED).filter(pk=case.pk).update(legal_hold=on) != 1:
        raise IllegalMove(State.ERASED, case.status)
    case.legal_hold = on
    told = {"reference": rrn.mask_all(reference.replace("\0", ""))[:LONGEST_REFERENCE]}
    AuditEntry.append("case.held" if on else "case.hold_lifted", by=by, case_id=case.pk, data=told)


def erase(*, case: Case, by: Actor, reason: Reason) -> None:
    """Destroys everything that the case sealed, for good. What the database keeps of it the next `erase_due` removes.

    Raises IllegalMove where the case is not finished, ErasureRefused where a law or a hold keeps it, NotDestroyed, and
    OSError where the storage fails; then the case stays as it was.
    """
    with transaction.atomic():
        _erase(case, by, reason)


def erase_due(*, dry_run: bool = False) -> Erasures:
    """Erases the finished cases whose time is over, at most AT_ONCE; scrubs, also for what requests erased."""
    done = Erasures()
    for case in _due():
        state = case.status
        try:
            if not dry_run:
                with transaction.atomic():
                    _erase(case, RETENTION, Reason.DUE)
            done.erased.append((case.pk, state))
        except (IllegalMove, ErasureRefused, destruction.NotDestroyed, OSError) as e:
            logger.warning("case %s could not be erased: %s", case.pk, type(e).__name__)
            done.failed.append((case.pk, type(e).__name__))
    if not dry_run:
        destruction.scrub()
    return done


def kept_until(case: Case) -> date | None:
    """The first day on which a finished case is to be erased; None while the relationship lasts."""
    return rules.kept_until(
        case.status,
        closed=timezone.localdate(case.changed_at),
        ended=case.relationship_ended_on,
        periods=_periods(),
    )


def _erase(case: Case, by: Actor, reason: Reason) -> None:
    stored = Case.objects.select_for_update().get(pk=case.pk)
    check_move(stored.status, State.ERASED)
    if kept := obstacle(stored):
        raise ErasureRefused(kept, kept_until(stored))
    destroyed = destruction.destroy(stored, by=by, reason=reason.value)
    told = {"reason": reason.value, "pictures": destroyed.pictures, "values": destroyed.values}
    AuditEntry.append("case.erased", by=by, case_id=case.pk, data=told)
    case.refresh_from_db()


def obstacle(case: Case) -> Obstacle | None:
    """Why a finished case may not be erased now, whoever asks."""
    if case.legal_hold:
        return Obstacle.LEGAL_HOLD
    if case.drill:
        return None
    if case.status not in rules.KEPT_BY_LAW:
        return None
    until = kept_until(case)
    if until is None:
        return Obstacle.RELATIONSHIP_LASTS
    return Obstacle.KEPT_BY_LAW if timezone.localdate() < until else None


def _due() -> Iterator[Case]:
    """The database narrows generously, the rule decides."""
    today, periods = timezone.localdate(), _periods()
    ended = today - timedelta(days=365 * periods.approved_years)
    wanted = Q(state=State.APPROVED, relationship_ended_on__lte=ended)
    for state in (State.REJECTED, State.WITHDRAWN, State.EXPIRED):
        limit = timezone.now() - timedelta(days=periods.days(state) - 1)
        wanted |= Q(state=state, changed_at__lte=limit)
    forgotten = timezone.now() - timedelta(days=DRILL_DAYS)
    wanted |= Q(drill=True, state=State.APPROVED, changed_at__lte=forgotten)
    for case in Case.objects.filter(wanted, legal_hold=False).order_by("changed_at")[:AT_ONCE]:
        until = kept_until(case)
        if (case.drill and case.status is State.APPROVED) or (until is not None and until <= today):
            yield case


def _periods() -> Periods:
    return Periods(
        approved_years=settings.RETENTION_APPROVED_YEARS,
        rejected_days=settings.RETENTION_REJECTED_DAYS,
        withdrawn_days=settings.RETENTION_WITHDRAWN_DAYS,
        expired_days=settings.RETENTION_EXPIRED_DAYS,
    )
