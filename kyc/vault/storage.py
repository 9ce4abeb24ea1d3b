"""Sealed pictures on any django-storages backend."""

from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from kyc.vault.keys import CaseKey, Refused

SUFFIX = ".sealed"


def pictures() -> Storage:
    return storages["pictures"]


def name_of(document_id: UUID) -> str:
    """Two folders deep, so that no folder holds a million files."""
    text = document_id.hex
    return f"{text[:2]}/{text[2:4]}/{document_id}{SUFFIX}"


def put(key: CaseKey, document_id: UUID, picture: bytes) -> str:
    """Stores the sealed picture; gives its name in the storage. Raises OSError where the storage fails."""
    sealed = key.seal(picture, identity=_identity(document_id))
    return pictures().save(name_of(document_id), ContentFile(sealed))


def get(key: CaseKey, document_id: UUID, name: str) -> bytes:
    """Raises Refused for a changed or moved file, OSError for a missing one."""
    with pictures().open(name) as file:
        sealed = file.read()
    if not sealed:
        raise Refused(f"the picture of document {document_id} is empty")
    return key.open(sealed, identity=_identity(document_id))


def delete(name: str) -> None:
    pictures().delete(name)


def _identity(document_id: UUID) -> str:
    return f"document:{document_id}"
