"""The reconciler: removes sealed pictures that no row names, and tells of rows whose picture is not there.

The first a crash between the two may leave. The second no crash does: somebody removed a file, or a restore was not
whole.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from kyc.domain.actors import Actor, Kind
from kyc.domain.lifecycle import FINAL
from kyc.models import Attachment, AuditEntry, Document
from kyc.models.document import DESTROYED
from kyc.vault import storage

logger = logging.getLogger(__name__)

RECONCILER = Actor(Kind.SYSTEM, "reconciler")
# Longer than any request that is still between its file and its row.
GRACE = timedelta(hours=1)
MISSING = "picture.missing"
# Each is a question to the store; the newest come first.
ASKED_A_RUN = 10_000


def reconcile() -> tuple[int, int]:
    """Orphaned pictures that were removed, and documents that were newly found to be without theirs."""
    return remove_orphans(), tell_missing()


def tell_missing() -> int:
    """Notes in the chain, once each, the documents of open cases whose picture is gone.

    Nothing brings it back but a backup; failing that an officer asks the customer for another one.
    """
    told = 0
    noted = AuditEntry.objects.filter(action=MISSING, case_id=OuterRef("case_id"))
    open_ones = Document.objects.exclude(case__state__in=FINAL)
    candidates = open_ones.exclude(storage_key__startswith=DESTROYED).exclude(Exists(noted))
    ripe = candidates.filter(received_at__lt=timezone.now() - GRACE).order_by("-received_at")
    for document in ripe[:ASKED_A_RUN]:
        try:
            if storage.exists(document.storage_key):
                continue
        except OSError as e:
            logger.warning("the picture store did not say what it has: %s", type(e).__name__)
            return told
        logger.critical("the picture of document %s is not in the store", document.id)
        data = {"document": str(document.id)}
        AuditEntry.append(MISSING, by=RECONCILER, case_id=document.case_id, data=data)
        told += 1
    return told


def remove_orphans() -> int:
    """Deletes what is older than GRACE and named by no document and no file of a case; how many."""
    removed = 0
    for names in _folders_of_pictures():
        known = {
            name
            for rows in (Document.objects.all(), Attachment.objects.all())
            for name in rows.filter(storage_key__in=names).values_list("storage_key", flat=True)
        }
        removed += sum(_remove(name) for name in names if name not in known)
    return removed


def _remove(name: str) -> bool:
    """Whether it was old enough, and is gone. A failing storage is asked again at the next run."""
    try:
        if storage.pictures().get_modified_time(name) >= timezone.now() - GRACE:
            return False
        storage.delete(name)
    except OSError as e:
        logger.warning("an orphaned picture could not be removed: %s", type(e).__name__)
        return False
    document_id = name.rsplit("/", 1)[-1].removesuffix(storage.SUFFIX)
    AuditEntry.append("picture.orphan_removed", by=RECONCILER, data={"document": document_id})
    return True


def _folders_of_pictures() -> Iterator[list[str]]:
    """The sealed pictures of each folder in the storage, two folders deep (`storage.name_of`)."""
    backend = storage.pictures()
    for first in _folders(""):
        for second in _folders(first):
            yield [
                f"{first}/{second}/{file}"
                for file in backend.listdir(f"{first}/{second}")[1]
                if file.endswith(storage.SUFFIX)
            ]


def _folders(path: str) -> list[str]:
    try:
        folders: list[str] = storage.pictures().listdir(path)[0]
    except FileNotFoundError:
        return []
    return folders
