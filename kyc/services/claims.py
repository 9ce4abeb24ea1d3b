"""Claims: what the customer says stands on the card. A claim stands beside the reading, never over it."""

from django.db import transaction

from kyc.domain.actors import CUSTOMER
from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Step
from kyc.models import AuditEntry, Case, FieldValue
from kyc.selectors import progress, values
from kyc.services import basis, custody

CLAIMS_A_CASE = 20


class ClaimRefused(Exception):
    """The claim is not taken and nothing was changed."""


class ClaimsClosed(ClaimRefused):
    """Nothing was read yet, or an officer has decided."""


class TooManyClaims(ClaimRefused):
    """The case holds CLAIMS_A_CASE claims already."""


def is_open(case: Case) -> bool:
    """Whether the customer may still say what is wrong: in review, and nobody decided on the newest picture."""
    return case.status is State.IN_REVIEW and not progress.decided_since_picture(case)


@transaction.atomic
def claim(*, case: Case, field: Field, text: str) -> FieldValue | None:
    """Keeps what the customer says; None where that is what was read or claimed last already.

    Raises FieldError where the field cannot hold the text, ClaimsClosed, TooManyClaims.
    """
    held = Case.objects.select_for_update().get(pk=case.pk)
    normal = basis.normalise(held, field, text)
    if not is_open(held) or (field is Field.RRN and basis.number_barred(held)):
        raise ClaimsClosed
    key = held.key()
    known = [values.current(held).get(field), progress.last_claim(held, field)]
    if any(custody.open_value(key, value) == normal for value in known if value is not None):
        return None
    if held.values.filter(step=Step.CLAIMED).count() >= CLAIMS_A_CASE:
        raise TooManyClaims
    reading = values.newest_reading(held)
    value = custody.seal_value(
        case=held, key=key, field=field, step=Step.CLAIMED, text=normal, reading=reading
    )
    value.save(force_insert=True)
    AuditEntry.append("field.claimed", by=CUSTOMER, case_id=held.pk, data={"field": field.value})
    return value
