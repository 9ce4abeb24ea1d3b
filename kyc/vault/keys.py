"""Keys: the deployment's keyring, and the key of each case sealed by it (Google Tink).

A sealed value is bound to its identity (`"<kind>:<uuid>"`) as associated data: moved to another row, tampered with,
truncated or replaced by plaintext, it is refused.
"""

from functools import lru_cache
from pathlib import Path
from uuid import UUID

import tink
from django.conf import settings
from django.utils.module_loading import import_string
from tink import aead, prf, proto_keyset_format

from kyc.vault import keyfile
from kyc.vault.keyfile import KeyringMissing, Keysets

INDEX_BYTES = 32


class Refused(Exception):
    """A sealed value does not belong where it stands, or was changed. Carries no content."""


__all__ = ["CaseKey", "Keyring", "KeyringMissing", "Refused", "key_service", "keyring", "load_keyring"]


class CaseKey:
    """The key of one case. Whoever destroys the sealed form erases all that it sealed."""

    def __init__(self, primitive: aead.Aead) -> None:
        self._aead = primitive

    def seal(self, plain: bytes, *, identity: str) -> bytes:
        return bytes(self._aead.encrypt(plain, identity.encode()))

    def open(self, sealed: bytes, *, identity: str) -> bytes:
        """Raises Refused where `sealed` is not what was sealed under this identity."""
        try:
            return bytes(self._aead.decrypt(bytes(sealed), identity.encode()))
        except tink.TinkError as e:
            raise Refused(f"the sealed value of {identity} was changed or does not belong there") from e


class Keyring:
    """The deployment's keys: one that seals case keys, one that makes search indexes."""

    def __init__(self, keysets: Keysets) -> None:
        self._sealing = keysets.sealing.primitive(aead.Aead)
        self._indexing = keysets.indexing.primitive(prf.PrfSet)

    def new_case_key(self, case_id: UUID) -> bytes:
        """A fresh AES-256-GCM key for one case, sealed."""
        handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
        return bytes(proto_keyset_format.serialize_encrypted(handle, self._sealing, _owner(case_id)))

    def case_key(self, case_id: UUID, sealed: bytes) -> CaseKey:
        """Raises Refused where the key was erased, changed or belongs to another case."""
        return CaseKey(self._opened(case_id, sealed).primitive(aead.Aead))

    def rewrap(self, case_id: UUID, sealed: bytes) -> bytes:
        """The same case key, sealed by the primary key. Raises Refused."""
        handle = self._opened(case_id, sealed)
        return bytes(proto_keyset_format.serialize_encrypted(handle, self._sealing, _owner(case_id)))

    def seal(self, plain: bytes, *, identity: str) -> bytes:
        """For the few secrets that belong to no case, such as officers' second factors."""
        return bytes(self._sealing.encrypt(plain, identity.encode()))

    def open(self, sealed: bytes, *, identity: str) -> bytes:
        """Raises Refused where `sealed` is not what was sealed under this identity."""
        try:
            return bytes(self._sealing.decrypt(bytes(sealed), identity.encode()))
        except tink.TinkError as e:
            raise Refused(f"the sealed value of {identity} was changed or does not belong there") from e

    def index(self, purpose: str, value: str) -> bytes:
        """A keyed fingerprint (PRF, 32 bytes) to look a value up by, never a bare hash: numbers can be enumerated."""
        return bytes(self._indexing.primary().compute(f"{purpose}\0{value}".encode(), INDEX_BYTES))

    def _opened(self, case_id: UUID, sealed: bytes) -> tink.KeysetHandle:
        try:
            return proto_keyset_format.parse_encrypted(bytes(sealed), self._sealing, _owner(case_id))
        except tink.TinkError as e:
            raise Refused(f"the key of case {case_id} is not there or was changed") from e


def _owner(case_id: UUID) -> bytes:
    return f"case:{case_id}".encode()


def key_service() -> aead.Aead | None:
    """What seals the file of keysets, where the deployment names one."""
    return import_string(settings.KEYRING_SERVICE)() if settings.KEYRING_SERVICE else None


def load_keyring(path: Path, service: aead.Aead | None = None) -> Keyring:
    """Raises KeyringMissing with a sentence that says what to do."""
    return Keyring(keyfile.read(path, service))


def keyring() -> Keyring:
    """The deployment's keyring, read once a process and again when its file was replaced."""
    return _loaded(settings.KEYRING, _stamp(settings.KEYRING))


@lru_cache(maxsize=2)
def _loaded(path: Path, stamp: tuple[int, int]) -> Keyring:
    return load_keyring(path, key_service())


def _stamp(path: Path) -> tuple[int, int]:
    try:
        told = path.stat()
    except OSError:
        return 0, 0  # reading it says what to do
    return told.st_mtime_ns, told.st_ino
