"""The blind second look: a different officer decides on their own, and only then both views are laid side by side."""

import json
from collections.abc import Collection, Mapping, Sequence

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from kyc.domain.facts import Field
from kyc.domain.provenance import Outcome
from kyc.models import AuditEntry, Case, Decision, SecondLook
from kyc.selectors import values
from kyc.services import basis, custody, holding, policy, refusals, review
from kyc.services.number_seen import require_number_seen
from kyc.services.officers import actor
from kyc.vault import fields

OUTCOME, REASONS = "outcome", "reasons"


@transaction.atomic
def look(
    *,
    case: Case,
    by: User,
    outcome: Outcome,
    view: Mapping[Field, str],
    ticked: Collection[Field] = (),
    reasons: Sequence[str] = (),
    comment: str = "",
) -> SecondLook:
    """Keeps the officer's own view. Where it agrees the decision is in force, else FOUR_EYES_DISAGREEMENT says what.

    `view` is what stands on the card in this officer's eyes, in the canonical form; `ticked` the fields in which they
    agreed with what was read. Raises ReviewRefused, NotAllowed.
    """
    decision = review.proposed(case, by)
    review.require_fresh_eyes(case, decision, by)
    if decision.looks.exists():
        raise refusals.NothingToSecond
    if outcome is not Outcome.APPROVE and not reasons:
        raise refusals.ReasonMissing
    if outcome is Outcome.APPROVE and (
        missing := [name for name in basis.fields_of(case) if name not in view]
    ):
        raise refusals.FieldsOpen(missing)
    if outcome is Outcome.APPROVE and Field.RRN in ticked:
        require_number_seen(case=case, value=values.read(case)[Field.RRN], by=by)
    differs = _differences(case, decision, outcome, view, reasons)
    seen = SecondLook(decision=decision, outcome=outcome, reasons=list(reasons), by=by, blind=decision.blind)
    seen.differs, seen.agrees = differs, not set(differs) - {REASONS}
    told = json.dumps({"fields": dict(view), "comment": comment}, ensure_ascii=False)
    seen.sealed_view = fields.seal_text(case.key(), told, identity=seen.identity)
    seen.save(force_insert=True)
    data = {"decision": str(decision.pk), "outcome": outcome.value, "agrees": seen.agrees, "differs": differs}
    AuditEntry.append("decision.looked", by=actor(by), case_id=case.pk, data=data)
    if seen.agrees:
        review.agree(case, decision, by)
    elif settings.FOUR_EYES_DISAGREEMENT == policy.Disagreement.SEND_BACK:
        review.withdraw(case, decision, by)
    else:
        holding.release(case=case, by=by)
    return seen


def _differences(
    case: Case, decision: Decision, outcome: Outcome, view: Mapping[Field, str], reasons: Sequence[str]
) -> list[str]:
    """`outcome`, `reasons`, or the fields whose values differ; the values of two approvals alone are compared."""
    if decision.outcome != outcome:
        return [OUTCOME]
    if outcome is not Outcome.APPROVE:
        return [REASONS] if set(decision.reasons) != set(reasons) else []
    key = case.key()
    first = {name: custody.open_value(key, value) for name, value in values.human(case).items()}
    return [name.value for name in basis.fields_of(case) if first.get(name) != view[name]]
