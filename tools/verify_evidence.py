#!/usr/bin/env python3
"""Checks the evidence of one verification without Sinwon: `verify_evidence.py EVIDENCE --key audit.pub`.

EVIDENCE is the JSON of the API, or the file inside its PDF. Needs verify_audit_export.py beside it, and what that one
needs. Alone it shows that no entry was changed and that the checkpoint bears the operator's signature. That the entries
stand in the chain under that checkpoint is shown only with `--chain EXPORT`, the whole chain, which is checked too.
Exits 0 when all holds, 1 with each fault on a line, 2 where it cannot check.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import verify_audit_export as chains
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def faults_of(audit: dict[str, Any], key: Ed25519PublicKey) -> Iterator[str]:
    """What is wrong with the entries and their checkpoint in themselves."""
    entries, point = audit["entries"], audit["checkpoint"]
    for told in entries:
        if told["hash"] != chains.digest(told):
            yield f"the content of entry {told['sequence']} was changed"
    for before, told in pairwise(entries):
        apart = told["sequence"] - before["sequence"]
        if apart < 1 or (apart == 1 and told["previous"] != before["hash"]):
            yield f"entry {told['sequence']} does not follow entry {before['sequence']}"
    last = entries[-1]
    if point is None:
        yield "there is no checkpoint: take the evidence again in five minutes"
    elif point["key"] != chains.key_id(key) or not chains.signed(key, point):
        yield "the checkpoint was not signed by this key"
    elif point["sequence"] < last["sequence"]:
        yield f"the checkpoint is of entry {point['sequence']}, before the last one here"
    elif point["sequence"] == last["sequence"] and point["hash"] != last["hash"]:
        yield f"entry {point['sequence']} is not the one that was signed"


def missing_from(export: Path, audit: dict[str, Any]) -> Iterator[str]:
    """The entries, and the one under the checkpoint, that do not stand so in the export. Raises CannotCheck."""
    hashes = {
        told["sequence"]: told.get("hash") for _, told in chains.lines(export) if told.get("kind") == "entry"
    }
    for told in [*audit["entries"], *([audit["checkpoint"]] if audit["checkpoint"] else [])]:
        if hashes.get(told["sequence"]) != told["hash"]:
            yield f"entry {told['sequence']} stands otherwise in the chain, or not at all"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks the evidence of one verification, without Sinwon.")
    parser.add_argument("evidence", type=Path, help="the JSON, or evidence.json out of the PDF")
    parser.add_argument(
        "--key", type=Path, required=True, help="the operator's audit.pub, as you were given it"
    )
    parser.add_argument("--chain", type=Path, help="an export of the whole chain (manage.py export_audit)")
    options = parser.parse_args(arguments)
    try:
        key = chains.public_key(options.key)
        audit = json.loads(options.evidence.read_text(encoding="utf-8"))["audit"]
        faults = list(faults_of(audit, key))
        if options.chain:
            faults += chains.check(options.chain, key).faults
            faults += missing_from(options.chain, audit)
    except chains.CannotCheck as e:
        sys.stderr.write(f"{e}\n")
        return 2
    except (OSError, ValueError, KeyError, TypeError, IndexError) as e:
        sys.stderr.write(f"{options.evidence} is no evidence of a verification: {type(e).__name__}\n")
        return 2
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    proved = (
        "they stand in the chain" if options.chain else "they hold in themselves (the chain was not given)"
    )
    sys.stdout.write(f"{len(audit['entries'])} entries: {'NOT PROVEN' if faults else proved}.\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
