"""Keysets with one key more, another primary, or one key less. Tink for Python has no manager: protobufs are merged."""

from collections.abc import Callable

import tink
from tink import aead, proto_keyset_format, secret_key_access
from tink.proto import tink_pb2

TINK_PREFIX = 1  # the first byte of what a key of output type TINK seals; four bytes of the key's id follow


class NotRotated(Exception):
    """The keyset cannot be changed in this way; says why."""


def add(handle: tink.KeysetHandle) -> tuple[tink.KeysetHandle, int]:
    """The keyset with a fresh AES-256-GCM key that opens but does not seal yet, and the key's id."""
    taken = ids(handle)
    fresh = _proto(tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM))
    while fresh.primary_key_id in taken:
        fresh = _proto(tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM))
    return _changed(handle, lambda keyset: keyset.key.extend(fresh.key)), fresh.primary_key_id


def promote(handle: tink.KeysetHandle) -> tuple[tink.KeysetHandle, int]:
    """The keyset whose newest key seals from now on. Raises NotRotated where it does so already."""
    newest = ids(handle)[-1]
    if newest == primary(handle):
        raise NotRotated("the newest key is the primary one already: add one first")

    def change(keyset: tink_pb2.Keyset) -> None:
        keyset.primary_key_id = newest

    return _changed(handle, change), newest


def without(handle: tink.KeysetHandle, gone: set[int]) -> tink.KeysetHandle:
    """The keyset without some keys. Raises NotRotated where the primary is among them."""
    if primary(handle) in gone:
        raise NotRotated("the primary key cannot be retired")
    kept = [key for key in _proto(handle).key if key.key_id not in gone]

    def change(keyset: tink_pb2.Keyset) -> None:
        del keyset.key[:]
        keyset.key.extend(kept)

    return _changed(handle, change)


def ids(handle: tink.KeysetHandle) -> list[int]:
    """The keys' ids, oldest first."""
    return [info.key_id for info in handle.keyset_info().key_info]


def primary(handle: tink.KeysetHandle) -> int:
    return int(handle.keyset_info().primary_key_id)


def sealed_by(sealed: bytes) -> int | None:
    """The id of the key that sealed a case's key; None where it is no sealed key (an erased one is noise)."""
    try:
        inner = tink_pb2.EncryptedKeyset.FromString(sealed).encrypted_keyset
    except Exception:  # protobuf's own errors differ between its implementations
        return None
    return key_of(inner)


def key_of(sealed: bytes) -> int | None:
    """The id of the key that sealed these bytes; None where they are nothing sealed."""
    return int.from_bytes(sealed[1:5], "big") if len(sealed) > 5 and sealed[0] == TINK_PREFIX else None


def _changed(handle: tink.KeysetHandle, change: Callable[[tink_pb2.Keyset], object]) -> tink.KeysetHandle:
    keyset = _proto(handle)
    change(keyset)
    return proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)


def _proto(handle: tink.KeysetHandle) -> tink_pb2.Keyset:
    return tink_pb2.Keyset.FromString(proto_keyset_format.serialize(handle, secret_key_access.TOKEN))
