"""How much one officer may see in an hour: far more than anybody's work is stopped, on record."""

import logging
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kyc.domain.actors import Actor
from kyc.models import AuditEntry, Disclosure
from kyc.services.officers import actor

logger = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
# What a host's measure counts: whole numbers, and evidence. A look at masked fields neither costs nor earns anything.
TAKEN_OUT = (Disclosure.What.NUMBER, Disclosure.What.EXPORT)


class Limit(StrEnum):
    CASES = "cases"
    NUMBERS = "numbers"
    EXPORTED = "exported"


class TooMany(Exception):
    """More cases, or full numbers, than the deployment allows one officer an hour; `left`: how many it still does."""

    def __init__(self, limit: Limit, most: int, left: int = 0) -> None:
        super().__init__(f"too many {limit} within an hour")
        self.limit, self.most, self.left = limit, most, left


def require_measure(*, account: User, case_id: UUID, what: Disclosure.What) -> None:
    """Raises TooMany before a further case is shown; those of this hour may be looked at again.

    What left in a file has a measure of its own: it neither stops the work on other cases nor opens a picture.
    """
    seen = _of(account).exclude(what=Disclosure.What.EXPORT)
    _measure(seen, actor(account), case_id, Limit.CASES, settings.DISCLOSURE_CASES_AN_HOUR)
    if what == Disclosure.What.NUMBER:
        numbers = seen.filter(what=what)
        _measure(numbers, actor(account), case_id, Limit.NUMBERS, settings.DISCLOSURE_NUMBERS_AN_HOUR)


def require_export_measure(*, account: User, cases: Collection[UUID], numbers: bool) -> None:
    """Raises TooMany before a file is made that holds more cases, or numbers, than the hour has left.

    Those that were counted within the hour count once. The caller records the refusal.
    """
    seen = _of(account)
    _fits(seen.filter(what=Disclosure.What.EXPORT), cases, Limit.EXPORTED, settings.EXPORT_CASES_AN_HOUR)
    if numbers:
        known = seen.filter(what=Disclosure.What.NUMBER)
        _fits(known, cases, Limit.NUMBERS, settings.DISCLOSURE_NUMBERS_AN_HOUR)


def require_host_measure(*, by: Actor, case_id: UUID) -> None:
    """As above, for a host's key that reads whole numbers or takes evidence out. Raises TooMany."""
    seen = Disclosure.objects.filter(actor=str(by), at__gt=timezone.now() - HOUR, what__in=TAKEN_OUT)
    _measure(seen, by, case_id, Limit.NUMBERS, settings.API_CASES_AN_HOUR)


def _measure(seen: QuerySet[Disclosure], by: Actor, case_id: UUID, limit: Limit, most: int) -> None:
    told = seen.aggregate(
        cases=Count("case_id", distinct=True), this_one=Count("pk", filter=Q(case_id=case_id))
    )
    if told["this_one"] or told["cases"] < most:
        return
    record(by, limit, most)
    raise TooMany(limit, most)


def _of(account: User) -> QuerySet[Disclosure]:
    return Disclosure.objects.filter(by=account, at__gt=timezone.now() - HOUR)


def _fits(seen: QuerySet[Disclosure], cases: Collection[UUID], limit: Limit, most: int) -> None:
    counted = set(seen.values_list("case_id", flat=True).distinct())
    if len(counted.union(cases)) > most:
        raise TooMany(limit, most, left=max(0, most - len(counted)))


def record(by: Actor, limit: Limit, most: int) -> None:
    """Once an hour: who knocks a thousand times fills no chain."""
    told = AuditEntry.objects.filter(
        action="disclosure.limit_reached",
        actor=str(by),
        at__gt=timezone.now() - HOUR,
        data__limit=limit.value,
    )
    if not told.exists():
        logger.warning("%s reached the limit of %d %s an hour", by, most, limit.value)
        data = {"limit": limit.value, "most": most}
        AuditEntry.append("disclosure.limit_reached", by=by, data=data)
