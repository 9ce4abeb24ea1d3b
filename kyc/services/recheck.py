"""The rules of the house, run again on the values that stand now: what an officer typed is checked like a reading."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from kyc.domain import findings
from kyc.domain.errors import Fault
from kyc.domain.facts import Field, FieldError, RawFields
from kyc.domain.findings import Finding
from kyc.domain.provenance import Step
from kyc.models import Case, FieldValue
from kyc.selectors import values
from kyc.services import basis, custody


def recheck(case: Case, standing: Mapping[Field, FieldValue] | None = None) -> list[Finding]:
    """Findings on the values that stand now, where an officer corrected any of them; else none. Nothing is saved.

    `standing`: those values, where the caller has them already.
    """
    standing = values.current(case) if standing is None else standing
    if not any(value.step == Step.CORRECTED for value in standing.values()):
        return []
    key = case.key()
    raw = RawFields.of({name: custody.open_value(key, value) for name, value in standing.items()})
    needed = set(basis.fields_of(case))  # nobody misses a number that no statute allows
    found = findings.find(raw, basis.parse(case, raw), timezone.localdate(), card=basis.card_of(case))
    return [finding for finding in found if needed & set(finding.fields) or not finding.fields]


@dataclass(frozen=True, slots=True)
class Judged:
    """What typed values would be: their canonical texts, what is wrong with others, and the findings on the whole."""

    normal: Mapping[Field, str] = field(repr=False)
    faults: Mapping[Field, Fault]
    findings: list[Finding]


def judge(case: Case, typed: Mapping[Field, str], standing: Mapping[Field, FieldValue]) -> Judged:
    """The same parsers and rules as for a saved value, on values that are still being typed. Nothing is saved."""
    normal: dict[Field, str] = {}
    faults: dict[Field, Fault] = {}
    for name, text in typed.items():
        try:
            normal[name] = basis.normalise(case, name, text)
        except FieldError as e:
            faults[name] = e.fault
    key = case.key()
    texts = {name: custody.open_value(key, value) for name, value in standing.items() if name not in typed}
    raw = RawFields.of(texts | normal)
    card = basis.card_of(case)
    found = findings.find(raw, basis.parse(case, raw), timezone.localdate(), card=card) if normal else []
    return Judged(normal, faults, [one for one in found if set(one.fields) & set(normal)])
