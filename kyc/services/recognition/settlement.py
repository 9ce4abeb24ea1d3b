"""What becomes of an attempt: the reading with its values and findings, or a failure; and where the case goes next."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kyc.domain import cards, findings
from kyc.domain.facts import Field, FieldError, RawFields
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Step
from kyc.models import AuditEntry, Case, Document, Finding, Reading
from kyc.selectors import values
from kyc.services import basis, custody, urgency
from kyc.services.recognition import leases, masking
from kyc.services.recognition.comparison import finding, save_differences
from kyc.services.recognition.leases import RECOGNITION, Lease
from kyc.vault.keys import CaseKey
from ocr_integration.contract import Action, CardReading, FieldDetail

# After this many pictures that no reader could read, an officer types the card: nobody is trapped.
UNREADABLE_TO_REVIEW = 3
WIRE_NAMES = {
    Field.NAME: "Name",
    Field.RRN: "ID",
    Field.SEX: "Sex",
    Field.BIRTHDAY: "Birthday",
    Field.ADDRESS: "Address",
    Field.ISSUED: "DateOfIssue",
}


@transaction.atomic
def succeeded(lease: Lease, answer: CardReading) -> None:
    """Saves the reading with all that follows from it, only if the lease still holds."""
    if not leases.settle(lease):
        return
    leases.lock_case(lease.case)
    if lease.case.status not in leases.READABLE:  # withdrawn meanwhile: what was read is not kept
        return
    _keep_card(lease.case, answer)
    raw = _raw(answer)
    if basis.number_barred(lease.case) and masking.shows_number(raw, _unconstrained(answer)):
        masking.refuse(lease)
        return
    key = lease.case.key()
    reading = _save_reading(lease, answer, key)
    _save_values(lease.case, key, reading, raw)
    _save_findings(lease.case, key, reading, raw, _unconstrained(answer))
    data = {"document": str(lease.document.id), "reading": str(reading.id), "reader": lease.reader}
    data["card"] = lease.case.card
    AuditEntry.append("reading.saved", by=RECOGNITION, case_id=lease.case.id, data=data)
    conclude(lease.document)


@transaction.atomic
def failed(lease: Lease, *, code: str, action: Action, request_id: str = "", reason: str = "") -> None:
    """Settles the job without an answer; the code, and the reader's word for why, are kept as the reading."""
    if not leases.settle(lease, error=code):
        return
    leases.lock_case(lease.case)
    Reading.objects.create(
        job_id=lease.job_id,
        document=lease.document,
        reader=lease.reader,
        request_id=request_id,
        duration=0,
        attempts=lease.attempts,
        error_code=code,
        details={"action": action.value, "reason": reason},
    )
    data = {"document": str(lease.document.id), "reader": lease.reader, "code": code}
    AuditEntry.append("reading.failed", by=RECOGNITION, case_id=lease.case.id, data=data)
    conclude(lease.document)


@transaction.atomic
def requeue(lease: Lease, *, error: str, after: timedelta, counted: bool) -> None:
    """Gives the job back; the case waits in the queue, and its customer sees that."""
    if not leases.put_back(lease, error=error, after=after, counted=counted):
        return
    leases.lock_case(lease.case)
    if lease.case.status is State.READING:
        lease.case.move(State.QUEUED, by=RECOGNITION, reason=error)


@transaction.atomic
def conclude(document: Document, *, patient: bool = True) -> bool:
    """Moves the case once every reader has answered (one, where not `patient`); says whether it did.

    A re-read, or a case that moved on, moves nothing.
    """
    case = Case.objects.select_for_update().get(pk=document.case_id)
    if not document.jobs.filter(settled_at=None).exists():
        save_differences(document, case)
    elif patient or not document.readings.filter(error_code="").exists():
        return False
    if case.status not in (State.QUEUED, State.READING) or values.newest_document(case) != document:
        return False
    if case.status is State.QUEUED:  # the sweeper took it for stranded while its answer was on the way
        case.move(State.READING, by=RECOGNITION)
    _move_on(document, case)
    return True


def _move_on(document: Document, case: Case) -> None:
    if basis.number_barred(case):
        masking.move_on(document, case)
    elif document.readings.filter(error_code="").exists():
        case.move(State.IN_REVIEW, by=RECOGNITION, **urgency.arrival(case))
    else:
        _move_unread(document, case)


def _move_unread(document: Document, case: Case) -> None:
    unreadable = document.readings.filter(details__action=Action.RETAKE.value).first()
    tries = case.documents.filter(readings__details__action=Action.RETAKE.value).distinct().count()
    if unreadable is not None and tries < UNREADABLE_TO_REVIEW and not document.insisted:
        case.move(State.RETAKE, by=RECOGNITION, reason=unreadable.error_code)
    else:
        case.move(State.IN_REVIEW, by=RECOGNITION, reason="typed_by_hand", **urgency.arrival(case))


def _keep_card(case: Case, answer: CardReading) -> None:
    """Which document it is, as our own reader tells; once officers have the case, no other reading changes that."""
    told = answer.details.card if answer.details else ""
    if told in cards.TYPES and told != case.card and case.status in (State.QUEUED, State.READING):
        case.card = told
        case.save(update_fields=["card"])


def _save_reading(lease: Lease, answer: CardReading, key: CaseKey) -> Reading:
    details = answer.details
    reading = Reading(
        job_id=lease.job_id,
        document=lease.document,
        reader=lease.reader,
        engine=_column(details.engine if details else lease.reader),
        version=_column(details.version if details else ""),
        request_id=answer.request_id or "",
        duration=answer.duration,
        attempts=lease.attempts,
        details=_shape(answer),
    )
    reading.sealed_answer = key.seal(answer.raw, identity=f"reading:{reading.id}:answer")
    if answer.photo:
        reading.sealed_photo = key.seal(answer.photo, identity=f"reading:{reading.id}:photo")
    reading.save(force_insert=True)
    return reading


def _column(text: str) -> str:
    """Without what a database's text cannot hold: PostgreSQL refuses NUL."""
    return "".join(character for character in text if character.isprintable())


def _shape(answer: CardReading) -> dict[str, object]:
    """Confidence and places without any text of the card: these may stand in plain columns."""
    if answer.details is None:
        return {}
    fields = {
        field.value: {"confidence": round(detail.confidence, 4), "box": detail.box}
        for field, name in WIRE_NAMES.items()
        if (detail := answer.details.fields.get(name))
    }
    geometry = answer.details.geometry
    shape: dict[str, object] = {"fields": fields, "photo_box": answer.details.photo_box}
    if geometry is not None:
        shape["geometry"] = {name: getattr(geometry, name) for name in geometry.__slots__}
    return shape


def _raw(answer: CardReading) -> RawFields:
    return RawFields(
        name=answer.name,
        rrn=answer.rrn,
        sex=answer.sex,
        birthday=answer.birthday,
        address=answer.address,
        issued=answer.issued,
    )


def _unconstrained(answer: CardReading) -> RawFields | None:
    """What the local reader saw before it used any knowledge; knowledge must never repair a forgery."""
    if answer.details is None:
        return None
    empty = FieldDetail(text="", unconstrained="", confidence=0, box=())
    return RawFields(
        **{f.value: answer.details.fields.get(name, empty).unconstrained for f, name in WIRE_NAMES.items()}
    )


def _save_values(case: Case, key: CaseKey, reading: Reading, raw: RawFields) -> None:
    rows = []
    for field in Field:
        text = getattr(raw, field.value)
        rows.append(
            custody.seal_value(case=case, key=key, field=field, step=Step.READ, text=text, reading=reading)
        )
        try:
            normal = basis.normalise(case, field, text)
        except FieldError:
            continue
        rows.append(
            custody.seal_value(
                case=case, key=key, field=field, step=Step.NORMALISED, text=normal, reading=reading
            )
        )
    reading.values.bulk_create(rows)


def _save_findings(
    case: Case, key: CaseKey, reading: Reading, raw: RawFields, unconstrained: RawFields | None
) -> None:
    found = findings.find(
        raw,
        basis.parse(case, raw),
        timezone.localdate(),
        unconstrained=unconstrained,
        card=basis.card_of(case),
    )
    Finding.objects.bulk_create(finding(case, key, reading, one) for one in found)
    urgency.assess(case)
