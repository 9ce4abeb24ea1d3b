"""What a host asked for, and the pages of its list."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from kyc.domain.reasons import RetakeReason
from kyc.models import ApiKey, Case, OutboxMessage, Verification


def verification_of(case: Case) -> Verification | None:
    """What a host asked for; None for a case that no host opened."""
    if not case.of_host:
        return None
    return Verification.objects.select_related("host").filter(case=case).first()


def own(key: ApiKey) -> QuerySet[Verification]:
    """The verifications that a key may know of: its host's, of the sandbox or real ones, never both."""
    rows = Verification.objects.filter(host=key.host_id).select_related("case", "host")
    return rows.exclude(outcome="") if key.sandbox else rows.filter(outcome="")


def page(
    rows: QuerySet[Verification], *, after: tuple[datetime, UUID] | None, size: int
) -> tuple[Sequence[Verification], bool]:
    """The newest first, those after `after`; whether more follow."""
    if after is not None:
        at, case_id = after
        rows = rows.filter(Q(created_at__lt=at) | Q(created_at=at, case__lt=case_id))
    found = list(rows.order_by("-created_at", "-case")[: size + 1])
    return found[:size], len(found) > size


def asked_again(verification: Verification | None) -> list[RetakeReason]:
    return [RetakeReason(code) for code in verification.again] if verification else []


def dead(limit: int = 200) -> list[OutboxMessage]:
    """Messages that were given up, newest first."""
    rows = OutboxMessage.objects.exclude(dead_at=None).select_related("endpoint__host", "verification")
    return list(rows.order_by("-dead_at")[:limit])
