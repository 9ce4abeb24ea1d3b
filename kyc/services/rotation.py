"""Rotation of the key that seals the keys of cases and officers' second factors, while the product runs: add, promote,
rewrap, retire.

Every process looks at the keyring's file before it uses it, so a new one takes effect at once. Where the file
is copied to several machines, copy it after `add` and only then promote: a key must be everywhere before it seals.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

import tink
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from kyc.domain.actors import Actor
from kyc.domain.lifecycle import State
from kyc.models import AuditEntry, Case
from kyc.services import authenticators
from kyc.vault import keyfile, rotation
from kyc.vault.keyfile import Keysets
from kyc.vault.keys import Refused, key_service, keyring

BATCH = 200


class StillUsed(Exception):
    """Cases or second factors are sealed by a key that was to be retired: `uses` counts them by the key's id."""

    def __init__(self, uses: Counter[int]) -> None:
        super().__init__(
            f"{uses.total()} cases or second factors are still sealed by keys {', '.join(map(str, sorted(uses)))}"
        )
        self.uses = uses


@dataclass(slots=True)
class Rewrapped:
    """`refused` are cases and factors that could not be opened: they keep the old key from being retired."""

    done: int = 0
    refused: int = 0
    factors: int = 0


def add(*, by: Actor) -> int:
    """A new key that opens but seals nothing yet; its id. Raises KeyringMissing."""
    return _change("keyring.added", rotation.add, by)


def promote(*, by: Actor) -> int:
    """The newest key seals from now on; its id. Raises KeyringMissing, NotRotated."""
    return _change("keyring.promoted", rotation.promote, by)


def rewrap(*, by: Actor, told: Callable[[int], None] = lambda _: None) -> Rewrapped:
    """Seals the key of every case, and every second factor, by the primary key; may be stopped and begun again.

    `told` hears after each batch how many are done. What a case sealed is not touched: its own key stays the same.
    """
    count, primary = Rewrapped(), rotation.primary(_keysets().sealing)
    last = UUID(int=0)
    while batch := list(_sealed().filter(pk__gt=last).order_by("pk").values_list("pk", "sealed_key")[:BATCH]):
        last = batch[-1][0]
        with transaction.atomic():
            for case_id, sealed in batch:
                if rotation.sealed_by(bytes(sealed)) != primary:
                    _rewrap(case_id, bytes(sealed), count)
        told(count.done)
    count.factors, unopened = authenticators.reseal()
    count.refused += unopened
    AuditEntry.append(
        "keyring.rewrapped",
        by=by,
        data={
            "key": primary,
            "cases": count.done,
            "second_factors": count.factors,
            "refused": count.refused,
        },
    )
    return count


def uses() -> Counter[int]:
    """How many cases and second factors are sealed by each key."""
    cases = _sealed().values_list("sealed_key", flat=True).iterator()
    found = chain(
        (rotation.sealed_by(bytes(sealed)) for sealed in cases),
        (rotation.key_of(sealed) for sealed in authenticators.seals()),
    )
    return Counter(key for key in found if key is not None)


def retire(*, by: Actor) -> list[int]:
    """Removes every key but the primary one from the keyring; their ids. Raises StillUsed, KeyringMissing.

    The rows are counted once more when no process can use an old key any longer: a case opened in between brings the
    keyring back as it was. Old backups of the database need the old keyring: keep it with them, and no longer.
    """
    before = _keysets()
    gone = set(rotation.ids(before.sealing)) - {rotation.primary(before.sealing)}
    _refuse_used(gone)
    _write(Keysets(rotation.without(before.sealing, gone), before.indexing))
    try:
        _refuse_used(gone)
    except StillUsed:
        _write(before)
        raise
    if gone:
        AuditEntry.append("keyring.retired", by=by, data={"keys": sorted(gone)})
    return sorted(gone)


def seal(*, by: Actor) -> None:
    """Writes the keyring as the settings ask: sealed by the key service, or plain where none is named any more."""
    path, service = settings.KEYRING, key_service()
    keysets = keyfile.read(path)  # raises KeyringMissing where it is sealed already
    keyfile.replace(path, keysets, service)
    AuditEntry.append("keyring.sealed", by=by, data={"service": "kms" if service else "none"})


def _change(
    action: str, change: Callable[[tink.KeysetHandle], tuple[tink.KeysetHandle, int]], by: Actor
) -> int:
    before = _keysets()
    sealing, key = change(before.sealing)
    _write(Keysets(sealing, before.indexing))
    AuditEntry.append(action, by=by, data={"key": key})
    return key


def _rewrap(case_id: UUID, sealed: bytes, count: Rewrapped) -> None:
    try:
        fresh = keyring().rewrap(case_id, sealed)
    except Refused:
        count.refused += 1
        return
    # An erasure in between wins: its noise is not what was read.
    count.done += Case.objects.filter(pk=case_id, sealed_key=sealed).update(sealed_key=fresh)


def _refuse_used(gone: set[int]) -> None:
    if used := Counter({key: count for key, count in uses().items() if key in gone}):
        raise StillUsed(used)


def _sealed() -> QuerySet[Case]:
    return Case.objects.exclude(state=State.ERASED)


def _keysets() -> Keysets:
    return keyfile.read(settings.KEYRING, key_service())


def _write(keysets: Keysets) -> None:
    keyfile.replace(settings.KEYRING, keysets, key_service())
