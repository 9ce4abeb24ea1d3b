"""Anchoring: checkpoints of the audit chain are kept where this host has no say, and their hour is certified.

The worker does it after each signature. What could not be done now is done by the next run: nothing is skipped.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils import timezone

from kyc.models import Anchor, Checkpoint
from kyc.services import audit
from kyc.services.audit import Break
from kyc.vault import timestamps

logger = logging.getLogger(__name__)

AT_ONCE = 100
SUFFIX = ".json"
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(slots=True)
class Anchored:
    kept: int = 0
    stamped: int = 0


def run() -> Anchored:
    """Keeps every checkpoint that is not kept yet, and has the newest stamped where an hour is over. Never raises."""
    done = Anchored()
    if settings.ANCHOR_URL:
        done.kept = _keep_all()
    if settings.TSA_URL and _stamp_is_due():
        done.stamped = _stamp()
    return done


def behind_since() -> datetime | None:
    """Since when a checkpoint waits, for too long, to be kept off the host; None where no place is named."""
    if not settings.ANCHOR_URL:
        return None
    waiting = Checkpoint.objects.filter(sequence__gt=_reached(Anchor.Kind.STORE)).order_by("sequence").first()
    return waiting.at if waiting and timezone.now() - waiting.at > audit.MAX_GAP else None


def verify() -> tuple[int, list[Break]]:
    """How many anchors hold, and where they say another thing than the database. Raises OSError."""
    known = {point.sequence: point for point in Checkpoint.objects.iterator()}
    count, broken = 0, []
    for told, name in _kept():
        what = _differs(told, known)
        broken += [Break(int(told.get("sequence", 0)), f"{what} ({name})")] if what else []
        count += not what
    for anchor in Anchor.objects.filter(kind=Anchor.Kind.TIME).order_by("sequence"):
        what = _stamp_fault(anchor, known.get(anchor.sequence))
        broken += [Break(anchor.sequence, what)] if what else []
        count += not what
    return count, broken


def _reached(kind: str) -> int:
    last = Anchor.objects.filter(kind=kind).order_by("-sequence").first()
    return last.sequence if last else 0


def _keep_all() -> int:
    points = Checkpoint.objects.filter(sequence__gt=_reached(Anchor.Kind.STORE)).order_by("sequence")[
        :AT_ONCE
    ]
    kept = 0
    for point in points:
        name = f"{point.sequence:012d}-{bytes(point.hash).hex()[:16]}{SUFFIX}"
        try:
            place = _store().save(name, ContentFile(json.dumps(audit.told(point)).encode()))
        except Exception as e:  # each backend raises errors of its own
            logger.error("a checkpoint could not be kept off the host: %s", type(e).__name__)  # noqa: TRY400
            break
        Anchor.objects.create(sequence=point.sequence, kind=Anchor.Kind.STORE, place=place)
        kept += 1
    return kept


def _stamp_is_due() -> bool:
    limit = timezone.now() - timedelta(minutes=settings.TSA_EVERY_MINUTES)
    return not Anchor.objects.filter(kind=Anchor.Kind.TIME, at__gt=limit).exists()


def _stamp() -> int:
    point = Checkpoint.objects.order_by("-sequence").first()
    if point is None or point.sequence <= _reached(Anchor.Kind.TIME):
        return 0
    try:
        token = timestamps.stamp(point.statement(), url=settings.TSA_URL, roots=settings.TSA_ROOTS)
    except timestamps.NoStamp as e:
        logger.error("the hour of a checkpoint was not certified: %s", e)  # noqa: TRY400
        return 0
    Anchor.objects.create(sequence=point.sequence, kind=Anchor.Kind.TIME, place=settings.TSA_URL, token=token)
    return 1


def _kept() -> list[tuple[dict[str, Any], str]]:
    """Every checkpoint in the place off the host, whatever the database says of it."""
    if not settings.ANCHOR_URL:
        return []
    found = []
    for name in sorted(_store().listdir("")[1]):
        if name.endswith(SUFFIX):
            with _store().open(name) as file:
                found.append((_parsed(file.read()), name))
    return found


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        told = json.loads(data)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _differs(told: dict[str, Any], known: dict[int, Checkpoint]) -> str:
    point = known.get(told.get("sequence", 0))
    if not audit.is_signed(told):
        return "an anchor was not signed by this deployment's key"
    if point is None:
        return (
            "an anchor saw a checkpoint that the database does not hold: cut off, or restored from a backup"
        )
    return "" if audit.told(point) == told else "an anchor saw another checkpoint"


def _stamp_fault(anchor: Anchor, point: Checkpoint | None) -> str:
    if point is None:
        return "a time stamp is of a checkpoint that the database does not hold"
    try:
        at = timestamps.time_of(bytes(anchor.token or b""), point.statement(), roots=settings.TSA_ROOTS)
    except timestamps.NoStamp as e:
        return str(e)
    early, late = point.at - CLOCKS_DIFFER, anchor.at + CLOCKS_DIFFER
    return (
        ""
        if early <= at <= late
        else "the authority's clock and this host's differ by more than five minutes"
    )


def _store() -> Storage:
    return storages["anchors"]
