"""Two readers of one picture: on which fields they differ, and on which they agree."""

from collections.abc import Mapping
from types import MappingProxyType

from kyc.domain import rrn
from kyc.domain.facts import Field, RawFields
from kyc.domain.reading_rules import SERIOUS, differing_places, essence
from kyc.domain.rulebook import Finding, Severity

AGREE, DIFFER = "readers.agree", "readers.differ"
CODES = (AGREE, DIFFER)


def compare(readings: Mapping[str, RawFields]) -> list[Finding]:
    """By reader's name, what each read: one finding for each field on which they differ, one for all that agree.

    A field that only one of them read is not compared: it is missing in the other's own findings. Never raises.
    """
    found, same = [], []
    for name in Field:
        texts = {reader: raw.text(name) for reader, raw in readings.items() if raw.text(name).strip()}
        if len(texts) < 2:
            continue
        if len({essence(name, text) for text in texts.values()}) == 1:
            same.append(name)
        else:
            found.append(_differ(name, texts))
    if same:
        found.append(Finding(AGREE, Severity.INFO, tuple(same)))
    return found


def _differ(name: Field, texts: Mapping[str, str]) -> Finding:
    """The evidence is each reader's text; of a number the places that differ, and what may be shown."""
    severity = Severity.HIGH if name in SERIOUS else Severity.LOW
    evidence = {reader: rrn.mask_all(text) for reader, text in texts.items()}
    if name is Field.RRN:
        one, other, *_ = texts.values()
        hidden = {reader: rrn.conceal(text) for reader, text in texts.items()}
        evidence = {"digits": differing_places(name, one, other), **hidden}
    return Finding(DIFFER, severity, (name,), MappingProxyType(evidence))
