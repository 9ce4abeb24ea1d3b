"""Pace: whoever comes too fast waits a little, is never locked out, and the excess is reported (generic cell rate).

Each limit allows a burst, then a steady rate. A whole network may share one address: those limits are wide.
"""

import logging
import math
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kyc.domain.actors import Actor, Kind
from kyc.models import AuditEntry, Case, Pace
from kyc.services.guesses import neighbourhood
from kyc.services.officers import actor

logger = logging.getLogger(__name__)

PACE = Actor(Kind.SYSTEM, "pace")
REPORTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` at once, then one every `every`."""

    name: str
    burst: int
    every: timedelta


PICTURES_OF_CASE = Limit("case_pictures", 20, timedelta(minutes=3))
PICTURES_OF_ADDRESS = Limit("address_pictures", 300, timedelta(seconds=3))
CASES_OF_ADDRESS = Limit("address_cases", 100, timedelta(seconds=6))
CONTACTS_OF_CASE = Limit("case_contacts", 10, timedelta(minutes=10))
ANSWERS_OF_CASE = Limit("case_answers", 30, timedelta(minutes=1))
LOOKS_OF_CASE = Limit("case_looks", 60, timedelta(seconds=30))
CODES_OF_CASE = Limit("case_codes", 5, timedelta(minutes=10))
CODES_OF_ADDRESS = Limit("address_codes", 60, timedelta(seconds=30))


class TooFast(Exception):
    """`minutes` says after how long the next one is taken; nothing of what stands is lost."""

    def __init__(self, left: timedelta) -> None:
        super().__init__(f"too fast: wait {left}")
        self.minutes = max(1, math.ceil(left.total_seconds() / 60))


def picture(*, case: Case, address: str | None) -> None:
    """Counts one picture of a case and of an address. Raises TooFast."""
    _count(PICTURES_OF_CASE, case.pk.hex, case.pk)
    if address:
        _count(PICTURES_OF_ADDRESS, neighbourhood(address))


def begin(*, address: str | None) -> None:
    """Counts one new case of an address. Raises TooFast."""
    if address:
        _count(CASES_OF_ADDRESS, neighbourhood(address))


def contact(*, case: Case) -> None:
    """Counts one e-mail address left in a case: nobody writes to many people through us. Raises TooFast."""
    _count(CONTACTS_OF_CASE, case.pk.hex, case.pk)


def answers(*, case: Case) -> None:
    """Counts one sending of the notices' page: who changes an answer again and again fills no chain. Raises TooFast."""
    _count(ANSWERS_OF_CASE, case.pk.hex, case.pk)


def look(*, case: Case) -> None:
    """Counts one look of a customer at what was read, each a row of the register. Raises TooFast."""
    _count(LOOKS_OF_CASE, case.pk.hex, case.pk)


def code(*, case: Case, address: str | None) -> None:
    """Counts one code that is sent for a case, and from a network address. Raises TooFast."""
    _count(CODES_OF_CASE, case.pk.hex, case.pk)
    if address:
        _count(CODES_OF_ADDRESS, neighbourhood(address))


def search(*, by: User) -> None:
    """Counts one search by a number, before it is known whether a case holds it. Raises TooFast."""
    _count(_searches(), str(by.pk), by=actor(by))


def search_found(*, by: User) -> None:
    """Gives it back: who finds works, who finds nothing again and again tries what is covered."""
    limit = _searches()
    Pace.objects.filter(key=f"{limit.name}:{by.pk}").update(until=F("until") - limit.every)


def _searches() -> Limit:
    most = settings.SEARCH_MISSES_AN_HOUR
    return Limit("officer_searches", most, timedelta(hours=1) / most)


def tidy() -> int:
    """Forgets whoever has been slow for an hour."""
    return Pace.objects.filter(until__lt=timezone.now() - REPORTED_EVERY).delete()[0]


def _count(limit: Limit, whose: str, case_id: UUID | None = None, by: Actor = PACE) -> None:
    left = _spend(limit, f"{limit.name}:{whose}", case_id, by)
    if left:
        raise TooFast(left)


@transaction.atomic
def _spend(limit: Limit, key: str, case_id: UUID | None, by: Actor) -> timedelta | None:
    """None where it is in time, else how long to wait. The excess is reported once an hour, without the address."""
    now = timezone.now()
    row, _ = Pace.objects.select_for_update().get_or_create(key=key, defaults={"until": now})
    due = max(row.until, now)
    early = due - now - limit.every * (limit.burst - 1)
    if early <= timedelta(0):
        row.until = due + limit.every
        row.save(update_fields=["until"])
        return None
    if row.reported_at is None or row.reported_at < now - REPORTED_EVERY:
        row.reported_at = now
        row.save(update_fields=["reported_at"])
        logger.warning("limit %s reached", limit.name)
        AuditEntry.append("limit.reached", by=by, case_id=case_id, data={"limit": limit.name})
    return early
