"""Two readers of one document: once both have answered, where they differ and where they agree becomes findings."""

from kyc.domain import reader_rules
from kyc.domain.facts import Field, RawFields
from kyc.domain.findings import Finding as Found
from kyc.domain.provenance import Step
from kyc.models import Case, Document, Finding, Reading
from kyc.services import custody, urgency
from kyc.vault.keys import CaseKey


def save_differences(document: Document, case: Case) -> None:
    """In the caller's transaction, when the last reading of the document settles; a second time adds nothing."""
    readings = list(document.readings.filter(error_code="").order_by("at"))
    if (
        len(readings) < 2
        or case.findings.filter(reading__document=document, code__in=reader_rules.CODES).exists()
    ):
        return
    key = case.key()
    read = {reading.reader: _as_read(key, reading) for reading in readings}
    Finding.objects.bulk_create(
        finding(case, key, readings[-1], found) for found in reader_rules.compare(read)
    )
    urgency.assess(case)


def finding(case: Case, key: CaseKey, reading: Reading, found: Found) -> Finding:
    """The row of one finding, not yet saved, its evidence sealed."""
    row = Finding(
        case=case,
        reading=reading,
        code=found.code,
        severity=found.severity,
        fields=[field.value for field in found.fields],
    )
    row.sealed_evidence = custody.seal_evidence(key, row, found.evidence)
    return row


def _as_read(key: CaseKey, reading: Reading) -> RawFields:
    rows = reading.values.filter(step=Step.READ)
    return RawFields.of({Field(row.field): custody.open_value(key, row) for row in rows})
