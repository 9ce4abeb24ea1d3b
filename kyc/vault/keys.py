"""Keys: the deployment's keyring, and the key of each case sealed by it (Google Tink).

A sealed value is bound to its identity (`"<kind>:<uuid>"`) as associated data: moved to another row, tampered with,
truncated or replaced by plaintext, it is refused.
"""

import json
import os
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import tink
from django.conf import settings
from tink import aead, json_proto_keyset_format, prf, proto_keyset_format, secret_key_access

INDEX_BYTES = 32

aead.register()
prf.register()


class Refused(Exception):
    """A sealed value does not belong where it stands, or was changed. Carries no content."""


class KeyringMissing(Exception):
    """The deployment's keyring cannot be read; nothing can be sealed or opened."""


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

    def __init__(self, sealing: aead.Aead, indexing: prf.PrfSet) -> None:
        self._sealing, self._indexing = sealing, indexing

    def new_case_key(self, case_id: UUID) -> bytes:
        """A fresh AES-256-GCM key for one case, sealed."""
        handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
        return bytes(proto_keyset_format.serialize_encrypted(handle, self._sealing, _owner(case_id)))

    def case_key(self, case_id: UUID, sealed: bytes) -> CaseKey:
        """Raises Refused where the key was erased, changed or belongs to another case."""
        try:
            handle = proto_keyset_format.parse_encrypted(bytes(sealed), self._sealing, _owner(case_id))
        except tink.TinkError as e:
            raise Refused(f"the key of case {case_id} is not there or was changed") from e
        return CaseKey(handle.primitive(aead.Aead))

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


def _owner(case_id: UUID) -> bytes:
    return f"case:{case_id}".encode()


def create_keyring(path: Path) -> None:
    """Writes a new keyring, mode 0600. Raises FileExistsError rather than replace one: its loss is every case's."""
    keysets = {
        "sealing": tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM),
        "indexing": tink.new_keyset_handle(prf.prf_key_templates.HMAC_SHA256),
    }
    plain = {
        name: json.loads(json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN))
        for name, handle in keysets.items()
    }
    write_once(path, json.dumps(plain, indent=1))


def write_once(path: Path, text: str) -> None:
    """A private file that stands whole or not at all, even after kill -9. Raises FileExistsError."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
    finally:
        part.unlink(missing_ok=True)


def load_keyring(path: Path) -> Keyring:
    """Raises KeyringMissing with a sentence that says what to do."""
    try:
        keysets = json.loads(path.read_text())
        sealing, indexing = (
            json_proto_keyset_format.parse(json.dumps(keysets[name]), secret_key_access.TOKEN)
            for name in ("sealing", "indexing")
        )
    except OSError as e:
        raise KeyringMissing(f"No keyring at {path}: `manage.py init` makes one, or set KEYRING.") from e
    except (ValueError, KeyError, TypeError, tink.TinkError) as e:
        raise KeyringMissing(f"The keyring at {path} cannot be read: restore it from your backup.") from e
    return Keyring(sealing.primitive(aead.Aead), indexing.primitive(prf.PrfSet))


@lru_cache(maxsize=4)
def _loaded(path: Path) -> Keyring:
    return load_keyring(path)


def keyring() -> Keyring:
    """The deployment's keyring, read once a process."""
    return _loaded(settings.KEYRING)
