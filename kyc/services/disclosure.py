"""Disclosure: the only way a picture or a value reaches a person. The register is written before a byte leaves."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import DatabaseError

from kyc.domain import rrn
from kyc.domain.actors import Actor
from kyc.domain.facts import Field
from kyc.domain.provenance import Step
from kyc.domain.roles import Verb
from kyc.models import Case, Decision, Disclosure, Document, FieldValue, Finding, Reading
from kyc.selectors import values
from kyc.services import custody
from kyc.services.officers import actor, allowed, require
from kyc.vault import fields
from kyc.vault.keys import Refused

logger = logging.getLogger(__name__)

AT_ONCE = 200
REVIEW = "review"  # the standing reason of an officer who works on a case


class RegisterDown(Exception):
    """The register could not be written, so nothing is shown: answer 503."""


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value on its way to a person; a resident number is masked."""

    id: UUID
    reading_id: UUID | None
    step: Step
    text: str = attribute(repr=False)
    by: str
    at: datetime
    reader: str


def picture(*, document: Document, by: User, reason: str, address: str | None) -> bytes:
    """The customer's picture as JPEG. Raises NotAllowed, RegisterDown, `Refused`, OSError."""
    require(by, Verb.SEE_PICTURE)
    _register(document.case, by, Disclosure.What.PICTURE, reason, address)
    return custody.open_picture(document)


def uncovered(*, document: Document, by: User, reason: str, address: str | None) -> bytes:
    """The picture as it came, the number to be read in it: registered as a look at the number as well.

    Raises as `picture`.
    """
    require(by, Verb.SEE_PICTURE)
    require(by, Verb.REVEAL_NUMBER)
    seen = [(document.case, what) for what in (Disclosure.What.PICTURE, Disclosure.What.NUMBER)]
    _write_all(seen, by, reason, address)
    return custody.open_picture(document)


def portrait(*, reading: Reading, by: User, reason: str, address: str | None) -> bytes:
    """The head as the reader cropped it, JPEG, b"" where it gave none."""
    require(by, Verb.SEE_PICTURE)
    case = reading.document.case
    _register(case, by, Disclosure.What.PORTRAIT, reason, address)
    if not reading.sealed_photo:
        return b""
    return case.key().open(bytes(reading.sealed_photo), identity=f"reading:{reading.id}:photo")


def number(*, case: Case, by: User, reason: str, address: str | None) -> str:
    """The full resident number that stands now, '' where there is none."""
    require(by, Verb.REVEAL_NUMBER)
    _register(case, by, Disclosure.What.NUMBER, reason, address)
    current = values.current(case).get(Field.RRN)
    return custody.open_value(case.key(), current) if current else ""


def values_of(*, case: Case, by: User, reason: str, address: str | None) -> Mapping[Field, list[ShownValue]]:
    """Every value of every field, oldest first, numbers masked."""
    require(by, Verb.SEE_PICTURE)
    _register(case, by, Disclosure.What.FIELDS, reason, address)
    return _opened(case, values.history(case))


def current_of(
    *, case: Case, by: Actor, reason: str, address: str | None, reveal: bool = False
) -> dict[Field, str]:
    """The value of each field that stands now, for a command or the customer; masked unless `reveal`."""
    what = Disclosure.What.NUMBER if reveal else Disclosure.What.FIELDS
    _write(case, None, by, what, reason, address)
    key = case.key()
    shown = {}
    for name, value in values.current(case).items():
        text = custody.open_value(key, value)
        shown[name] = text if reveal or name is not Field.RRN else rrn.conceal(text)
    return shown


def exported(
    *, cases: Sequence[Case], by: User, reason: str, address: str | None, numbers: bool
) -> dict[UUID, dict[Field, str]]:
    """The values that stand now in each case, for a file; registered for every case first. None for who sees none.

    Numbers are masked unless `numbers`. An erased case has no values. Raises NotAllowed, RegisterDown.
    """
    require(by, Verb.EXPORT)
    whats = [Disclosure.What.EXPORT, *([Disclosure.What.NUMBER] if numbers else [])]
    _write_all([(case, what) for case in cases for what in whats], by, reason, address)
    if not allowed(by, Verb.SEE_PICTURE):
        return {}
    found: dict[UUID, dict[Field, str]] = {}
    for at in range(0, len(cases), AT_ONCE):
        some = cases[at : at + AT_ONCE]
        standing = values.current_of_many(some)
        found |= {case.pk: _texts(case, standing.get(case.pk, {}), numbers) for case in some}
    return found


def _texts(case: Case, standing: Mapping[Field, FieldValue], numbers: bool) -> dict[Field, str]:
    try:
        key = case.key()
    except Refused:
        return {}
    opened = {name: custody.open_value(key, value) for name, value in standing.items()}
    return {
        name: text if numbers or name is not Field.RRN else rrn.conceal(text) for name, text in opened.items()
    }


def evidence(case: Case, found: Sequence[Finding]) -> Mapping[UUID, Mapping[str, str]]:
    """What each finding compared, by its id, numbers masked. The caller has registered the case's fields."""
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


def _opened(case: Case, rows: list[FieldValue]) -> dict[Field, list[ShownValue]]:
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
                text=rrn.conceal(text) if name is Field.RRN else text,
                by=row.by.get_username() if row.by else "",
                at=row.at,
                reader=row.reading.reader if row.reading else "",
            )
        )
    return shown


def _register(case: Case, by: User, what: Disclosure.What, reason: str, address: str | None) -> None:
    _write(case, by, actor(by), what, reason, address)


def _write(
    case: Case, account: User | None, by: Actor, what: Disclosure.What, reason: str, address: str | None
) -> None:
    _save([_entry(case, account, by, what, reason, address)])


def _write_all(
    shown: Sequence[tuple[Case, Disclosure.What]], by: User, reason: str, address: str | None
) -> None:
    _save([_entry(case, by, actor(by), what, reason, address) for case, what in shown])


def _entry(
    case: Case, account: User | None, by: Actor, what: Disclosure.What, reason: str, address: str | None
) -> Disclosure:
    reason = rrn.mask_all(reason.replace("\0", ""))[:200]
    return Disclosure(by=account, actor=str(by), case_id=case.pk, what=what, reason=reason, address=address)


def _save(entries: Sequence[Disclosure]) -> None:
    """All or none, before a byte leaves."""
    try:
        Disclosure.objects.bulk_create(entries, batch_size=500)
    except (DatabaseError, ValueError) as e:
        # The error's own text may quote the row: it stays out of the log.
        logger.critical("the disclosure register cannot be written: %s", type(e).__name__)
        raise RegisterDown("the disclosure register cannot be written") from e
