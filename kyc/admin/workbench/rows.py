"""The rows of the workbench: each field with what every reader read, the claim, the value that stands, and findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute

from kyc import wording, wording_findings, wording_review
from kyc.domain.facts import Field
from kyc.domain.findings import Finding as FreshFinding
from kyc.domain.findings import Severity
from kyc.domain.provenance import HUMAN, Step
from kyc.domain.rrn import Sex
from kyc.models import FieldValue, Finding, Reading
from kyc.services.opening import ShownValue

UNSURE_BELOW = 0.9  # a reader's confidence under this asks for eyes
GRAVE = (Severity.LOW, Severity.HIGH)


@dataclass(frozen=True, slots=True)
class FindingShown:
    severity: Severity
    title: str
    check: str
    fields: tuple[Field, ...]
    evidence: tuple[tuple[str, str], ...] = attribute(default=(), repr=False)
    typed: bool = False  # on a value that an officer typed, not on the reading

    @property
    def severity_words(self) -> str:
        return str(wording.SEVERITIES[self.severity])

    @property
    def grave(self) -> bool:
        return self.severity in GRAVE


@dataclass(frozen=True, slots=True)
class Read:
    """What one reader made of the field on the newest picture."""

    reading: str  # its id
    reader: str
    raw: str = attribute(repr=False)
    normal: str = attribute(repr=False)
    confidence: float | None

    @property
    def percent(self) -> int | None:
        return None if self.confidence is None else round(self.confidence * 100)

    @property
    def unsure(self) -> bool:
        return self.confidence is not None and self.confidence < UNSURE_BELOW


@dataclass(slots=True)
class Row:
    """One field. Texts are as a person may see them: a resident number is masked."""

    field: Field
    reads: list[Read] = attribute(repr=False)
    claimed: str = attribute(repr=False)
    current: ShownValue | None = attribute(repr=False)
    findings: list[FindingShown]
    history: list[tuple[str, str, ShownValue]] = attribute(repr=False)
    crop: str = attribute(default="", repr=False)
    fleeting: bool = False  # the crop shows what the veil hides, and vanishes by itself
    area: str = ""
    flat_area: str = ""  # the same on the flattened card
    typed: str | None = attribute(default=None, repr=False)
    agrees: bool = False
    error: str = ""

    @property
    def label(self) -> str:
        return str(wording.FIELDS[self.field])

    @property
    def settled(self) -> bool:
        return self.current is not None and self.current.step in (*HUMAN, Step.APPROVED)

    @property
    def confirmable(self) -> bool:
        """Whether there is a value to agree with: a string that could not be parsed is nobody's truth yet."""
        return self.current is not None and self.current.step is not Step.READ and bool(self.current.text)

    @property
    def shown(self) -> str:
        return words(self.field, self.current.text) if self.current else ""

    @property
    def prefilled(self) -> str:
        """What the input holds at first; never a number."""
        return self.current.text if self.current and self.field is not Field.RRN else ""

    @property
    def entered(self) -> str:
        return self.prefilled if self.typed is None else self.typed

    @property
    def disagreement(self) -> bool:
        """Readers, or the customer, say different things."""
        said = {read.normal or read.raw for read in self.reads}
        return len(said) > 1 or bool(self.claimed and self.reads and self.claimed not in said)

    @property
    def status(self) -> str:
        if self.settled and self.current:
            return self.current.step.value
        unsure = any(read.unsure for read in self.reads)
        grave = any(found.grave for found in self.findings)
        return "look" if grave or unsure or self.disagreement or not self.confirmable else "open"

    @property
    def open_input(self) -> bool:
        """Whether the input stands open: eyes are needed, or something was typed."""
        return bool(self.error or self.typed is not None or (not self.settled))


def build(
    *,
    shown: Mapping[Field, Sequence[ShownValue]],
    current: Mapping[Field, FieldValue],
    readings: Sequence[Reading],
    findings: Sequence[FindingShown],
) -> list[Row]:
    """A row for each field in the order of the card."""
    return [_row(name, shown.get(name, ()), current.get(name), readings, findings) for name in Field]


def _row(
    name: Field,
    said: Sequence[ShownValue],
    current: FieldValue | None,
    readings: Sequence[Reading],
    findings: Sequence[FindingShown],
) -> Row:
    claims = [value for value in said if value.step is Step.CLAIMED]
    approved = [value for value in said if value.step is Step.APPROVED]
    standing = [value for value in said if current is not None and value.id == current.pk]
    return Row(
        field=name,
        reads=[_read(name, reading, said) for reading in readings],
        claimed=words(name, claims[-1].text) if claims else "",
        current=next(reversed(approved or standing), None),
        findings=[found for found in findings if name in found.fields],
        history=[(str(wording_review.STEPS[value.step]), words(name, value.text), value) for value in said],
    )


def _read(name: Field, reading: Reading, said: Sequence[ShownValue]) -> Read:
    texts = {value.step: value.text for value in said if value.reading_id == reading.pk}
    told = reading.details.get("fields", {}).get(name.value, {})
    confidence = told.get("confidence")
    return Read(
        reading=str(reading.pk),
        reader=wording_review.reader(reading.reader),
        raw=texts.get(Step.READ, ""),
        normal=words(name, texts.get(Step.NORMALISED, "")),
        confidence=float(confidence) if isinstance(confidence, int | float) else None,
    )


def of_reading(found: Finding, evidence: Mapping[str, str]) -> FindingShown:
    known = wording_findings.FINDINGS.get(found.code)
    names = set(Field)
    return FindingShown(
        severity=Severity(found.severity),
        title=str(known.title) if known else found.code,
        check=str(known.check) if known else "",
        fields=tuple(Field(name) for name in found.fields if name in names),
        evidence=tuple(wording_findings.evidence_words(evidence)),
    )


def of_typed(found: FreshFinding) -> FindingShown:
    known = wording_findings.FINDINGS[found.code]
    return FindingShown(
        severity=found.severity,
        title=str(known.title),
        check=str(known.check),
        fields=found.fields,
        evidence=tuple(wording_findings.evidence_words(found.evidence)),
        typed=True,
    )


def words(name: Field, text: str) -> str:
    """A value as it is shown: only the sex has a word of its own."""
    return str(wording.SEXES[Sex(text)]) if name is Field.SEX and text in set(Sex) else text
