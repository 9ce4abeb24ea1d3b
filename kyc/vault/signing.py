"""The key that signs checkpoints of the audit chain (Ed25519), apart from the keyring: it opens nothing."""

import contextlib
import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kyc.vault.files import write_once

PUBLIC_SUFFIX = ".pub"


class SigningKeyMissing(Exception):
    """The key cannot be read; nothing can be signed or verified."""


def create_signing_key(path: Path) -> bool:
    """Makes the key, mode 0600, unless it is there; its public half is written beside it. Whether it was made."""
    private = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        write_once(path, private.decode())
        made = True
    except FileExistsError:
        made = False
    with contextlib.suppress(FileExistsError):
        write_once(path.with_suffix(PUBLIC_SUFFIX), _pem(load_signing_key(path).public_key()))
    return made


def load_signing_key(path: Path) -> Ed25519PrivateKey:
    """Raises SigningKeyMissing with a sentence that says what to do."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except OSError as e:
        raise SigningKeyMissing(f"No key at {path}: `manage.py init` makes one, or set AUDIT_KEY.") from e
    except ValueError as e:
        raise SigningKeyMissing(f"The key at {path} cannot be read: restore it from your backup.") from e
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyMissing(f"The key at {path} is not an Ed25519 key.")
    return key


def load_public_key(path: Path) -> Ed25519PublicKey:
    """The public half of the key at `path`: the private one need not be on this machine. Raises SigningKeyMissing."""
    public = path.with_suffix(PUBLIC_SUFFIX)
    try:
        key = serialization.load_pem_public_key(public.read_bytes())
    except (OSError, ValueError) as e:
        raise SigningKeyMissing(f"No public key at {public}: copy it from the machine that signs.") from e
    if not isinstance(key, Ed25519PublicKey):
        raise SigningKeyMissing(f"The key at {public} is not an Ed25519 key.")
    return key


def key_id(key: Ed25519PublicKey) -> str:
    """Sixteen hexadecimal digits that name a key."""
    return hashlib.sha256(raw(key)).hexdigest()[:16]


def raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def holds(key: Ed25519PublicKey, signature: bytes, text: bytes) -> bool:
    try:
        key.verify(signature, text)
    except InvalidSignature:
        return False
    return True


def _pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()
