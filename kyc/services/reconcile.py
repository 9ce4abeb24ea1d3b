"""The reconciler: removes sealed pictures that no row names, which a crash between the two may leave."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from kyc.domain.actors import Actor, Kind
from kyc.models import AuditEntry, Document
from kyc.vault import storage

RECONCILER = Actor(Kind.SYSTEM, "reconciler")
# Longer than any request that is still between its file and its row.
GRACE = timedelta(hours=1)


def remove_orphans() -> int:
    """Deletes pictures older than GRACE that no document names; how many."""
    removed = 0
    for name in _names():
        document_id = UUID(name.rsplit("/", 1)[-1].removesuffix(storage.SUFFIX))
        if Document.objects.filter(pk=document_id).exists():
            continue
        if storage.pictures().get_modified_time(name) < timezone.now() - GRACE:
            storage.delete(name)
            AuditEntry.append("picture.orphan_removed", by=RECONCILER, data={"document": str(document_id)})
            removed += 1
    return removed


def _names() -> Iterator[str]:
    """Every sealed picture in the storage, two folders deep (`storage.name_of`)."""
    backend = storage.pictures()
    for first in _folders(""):
        for second in _folders(first):
            for file in backend.listdir(f"{first}/{second}")[1]:
                if file.endswith(storage.SUFFIX):
                    yield f"{first}/{second}/{file}"


def _folders(path: str) -> list[str]:
    try:
        folders: list[str] = storage.pictures().listdir(path)[0]
    except FileNotFoundError:
        return []
    return folders
