"""Where a case stands in the queue: when it is due, and what its newest picture's findings weigh.

The columns `risk` and `turn_at` are written here; `Case.move` takes the turn away when no officer is needed any more.
"""

from typing import Any

from kyc.domain import risk
from kyc.domain.lifecycle import WITH_OFFICERS
from kyc.domain.risk import Risk
from kyc.models import Case, Finding
from kyc.selectors import values
from kyc.services import policy


def arrival(case: Case) -> dict[str, Any]:
    """The columns of a case that reaches the officers now, for `Case.move`."""
    due, weighs = policy.due(), _risk(case)
    return {"due_at": due, "risk": weighs, "turn_at": risk.turn(due, weighs)}


def assess(case: Case) -> None:
    """Moves a case in the queue after findings were added to it; one that no officer needs stays as it is."""
    if case.status not in WITH_OFFICERS or case.due_at is None:
        return
    weighs = _risk(case)
    Case.objects.filter(pk=case.pk, state=case.state).update(
        risk=weighs, turn_at=risk.turn(case.due_at, weighs)
    )


def _risk(case: Case) -> Risk:
    document = values.newest_document(case)
    found = Finding.objects.filter(reading__document=document) if document else Finding.objects.none()
    return risk.gravest(found.order_by().values_list("severity", flat=True).distinct())
