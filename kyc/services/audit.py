"""Verifying the audit chain: every number, every hash, every link."""

from dataclasses import dataclass

from kyc.models import AuditEntry
from kyc.models.audit import GENESIS

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and in which way."""

    sequence: int
    what: str


def verify() -> tuple[int, Break | None]:
    """How many entries hold, and the first that does not. A chain cut at its end is not seen: keep its last hash."""
    checked, previous = 0, GENESIS
    for entry in AuditEntry.objects.order_by("sequence").iterator(CHUNK):
        if entry.sequence != checked + 1:
            return checked, Break(checked + 1, f"entry {checked + 1} is missing")
        if bytes(entry.previous) != previous:
            return checked, Break(entry.sequence, "it does not follow the entry before it")
        if bytes(entry.hash) != entry.digest():
            return checked, Break(entry.sequence, "its content was changed")
        checked, previous = entry.sequence, bytes(entry.hash)
    return checked, None
