"""The rules of the house, run again on the values that stand now: what an officer typed is checked like a reading."""

from django.utils import timezone

from kyc.domain import facts, findings
from kyc.domain.facts import RawFields
from kyc.domain.findings import Finding
from kyc.domain.provenance import Step
from kyc.models import Case
from kyc.selectors import values
from kyc.services import basis, custody


def recheck(case: Case) -> list[Finding]:
    """Findings on the values that stand now, where an officer corrected any of them; else none. Nothing is saved."""
    standing = values.current(case)
    if not any(value.step == Step.CORRECTED for value in standing.values()):
        return []
    key = case.key()
    raw = RawFields.of({name: custody.open_value(key, value) for name, value in standing.items()})
    needed = set(basis.fields_of(case))  # nobody misses a number that no statute allows
    found = findings.find(raw, facts.parse_facts(raw), timezone.localdate())
    return [finding for finding in found if needed & set(finding.fields) or not finding.fields]
