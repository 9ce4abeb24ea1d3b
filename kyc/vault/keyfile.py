"""The file of the deployment's keysets: plain on this machine, or sealed by a key service."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

import tink
from tink import aead, json_proto_keyset_format, prf, secret_key_access

from kyc.vault import files

SEALED_FOR = b"sinwon keyring 1"

aead.register()
prf.register()


class KeyringMissing(Exception):
    """The deployment's keyring cannot be read; nothing can be sealed or opened."""


@dataclass(frozen=True, slots=True)
class Keysets:
    """`sealing` seals the keys of cases, `indexing` makes the search index. Each may hold several keys, one primary."""

    sealing: tink.KeysetHandle
    indexing: tink.KeysetHandle


def new() -> Keysets:
    return Keysets(
        sealing=tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM),
        indexing=tink.new_keyset_handle(prf.prf_key_templates.HMAC_SHA256),
    )


def create(path: Path, service: aead.Aead | None = None) -> None:
    """Writes new keysets, mode 0600. Raises FileExistsError rather than replace some: their loss is every case's."""
    files.write_once(path, _text(new(), service))


def replace(path: Path, keysets: Keysets, service: aead.Aead | None = None) -> None:
    files.replace(path, _text(keysets, service))


def read(path: Path, service: aead.Aead | None = None) -> Keysets:
    """Raises KeyringMissing with a sentence that says what to do."""
    try:
        told = json.loads(path.read_text())
        if is_sealed(told):
            told = json.loads(_opened(path, told, service))
        elif service is not None:
            raise KeyringMissing(
                f"The keyring at {path} lies open: `manage.py rotate_keys seal` seals it by KMS."
            )
        return Keysets(*(_handle(told[name]) for name in ("sealing", "indexing")))
    except OSError as e:
        raise KeyringMissing(f"No keyring at {path}: `manage.py init` makes one, or set KEYRING.") from e
    except (ValueError, KeyError, TypeError, tink.TinkError) as e:
        raise KeyringMissing(f"The keyring at {path} cannot be read: restore it from your backup.") from e


def is_sealed(told: object) -> bool:
    return isinstance(told, dict) and "sealed" in told


def _opened(path: Path, told: dict[str, str], service: aead.Aead | None) -> bytes:
    if service is None:
        raise KeyringMissing(f"The keyring at {path} is sealed by a key service: set KEYRING_KMS_KEY.")
    try:
        return bytes(service.decrypt(base64.b64decode(told["sealed"]), SEALED_FOR))
    except tink.TinkError as e:
        raise KeyringMissing(
            f"The key service does not open the keyring at {path}: is KEYRING_KMS_KEY the key that sealed it, and "
            "may this machine use it?"
        ) from e


def _handle(keyset: object) -> tink.KeysetHandle:
    return json_proto_keyset_format.parse(json.dumps(keyset), secret_key_access.TOKEN)


def _text(keysets: Keysets, service: aead.Aead | None) -> str:
    plain = {
        name: json.loads(json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN))
        for name, handle in (("sealing", keysets.sealing), ("indexing", keysets.indexing))
    }
    text = json.dumps(plain, indent=1)
    if service is None:
        return text
    return json.dumps({"sealed": base64.b64encode(service.encrypt(text.encode(), SEALED_FOR)).decode()})
