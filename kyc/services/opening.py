"""What stands sealed in a case, in plain text: for callers who have registered the look at the case's fields.

Behind `kyc.services.disclosure`, which registers and opens in one; a page of many values registers once and opens here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from uuid import UUID

from kyc.domain import rrn
from kyc.domain.facts import Field
from kyc.domain.provenance import Step
from kyc.models import Case, Decision, FieldValue, Finding, SecondLook
from kyc.services import custody
from kyc.vault import fields


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value on its way to a person; a resident number is masked."""

    id: UUID
    reading_id: UUID | None
    step: Step
    text: str = attribute(repr=False)
    by: str
    account: int | None  # the officer's, where one wrote it
    at: datetime
    reader: str


def evidence(case: Case, found: Sequence[Finding]) -> Mapping[UUID, Mapping[str, str]]:
    """What each finding compared, by its id, numbers masked."""
    key = case.key()
    return {
        finding.id: {part: rrn.mask_all(text) for part, text in custody.open_evidence(key, finding).items()}
        for finding in found
    }


def comment(decision: Decision) -> str:
    """An officer's comment on a decision, with anything that looks like a number masked."""
    if not decision.sealed_comment:
        return ""
    key = decision.case.key()
    return rrn.mask_all(
        fields.open_text(key, bytes(decision.sealed_comment), identity=f"decision:{decision.id}")
    )


def words(*, case: Case, sealed: bytes, identity: str) -> str:
    """A note, a reference, a file's name: what an officer wrote, with anything that looks like a number masked."""
    return rrn.mask_all(fields.open_text(case.key(), bytes(sealed), identity=identity))


def view(look: SecondLook) -> tuple[Mapping[Field, str], str]:
    """The values and the comment of a second look, the number masked."""
    case = look.decision.case
    told = json.loads(fields.open_text(case.key(), bytes(look.sealed_view), identity=look.identity))
    shown = {
        Field(name): rrn.conceal(text) if name == Field.RRN else text for name, text in told["fields"].items()
    }
    return shown, rrn.mask_all(told["comment"])


def values_of(
    case: Case, rows: Sequence[FieldValue], *, masked: bool = True
) -> dict[Field, list[ShownValue]]:
    """The values of each field in the order of `rows`, a resident number masked unless it is asked for."""
    key = case.key()
    shown: dict[Field, list[ShownValue]] = {name: [] for name in Field}
    for row in rows:
        text = custody.open_value(key, row)
        name = Field(row.field)
        shown[name].append(
            ShownValue(
                id=row.id,
                reading_id=row.reading_id,
                step=Step(row.step),
                text=rrn.conceal(text) if masked and name is Field.RRN else text,
                by=row.by.get_username() if row.by else "",
                account=row.by_id,
                at=row.at,
                reader=row.reading.reader if row.reading else "",
            )
        )
    return shown
