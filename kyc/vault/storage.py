"""Sealed pictures on any django-storages backend."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

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


@contextmanager
def _one_kind_of_error() -> Iterator[None]:
    """Each backend raises errors of its own (S3: ClientError, EndpointConnectionError): here they are OSError."""
    try:
        yield
    except OSError:
        raise
    except Exception as e:
        raise StorageFailed(f"the storage failed: {type(e).__name__}") from e


def _identity(document_id: UUID) -> str:
    return f"document:{document_id}"
