"""The reconciler: removes sealed pictures that no row names, which a crash between the two may leave."""

import logging
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from kyc.domain.actors import Actor, Kind
from kyc.models import Attachment, AuditEntry, Document
from kyc.vault import storage

logger = logging.getLogger(__name__)

RECONCILER = Actor(Kind.SYSTEM, "reconciler")
# Longer than any request that is still between its file and its row.
GRACE = timedelta(hours=1)


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
