#!/usr/bin/env python3
"""Checks an export of Sinwon's audit chain without Sinwon: `verify_audit_export.py EXPORT --key audit.pub`.

Needs Python 3.11 and the package `cryptography`, nothing else: read it, it is short. Take `audit.pub` from the
operator once, at the beginning, and keep it. Finds every edit, deletion, insertion, reordering and truncation up to the
last checkpoint and says where. With `--earlier EXPORT` also a chain that was cut off or written anew since an export
you kept. It cannot see what was cut off after the last checkpoint, events that were never recorded, or entries forged
by a holder of the signing key who rewrote every copy. Exits 0 when all holds, 1 with each fault on a line, 2 where it
cannot check.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MAX_GAP = 300.0
COVERED = ("sequence", "at", "action", "actor", "case", "data")


class CannotCheck(Exception):
    """A file is missing, or is no export."""


@dataclass
class Chain:
    """How far the file was read, and what was wrong."""

    key: Ed25519PublicKey
    max_gap: float
    sequence: int = 0
    hash: str = "00" * 32
    checkpoints: int = 0
    witnessed: int = 0
    oldest_unwitnessed: datetime | None = None
    faults: list[str] = field(default_factory=list)

    def fault(self, line: int, what: str) -> None:
        self.faults.append(f"line {line}: {what}")

    def entry(self, line: int, told: dict[str, Any]) -> None:
        sequence = int(told["sequence"])
        if sequence <= self.sequence:
            self.fault(line, f"entry {sequence} stands after entry {self.sequence}: reordered or inserted")
        elif sequence != self.sequence + 1:
            self.fault(line, f"entries {self.sequence + 1} to {sequence - 1} are missing")
        if told["previous"] != self.hash:
            self.fault(line, f"entry {sequence} does not follow the entry before it")
        if told["hash"] != digest(told):
            self.fault(line, f"the content of entry {sequence} was changed")
        self.sequence, self.hash = sequence, str(told["hash"])
        if self.oldest_unwitnessed is None:
            self.oldest_unwitnessed = datetime.fromisoformat(told["at"])

    def checkpoint(self, line: int, told: dict[str, Any]) -> None:
        sequence = int(told["sequence"])
        if told["key"] != key_id(self.key):
            self.fault(line, f"the checkpoint of entry {sequence} names another key: {told['key']}")
            return
        if not signed(self.key, told):
            self.fault(line, f"the signature of the checkpoint of entry {sequence} does not hold")
            return
        if sequence > self.sequence:
            self.fault(
                line, f"a checkpoint saw entry {sequence}, but the chain ends at {self.sequence}: cut off"
            )
        elif sequence < self.sequence:
            self.fault(line, f"the checkpoint of entry {sequence} stands after entry {self.sequence}")
        elif told["hash"] != self.hash:
            self.fault(line, f"entry {sequence} is not the one that was signed")
        self.gap(line, datetime.fromisoformat(told["at"]))
        self.checkpoints, self.witnessed, self.oldest_unwitnessed = self.checkpoints + 1, sequence, None

    def gap(self, line: int, at: datetime) -> None:
        if not self.max_gap or self.oldest_unwitnessed is None:
            return
        gap = (at - self.oldest_unwitnessed).total_seconds()
        if gap > self.max_gap:
            self.fault(line, f"entry {self.witnessed + 1} waited {gap:.0f} s for a checkpoint")


def digest(told: dict[str, Any]) -> str:
    """SHA-256 over the hash before the entry and the entry as canonical JSON."""
    covered = {name: told[name] for name in COVERED}
    text = json.dumps(covered, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(bytes.fromhex(told["previous"]) + text.encode()).hexdigest()


def key_id(key: Ed25519PublicKey) -> str:
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def signed(key: Ed25519PublicKey, told: dict[str, Any]) -> bool:
    text = f"sinwon audit checkpoint 1\n{told['sequence']}\n{told['hash']}\n{told['at']}\n"
    try:
        key.verify(bytes.fromhex(told["signature"]), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def check(export: Path, key: Ed25519PublicKey, *, max_gap: float = MAX_GAP) -> Chain:
    """Reads the file once, line by line; it may be larger than memory. Raises CannotCheck."""
    chain = Chain(key, max_gap)
    exported: datetime | None = None
    for number, told in lines(export, chain):
        kind = told.get("kind")
        try:
            if kind == "entry":
                chain.entry(number, told)
            elif kind == "checkpoint":
                chain.checkpoint(number, told)
            elif kind == "header" and number == 1:
                exported = datetime.fromisoformat(told["at"])
            else:
                chain.fault(number, "neither an entry nor a checkpoint")
        except (KeyError, TypeError, ValueError) as e:
            chain.fault(number, f"this {kind} is damaged: {type(e).__name__} {e}")
    if exported:
        chain.gap(0, exported)
    elif max_gap:
        chain.fault(1, "the header is missing or damaged: nobody knows when this was exported")
    if not chain.checkpoints:
        chain.fault(0, "there is no checkpoint that holds: nothing says that the chain is whole")
    return chain


def lines(export: Path, chain: Chain | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with export.open(encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                try:
                    told = json.loads(text)
                except ValueError:
                    told = None
                if isinstance(told, dict):
                    yield number, told
                elif chain:
                    chain.fault(number, "this is not a line of an export: damaged or cut off")
    except (OSError, UnicodeDecodeError) as e:
        raise CannotCheck(f"{export} cannot be read: {e}") from e


def compare(chain: Chain, export: Path, earlier: Path) -> None:
    """The last entry that the earlier export signed must stand in this one, unchanged."""
    before: tuple[int, str] | None = None
    for _, told in lines(earlier):
        if told.get("kind") == "checkpoint" and signed(chain.key, told):
            before = (int(told["sequence"]), str(told["hash"]))
    if before is None:
        raise CannotCheck(f"{earlier} holds no checkpoint signed by this key")
    for number, told in lines(export):
        if told.get("kind") == "entry" and told.get("sequence") == before[0]:
            if told.get("hash") != before[1]:
                chain.fault(
                    number, f"entry {before[0]} is another one than in the earlier export: written anew"
                )
            return
    chain.fault(0, f"entry {before[0]} of the earlier export is missing: cut off")


def compare_anchors(chain: Chain, export: Path, folder: Path) -> None:
    """Every checkpoint that was kept off the host must stand in this export, unchanged. Raises CannotCheck."""
    hashes = {told["sequence"]: told.get("hash") for _, told in lines(export) if told.get("kind") == "entry"}
    names = sorted(folder.glob("**/*.json"))
    if not names:
        raise CannotCheck(f"{folder} holds no anchors")
    for name in names:
        told = next((line for _, line in lines(name)), {})
        try:
            holds = signed(chain.key, told)
        except (KeyError, TypeError):
            holds = False
        if not holds:
            chain.fault(0, f"the anchor {name.name} was not signed by this key")
        elif told["sequence"] not in hashes:
            chain.fault(0, f"the anchor {name.name} saw entry {told['sequence']}, which is missing: cut off")
        elif hashes[told["sequence"]] != told["hash"]:
            chain.fault(0, f"the anchor {name.name} saw another entry {told['sequence']}: written anew")


def public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as e:
        raise CannotCheck(f"{path} holds no public key") from e
    if not isinstance(key, Ed25519PublicKey):
        raise CannotCheck(f"{path} holds no Ed25519 key")
    return key


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks an export of Sinwon's audit chain, without Sinwon.")
    parser.add_argument("export", type=Path)
    parser.add_argument(
        "--key", type=Path, required=True, help="the operator's audit.pub, as you were given it"
    )
    parser.add_argument("--earlier", type=Path, help="an export that you kept")
    parser.add_argument(
        "--max-gap",
        type=float,
        default=MAX_GAP,
        help="most seconds an entry may wait for a checkpoint (300); 0: any time",
    )
    parser.add_argument(
        "--anchors", type=Path, help="a folder with the checkpoints that were kept off the host"
    )
    options = parser.parse_args(arguments)
    try:
        chain = check(options.export, public_key(options.key), max_gap=options.max_gap)
        if options.earlier:
            compare(chain, options.export, options.earlier)
        if options.anchors:
            compare_anchors(chain, options.export, options.anchors)
    except CannotCheck as e:
        sys.stderr.write(f"{e}\n")
        return 2
    for fault in chain.faults:
        sys.stdout.write(f"{fault}\n")
    unwitnessed = chain.sequence - chain.witnessed
    sys.stdout.write(
        f"{chain.sequence} entries, {chain.checkpoints} checkpoints, {unwitnessed} entries after the last one: "
        f"{'BROKEN' if chain.faults else 'unbroken'}.\n"
    )
    return 1 if chain.faults else 0


if __name__ == "__main__":
    sys.exit(main())
