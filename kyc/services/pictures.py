"""A picture is sealed and stored, then its rows are written and it waits to be read.

Two steps, for the first asks the storage and the second holds the audit chain: whoever stores within a transaction has
everybody wait for the storage.
"""

import contextlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from kyc import imaging
from kyc.domain.actors import Actor
from kyc.domain.lifecycle import State
from kyc.domain.sources import Source
from kyc.models import AuditEntry, Case, Document, PictureBand, ReadingJob
from kyc.services import basis, egress, likeness, urgency
from kyc.services import sandbox as arranged
from kyc.vault import storage
from kyc.vault.keys import KeyringMissing


class StorageDown(Exception):
    """The picture could not be decoded or stored now; nothing was changed and the customer may try again."""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A sealed picture in the storage, and the rows that are still to name it."""

    document: Document
    bands: list[PictureBand]


def store(
    *,
    case: Case,
    picture: imaging.CleanPicture,
    source: Source,
    insisted: bool = False,
    quality: Mapping[str, object] | None = None,
) -> StoredPicture:
    """Seals and stores a picture; not within a transaction.

    No row without its file: the file is stored first, and a crash in between leaves a sealed orphan for the reconciler.
    Raises StorageDown.
    """
    document = Document(
        id=uuid.uuid4(),
        case=case,
        sha256=picture.sha256,
        size=len(picture.jpeg),
        width=picture.width,
        height=picture.height,
        source=source,
        insisted=insisted,
        quality=dict(quality or {}),
    )
    try:
        bands = likeness.bands_of(document, picture.jpeg)
        document.storage_key = storage.put(case.key(), document.id, picture.jpeg)
    except (OSError, KeyringMissing) as e:
        raise StorageDown("the picture could not be stored") from e
    return StoredPicture(document, bands)


@transaction.atomic
def queue(*, stored: StoredPicture, by: Actor, notices_shown: bool = False) -> Document:
    """The rows of a stored picture. Raises IllegalMove; IntegrityError where the case has the same picture already.

    What a host says of the notices stands in the picture's own entry: there is none without the other.
    """
    document, case = stored.document, stored.document.case
    Case.objects.select_for_update().get(pk=case.pk)  # before the audit chain, as everywhere
    again = case.resubmitted or case.documents.exists()
    document.save(force_insert=True)
    PictureBand.objects.bulk_create(stored.bands)
    sandbox = case.channel == Case.Channel.SANDBOX
    readers = [] if sandbox else egress.readers_for(case)
    ReadingJob.objects.bulk_create(ReadingJob(document=document, reader=name) for name in readers)
    AuditEntry.append(
        "document.received",
        by=by,
        case_id=case.id,
        data={
            "document": str(document.id),
            "bytes": document.size,
            "source": document.source,
            "insisted": document.insisted,
        }
        | ({"notices_shown": True} if notices_shown else {}),
    )
    case.move(State.QUEUED, by=by, resubmitted=again)
    if not readers and not basis.number_barred(case):
        case.move(State.IN_REVIEW, by=by, reason="typed_by_hand", **urgency.arrival(case))
    if sandbox:
        arranged.conclude(case)
    return document


def drop(document: Document) -> None:
    """Removes the picture of a document that was not queued; the reconciler does it where the storage fails now."""
    with contextlib.suppress(OSError):
        storage.delete(document.storage_key)
