"""Retention: what was never completed expires, and what the customer takes back is withdrawn."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from kyc.domain.actors import CUSTOMER, Actor, Kind
from kyc.domain.lifecycle import IllegalMove, State
from kyc.models import Case

RETENTION = Actor(Kind.SYSTEM, "retention")
AT_ONCE = 500


def withdraw(*, case: Case) -> None:
    """The customer takes the application back. Raises IllegalMove once it is decided."""
    case.move(State.WITHDRAWN, by=CUSTOMER, claimed_by=None, claim_expires=None)


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
