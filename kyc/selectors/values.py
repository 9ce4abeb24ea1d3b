"""The values of a case's fields: what stands now, and all that stood before."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.conf import settings

from kyc.domain.facts import Field
from kyc.domain.provenance import HUMAN, Step
from kyc.models import Case, Document, FieldValue, Reading


def newest_document(case: Case) -> Document | None:
    return case.documents.order_by("-received_at").first()


def newest_reading(case: Case) -> Reading | None:
    """The answer shown first on the newest document; None while there is none, or where no reader could read it.

    Of several readers the one named first in OCR_READERS, whoever answered last.
    """
    document = newest_document(case)
    return newest_of(document) if document else None


def newest_of(document: Document) -> Reading | None:
    """The answer shown first on this document."""
    rank = {name: place for place, name in enumerate(settings.OCR_READERS)}
    answers = document.readings.filter(error_code="").order_by("-at")
    return min(answers, key=lambda reading: rank.get(reading.reader, len(rank)), default=None)


def human(case: Case) -> Mapping[Field, FieldValue]:
    """The last value of each field that an officer confirmed or corrected, for the newest document only."""
    document = newest_document(case)
    return _human(case, document) if document else {}


def _human(case: Case, document: Document) -> Mapping[Field, FieldValue]:
    rows = case.values.filter(step__in=HUMAN, at__gte=document.received_at).order_by("at")
    return {Field(row.field): row for row in rows}


def settlers(case: Case, document: Document | None = None) -> frozenset[int]:
    """The accounts whose confirmation or correction stands: `queue.own_values` asks the same of many cases.

    `document` as below."""
    standing = _human(case, document) if document else human(case)
    return frozenset(value.by_id for value in standing.values() if value.by_id is not None)


def current(case: Case, document: Document | None = None) -> Mapping[Field, FieldValue]:
    """The value of each field that stands now: an officer's, else the reading's.

    `document` is the newest one, where the caller has it already."""
    document = document or newest_document(case)
    return dict(_read(document)) | dict(_human(case, document)) if document else {}


def read(case: Case, document: Document | None = None) -> Mapping[Field, FieldValue]:
    """The value of each field as it was read, normalised where it could be; no human's. `document` as above."""
    document = document or newest_document(case)
    return _read(document) if document else {}


def _read(document: Document) -> Mapping[Field, FieldValue]:
    reading = newest_of(document)
    found: dict[Field, FieldValue] = {}
    if reading is not None:
        steps = {Step.READ.value: 0, Step.NORMALISED.value: 1}
        for row in sorted(reading.values.filter(step__in=steps), key=lambda row: steps[row.step]):
            found[Field(row.field)] = row
    return found


def approved(case: Case) -> Mapping[Field, FieldValue]:
    """The values that the approval rests on; {} where there is none."""
    return {Field(row.field): row for row in case.values.filter(step=Step.APPROVED).order_by("at")}


def history(case: Case) -> list[FieldValue]:
    """Every value of every field in the order in which they came."""
    return list(case.values.select_related("by", "reading").order_by("at", "step"))


def current_of_many(
    cases: Sequence[Case], *, as_read: Collection[UUID] = ()
) -> dict[UUID, dict[Field, FieldValue]]:
    """As `current`, for many cases in four queries; those of `as_read` as `read`."""
    newest = {row.case_id: row for row in Document.objects.filter(case__in=cases).order_by("received_at")}
    rank = {name: place for place, name in enumerate(settings.OCR_READERS)}
    answers = Reading.objects.filter(document__in=newest.values(), error_code="").order_by("at")
    ordered = sorted(answers, key=lambda reading: rank.get(reading.reader, len(rank)), reverse=True)
    first = {reading.document_id: reading.pk for reading in ordered}
    read = FieldValue.objects.filter(reading__in=first.values(), step__in=(Step.READ, Step.NORMALISED))
    human_rows = (
        FieldValue.objects.filter(case__in=cases, step__in=HUMAN).exclude(case__in=as_read).order_by("at")
    )
    found: dict[UUID, dict[Field, FieldValue]] = {}
    for value in sorted(read, key=lambda value: value.step == Step.NORMALISED):
        found.setdefault(value.case_id, {})[Field(value.field)] = value
    for value in human_rows:
        if value.case_id in newest and value.at >= newest[value.case_id].received_at:
            found.setdefault(value.case_id, {})[Field(value.field)] = value
    return found
