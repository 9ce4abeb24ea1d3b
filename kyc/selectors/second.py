"""Which cases wait for a second officer who is to form a view of their own first."""

from collections.abc import Collection
from uuid import UUID

from kyc.models import Case, Decision


def hidden(cases: Collection[Case], *, account_id: int | None) -> frozenset[UUID]:
    """Those of the cases whose first officer's view is hidden from this account: blind, nobody looked, not its own."""
    open_ = Decision.objects.waiting().filter(case__in=cases, blind=True, looks=None)
    return frozenset(open_.exclude(by=account_id).values_list("case_id", flat=True))
