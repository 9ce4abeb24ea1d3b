"""The audit chain: verifying every number, hash and link, and signing how far it has come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kyc.models import AuditEntry, Checkpoint
from kyc.models.audit import GENESIS, lock_chain
from kyc.models.checkpoint import moment
from kyc.vault import signing

CHUNK = 2000
FORMAT = "sinwon-audit-1"
MAX_GAP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and in which way."""

    sequence: int
    what: str


class ChainBroken(Exception):
    """The chain does not hold since its last checkpoint: it is not signed."""

    def __init__(self, broken: Break) -> None:
        super().__init__(f"entry {broken.sequence}: {broken.what}")
        self.broken = broken


def verify() -> tuple[int, Break | None]:
    """How many entries hold, and the first that does not. Raises SigningKeyMissing where checkpoints need the key.

    What came after the last checkpoint may have been cut off unseen: docs/security.md.
    """
    points = Checkpoint.objects.order_by("sequence").iterator(CHUNK)
    point = next(points, None)
    key = signing.load_public_key(settings.AUDIT_KEY) if point else None
    checked = 0
    for entry, broken in _walk(0, GENESIS):
        if broken:
            return checked, broken
        if point and key and point.sequence == entry.sequence:
            if what := _fault(point, entry, key):
                return checked, Break(entry.sequence, what)
            point = next(points, None)
        checked = entry.sequence
    if point:
        return checked, Break(checked + 1, f"the chain was cut off: a checkpoint saw entry {point.sequence}")
    return checked, None


def late(max_gap: timedelta = MAX_GAP) -> list[Break]:
    """Entries that waited longer for a checkpoint than they may: meanwhile nobody vouched for the chain's end."""
    found, reached = [], 0
    for points in _batches(Checkpoint.objects.order_by("sequence").iterator(CHUNK)):
        oldest = [reached + 1, *(point.sequence + 1 for point in points)]
        at = dict(AuditEntry.objects.filter(pk__in=oldest).values_list("pk", "at"))
        for point in points:
            waited = point.at - at.get(reached + 1, point.at)
            if waited > max_gap:
                found.append(Break(reached + 1, f"it waited {waited.total_seconds():.0f} s for a checkpoint"))
            reached = point.sequence
    tail = AuditEntry.objects.filter(pk=reached + 1).first()
    if tail and timezone.now() - tail.at > max_gap:
        waited = timezone.now() - tail.at
        found.append(Break(reached + 1, f"it waits for a checkpoint since {waited.total_seconds():.0f} s"))
    return found


def sign() -> Checkpoint | None:
    """Signs how far the chain has come, if it grew and holds since the last time.

    Raises SigningKeyMissing, ChainBroken.
    """
    key = signing.load_signing_key(settings.AUDIT_KEY)
    before = Checkpoint.objects.order_by("-sequence").first()
    last = AuditEntry.objects.order_by("-sequence").first()
    reached, known = (before.sequence, bytes(before.hash)) if before else (0, GENESIS)
    if (last.sequence if last else 0) < reached:
        raise ChainBroken(Break(reached, "the chain was cut off"))
    if last is None or last.sequence == reached:
        return None
    for entry, broken in _walk(reached, known, until=last.sequence):
        if broken:
            raise ChainBroken(broken)
        last = entry
    point = Checkpoint(
        sequence=last.sequence, at=timezone.now(), hash=last.hash, key=signing.key_id(key.public_key())
    )
    point.signature = key.sign(point.statement())
    with transaction.atomic():
        lock_chain()
        if Checkpoint.objects.filter(pk=point.pk).exists():  # another process was faster
            return None
        point.save(force_insert=True)
    return point


def export() -> Iterator[dict[str, Any]]:
    """The chain as lines: who signs, then every entry, each checkpoint after the entry that it saw.

    `tools/verify_audit_export.py` reads them without Django. Raises SigningKeyMissing.
    """
    key = signing.load_public_key(settings.AUDIT_KEY)
    yield {"kind": "header", "format": FORMAT, "key": signing.raw(key).hex(), "at": moment(timezone.now())}
    points = Checkpoint.objects.order_by("sequence").iterator(CHUNK)
    point = next(points, None)
    for entry in AuditEntry.objects.order_by("sequence").iterator(CHUNK):
        yield {"kind": "entry", **entry.told(), "previous": _hex(entry.previous), "hash": _hex(entry.hash)}
        while point and point.sequence <= entry.sequence:
            yield told(point)
            point = next(points, None)
    while point:
        yield told(point)
        point = next(points, None)


def _batches(points: Iterator[Checkpoint]) -> Iterator[list[Checkpoint]]:
    while batch := list(islice(points, CHUNK)):
        yield batch


def _walk(reached: int, known: bytes, until: int | None = None) -> Iterator[tuple[AuditEntry, Break | None]]:
    """Each entry after `reached`, with what is wrong with it."""
    entries = AuditEntry.objects.filter(sequence__gt=reached).order_by("sequence")
    for entry in (entries.filter(sequence__lte=until) if until else entries).iterator(CHUNK):
        if entry.sequence != reached + 1:
            yield entry, Break(reached + 1, f"entry {reached + 1} is missing")
        elif bytes(entry.previous) != known:
            yield entry, Break(entry.sequence, "it does not follow the entry before it")
        elif bytes(entry.hash) != entry.digest():
            yield entry, Break(entry.sequence, "its content was changed")
        else:
            yield entry, None
        reached, known = entry.sequence, bytes(entry.hash)


def _fault(point: Checkpoint, entry: AuditEntry, key: Ed25519PublicKey) -> str:
    if point.key != signing.key_id(key):
        return f"its checkpoint was signed by another key ({point.key})"
    if not signing.holds(key, bytes(point.signature), point.statement()):
        return "the signature of its checkpoint does not hold"
    return "" if bytes(point.hash) == bytes(entry.hash) else "it is not the entry that was signed"


def told(point: Checkpoint) -> dict[str, Any]:
    return {
        "kind": "checkpoint",
        "sequence": point.sequence,
        "at": moment(point.at),
        "hash": _hex(point.hash),
        "key": point.key,
        "signature": _hex(point.signature),
    }


def is_signed(line: dict[str, Any]) -> bool:
    """Whether a told checkpoint is this deployment's own. Raises SigningKeyMissing."""
    key = signing.load_public_key(settings.AUDIT_KEY)
    try:
        point = Checkpoint(
            sequence=int(line["sequence"]),
            at=datetime.fromisoformat(line["at"]),
            hash=bytes.fromhex(line["hash"]),
            key=line["key"],
        )
        return point.key == signing.key_id(key) and signing.holds(
            key, bytes.fromhex(line["signature"]), point.statement()
        )
    except (KeyError, TypeError, ValueError):
        return False


def _hex(stored: Any) -> str:
    return bytes(stored).hex()
