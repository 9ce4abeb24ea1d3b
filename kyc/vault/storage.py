"""Sealed pictures on any django-storages backend."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from kyc.vault.keys import CaseKey, Refused

SUFFIX = ".sealed"


class StorageFailed(OSError):
    """The storage does not answer as it should. Carries the name of the backend's own error, never its text."""


def pictures() -> Storage:
    return storages["pictures"]


def name_of(document_id: UUID) -> str:
    """Two folders deep, so that no folder holds a million files."""
    text = document_id.hex
    return f"{text[:2]}/{text[2:4]}/{document_id}{SUFFIX}"


def put(key: CaseKey, document_id: UUID, picture: bytes) -> str:
    """Stores the sealed picture; gives its name in the storage. Raises OSError where the storage fails."""
    sealed = key.seal(picture, identity=_identity(document_id))
    with _one_kind_of_error():
        return pictures().save(name_of(document_id), ContentFile(sealed))


def get(key: CaseKey, document_id: UUID, name: str) -> bytes:
    """Raises Refused for a changed or moved file, FileNotFoundError for a missing one, else OSError."""
    with _one_kind_of_error(), pictures().open(name) as file:
        sealed = file.read()
    if not sealed:
        raise Refused(f"the picture of document {document_id} is empty")
    return key.open(sealed, identity=_identity(document_id))


def delete(name: str) -> None:
    """Raises OSError where the storage fails."""
    with _one_kind_of_error():
        pictures().delete(name)


def exists(name: str) -> bool:
    """Raises OSError where the storage fails."""
    with _one_kind_of_error():
        return pictures().exists(name)


def listing(folder: str) -> tuple[list[str], list[str]]:
    """The folders and the files in this one, by name; none where there is no such folder. Raises OSError."""
    try:
        with _one_kind_of_error():
            folders, files = pictures().listdir(folder)
    except FileNotFoundError:
        return [], []
    return sorted(folders), sorted(files)


def stored_at(name: str) -> datetime:
    """Raises OSError where the storage fails, or has no such file any more."""
    with _one_kind_of_error():
        return pictures().get_modified_time(name)


@contextmanager
def _one_kind_of_error() -> Iterator[None]:
    """Each backend raises errors of its own (S3: ClientError, EndpointConnectionError): here they are OSError."""
    try:
        yield
    except (OSError, SoftTimeLimitExceeded):  # the second is the task's own end, no word of the storage
        raise
    except Exception as e:
        raise StorageFailed(f"the storage failed: {type(e).__name__}") from e


def _identity(document_id: UUID) -> str:
    return f"document:{document_id}"
