"""Sealing and opening under a case's key, for the product's own work. People get values through `disclosure` alone."""

import json
from collections.abc import Mapping

from kyc.domain import rrn
from kyc.domain.facts import Field
from kyc.domain.provenance import Step
from kyc.models import Case, Document, FieldValue, Finding, Reading
from kyc.vault import fields, storage
from kyc.vault.keys import CaseKey, Refused, keyring


def open_picture(document: Document) -> bytes:
    """The re-encoded picture as JPEG. Raises `Refused` where it was changed or destroyed, OSError of the storage."""
    if document.destroyed:
        raise Refused(f"the picture of document {document.id} was destroyed")
    return storage.get(document.case.key(), document.id, document.storage_key)


def seal_value(
    *,
    case: Case,
    key: CaseKey,
    field: Field,
    step: Step,
    text: str,
    reading: Reading | None = None,
    by: int | None = None,
) -> FieldValue:
    """A new row, not yet saved, with `text` sealed and its lookup index where the field is searched by."""
    value = FieldValue(case=case, reading=reading, field=field, step=step, by_id=by)
    value.sealed = fields.seal_text(key, text, identity=value.identity)
    if step is not Step.READ:
        value.lookup = lookup(field, text)
    return value


def open_value(key: CaseKey, value: FieldValue) -> str:
    """Raises `Refused`."""
    return fields.open_text(key, bytes(value.sealed), identity=value.identity)


def lookup(field: Field, text: str) -> bytes | None:
    """The keyed index of a resident number, or of a name's hangul; None for what is not searched by."""
    if field is Field.RRN:
        try:
            return keyring().index("rrn", str(rrn.parse(text)))
        except rrn.RrnError:
            return None
    if field is Field.NAME and text:
        return keyring().index("name", text.partition("(")[0].strip())
    return None


def seal_evidence(key: CaseKey, finding: Finding, evidence: Mapping[str, str]) -> bytes:
    text = json.dumps(dict(evidence), ensure_ascii=False, sort_keys=True)
    return fields.seal_text(key, text, identity=f"finding:{finding.id}")


def open_evidence(key: CaseKey, finding: Finding) -> dict[str, str]:
    if not finding.sealed_evidence:
        return {}
    evidence: dict[str, str] = json.loads(
        fields.open_text(key, bytes(finding.sealed_evidence), identity=f"finding:{finding.id}")
    )
    return evidence
