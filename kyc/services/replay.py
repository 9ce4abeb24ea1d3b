"""After a backup was restored: what had been erased since is erased again, as an exported audit chain tells.

The export must hold by itself under this deployment's key and must be a later one of this very chain: a forged list of
cases to destroy would be an attack.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from kyc.domain.actors import Actor
from kyc.domain.lifecycle import MOVES, IllegalMove, State
from kyc.domain.retention import Reason
from kyc.models import AuditEntry, Case
from kyc.models.audit import GENESIS
from kyc.services import audit, destruction

COVERED = ("sequence", "at", "action", "actor", "case", "data")


class NotOfThisChain(Exception):
    """The export is damaged, unsigned, or of another deployment: nothing was erased. Says where."""


@dataclass(slots=True)
class Replayed:
    """`unknown` were opened after the backup: nothing of them is here. `failed` names what went wrong."""

    erased: list[UUID] = field(default_factory=list)
    unknown: int = 0
    failed: list[tuple[UUID, str]] = field(default_factory=list)


def erasures(lines: Iterable[dict[str, Any]], *, by: Actor) -> Replayed:
    """Erases every restored case that the export says was erased, in whatever state. Raises NotOfThisChain."""
    moves, erased, last = _history(lines)
    done = Replayed()
    for case_id in erased:
        case = Case.objects.filter(pk=case_id).first()
        if case is None:
            done.unknown += 1
        elif case.status is not State.ERASED:
            _erase(case, moves.get(case_id, []), by, done)
    destruction.scrub()
    told = {"sequence": last["sequence"], "hash": last["hash"], "erased": len(done.erased)}
    AuditEntry.append("backup.replayed", by=by, data=told)
    return done


def _erase(case: Case, moves: list[State], by: Actor, done: Replayed) -> None:
    try:
        with transaction.atomic():
            _walk_on(case, moves, by)
            destroyed = destruction.destroy(case, by=by, reason=Reason.REPLAYED.value)
            told = {
                "reason": Reason.REPLAYED.value,
                "pictures": destroyed.pictures,
                "values": destroyed.values,
            }
            AuditEntry.append("case.erased", by=by, case_id=case.pk, data=told)
    except (IllegalMove, destruction.NotDestroyed, OSError) as e:
        done.failed.append((case.pk, type(e).__name__))
    else:
        done.erased.append(case.pk)


def _walk_on(case: Case, moves: list[State], by: Actor) -> None:
    """From the state of the backup to a final one, along the moves that the export tells of."""
    for to in moves:
        if to in MOVES[case.status] and to is not State.ERASED:
            case.move(to, by=by, reason=Reason.REPLAYED.value)
    if State.ERASED not in MOVES[case.status]:
        case.move(State.WITHDRAWN, by=by, reason=Reason.REPLAYED.value)


def _history(lines: Iterable[dict[str, Any]]) -> tuple[dict[UUID, list[State]], list[UUID], dict[str, Any]]:
    """The moves of each case after the backup, the erased cases, and the export's last entry, all of it verified."""
    own = {number: bytes(known) for number, known in AuditEntry.objects.values_list("sequence", "hash")}
    moves: dict[UUID, list[State]] = {}
    erased: list[UUID] = []
    last: dict[str, Any] = {"sequence": 0, "hash": GENESIS.hex()}
    signed = 0
    for line in lines:
        if line.get("kind") == "entry":
            _check(line, last, own)
            last = line
            _note(line, moves, erased, new=line["sequence"] not in own)
        elif line.get("kind") == "checkpoint":
            if not audit.is_signed(line) or (line["sequence"], line["hash"]) != (
                last["sequence"],
                last["hash"],
            ):
                raise NotOfThisChain(f"the checkpoint of entry {line.get('sequence')} does not hold")
            signed = line["sequence"]
    if not signed or signed != last["sequence"]:
        raise NotOfThisChain("its last entries are not signed: export it with `manage.py export_audit`")
    if own and max(own) > last["sequence"]:
        raise NotOfThisChain("it ends before this database does: a later export is needed")
    return moves, erased, last


def _check(line: dict[str, Any], last: dict[str, Any], own: dict[int, bytes]) -> None:
    text = json.dumps(
        {n: line.get(n) for n in COVERED}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    digest = hashlib.sha256(bytes.fromhex(last["hash"]) + text.encode()).hexdigest()
    if line.get("sequence") != last["sequence"] + 1 or line.get("hash") != digest:
        raise NotOfThisChain(f"entry {last['sequence'] + 1} does not hold")
    known = own.get(line["sequence"])
    if known is not None and known.hex() != digest:
        raise NotOfThisChain(
            f"entry {line['sequence']} is another one here: it is of another deployment, or the restored product ran "
            "already. Restore once more and replay before anything else starts"
        )


def _note(line: dict[str, Any], moves: dict[UUID, list[State]], erased: list[UUID], *, new: bool) -> None:
    if line["action"] == "case.erased":
        erased.append(UUID(line["case"]))
    elif line["action"] == "case.moved" and new:
        moves.setdefault(UUID(line["case"]), []).append(State(line["data"]["to"]))
