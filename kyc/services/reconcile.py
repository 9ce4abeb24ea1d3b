"""The reconciler: removes sealed pictures that no row names, and tells of rows whose picture is not there.

The first a crash between the two may leave. The second no crash does: somebody removed a file, or a restore was not
whole.

Both are rounds over everything: each run has a few seconds, and goes on where the last one stopped.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import TypeVar

from django.utils import timezone

from kyc.domain.actors import Actor, Kind
from kyc.domain.lifecycle import FINAL
from kyc.models import Attachment, AuditEntry, Document, Round
from kyc.models.document import DESTROYED
from kyc.vault import storage

logger = logging.getLogger(__name__)

RECONCILER = Actor(Kind.SYSTEM, "reconciler")
# Longer than any request that is still between its file and its row.
GRACE = timedelta(hours=1)
MISSING = "picture.missing"
# Of each of the two: together, and with one last call to a silent store, they stay below the tasks' soft limit.
SECONDS = 15.0
AT_ONCE = 50  # documents

T = TypeVar("T")


def reconcile() -> tuple[int, int]:
    """Orphaned pictures that were removed, and documents that were newly found to be without theirs."""
    return remove_orphans(), tell_missing()


def remove_orphans(*, seconds: float = SECONDS) -> int:
    """Deletes what is older than GRACE and named by no document and no file of a case; how many."""
    return sum(_tidy(folder) for folder in _going_on("orphans", _folders, seconds))


def tell_missing(*, seconds: float = SECONDS) -> int:
    """Notes in the chain, once each, the documents of open cases whose picture is gone.

    Nothing brings it back but a backup; failing that an officer asks the customer for another one.
    """
    return sum(_tell(documents) for documents in _going_on("missing", _documents, seconds))


def _going_on(name: str, behind: Callable[[str], Iterable[tuple[str, T]]], seconds: float) -> Iterator[T]:
    """What stands behind the place that was reached, until the time is over; after the last one it begins anew.

    A place counts as reached before it is looked at: one that ends the worker is passed by until the next round.
    """
    until = time.monotonic() + seconds
    reached = Round.objects.filter(pk=name).values_list("reached", flat=True).first() or ""
    for place, what in behind(reached):
        Round.objects.update_or_create(name=name, defaults={"reached": place})
        yield what
        if time.monotonic() >= until:
            return
    Round.objects.update_or_create(name=name, defaults={"reached": ""})


def _folders(reached: str) -> Iterator[tuple[str, str]]:
    """The folders with pictures behind this one, two folders deep (`storage.name_of`)."""
    done = tuple(reached.split("/"))
    for first in _listed("")[0]:
        if (first,) < done[:1]:
            continue
        for second in _listed(first)[0]:
            if (first, second) > done:
                yield f"{first}/{second}", f"{first}/{second}"


def _tidy(folder: str) -> int:
    names = [f"{folder}/{file}" for file in _listed(folder)[1] if file.endswith(storage.SUFFIX)]
    known = {
        name
        for rows in (Document.objects.all(), Attachment.objects.all())
        for name in rows.filter(storage_key__in=names).values_list("storage_key", flat=True)
    }
    return sum(_remove(name) for name in names if name not in known)


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """What is in the folder. One that cannot be listed now is passed by until the next round."""
    try:
        return storage.listing(folder)
    except OSError as e:
        logger.warning("a folder of pictures could not be listed: %s", type(e).__name__)
        return [], []


def _remove(name: str) -> bool:
    """Whether it was old enough, and is gone. A failing storage is asked again in the next round."""
    try:
        if storage.stored_at(name) >= timezone.now() - GRACE:
            return False
        storage.delete(name)
    except OSError as e:
        logger.warning("an orphaned picture could not be removed: %s", type(e).__name__)
        return False
    document_id = name.rsplit("/", 1)[-1].removesuffix(storage.SUFFIX)
    AuditEntry.append("picture.orphan_removed", by=RECONCILER, data={"document": document_id})
    return True


def _documents(reached: str) -> Iterator[tuple[str, Sequence[Document]]]:
    """The documents of open cases behind this one, AT_ONCE at a time."""
    ripe = Document.objects.filter(received_at__lt=timezone.now() - GRACE).exclude(case__state__in=FINAL)
    in_order = ripe.exclude(storage_key__startswith=DESTROYED).order_by("pk")
    while some := list((in_order.filter(pk__gt=reached) if reached else in_order)[:AT_ONCE]):
        reached = str(some[-1].pk)
        yield reached, some


def _tell(documents: Sequence[Document]) -> int:
    """How many were noted. Where the storage does not answer the others wait for the next round."""
    told = 0
    for document in documents:
        try:
            there = storage.exists(document.storage_key)
        except OSError as e:
            logger.warning("the picture store did not say what it has: %s", type(e).__name__)
            break
        told += not there and _note(document)
    return told


def _note(document: Document) -> bool:
    """Whether it is new."""
    data = {"document": str(document.id)}
    noted = AuditEntry.objects.filter(action=MISSING, case_id=document.case_id)
    if data in noted.values_list("data", flat=True):
        return False
    logger.critical("the picture of document %s is not in the store", document.id)
    AuditEntry.append(MISSING, by=RECONCILER, case_id=document.case_id, data=data)
    return True
