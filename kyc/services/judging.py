"""Judging: what each reader read is compared with what people settled on; right or wrong is kept, never a text."""

from collections.abc import Mapping

from kyc.domain.facts import Field
from kyc.domain.measures import Source
from kyc.domain.provenance import Step
from kyc.domain.reading_rules import essence
from kyc.models import Case, Judgement, Reading
from kyc.selectors import values
from kyc.services import custody
from kyc.vault.keys import CaseKey


def judge(*, case: Case, key: CaseKey, settled: Mapping[Field, str], source: Source) -> None:
    """In the caller's transaction: every answer on the newest picture, field by field. A drill teaches nothing."""
    document = values.newest_document(case)
    if document is None or case.drill:
        return
    found = []
    for reading in document.readings.filter(error_code="").prefetch_related("values"):
        read = _texts(key, reading)
        confidence = _confidence(reading)
        for field, truth in settled.items():
            right = essence(field, read.get(field, "")) == essence(field, truth)
            found.append(
                Judgement(
                    reading=reading,
                    field=field,
                    source=source,
                    right=right,
                    confidence=confidence.get(field),
                )
            )
    Judgement.objects.bulk_create(found, ignore_conflicts=True)


def _texts(key: CaseKey, reading: Reading) -> dict[Field, str]:
    """What the reader said of each field, in the product's notation where it has one."""
    rows = sorted(reading.values.all(), key=lambda value: value.step == Step.NORMALISED)
    return {Field(row.field): custody.open_value(key, row) for row in rows}


def _confidence(reading: Reading) -> dict[Field, float]:
    told = reading.details.get("fields", {})
    found = {}
    for field in Field:
        confidence = told.get(field.value, {}).get("confidence")
        if isinstance(confidence, int | float):
            found[field] = float(confidence)
    return found
