"""How well and how fast the card reader reads: freshly drawn cards, exact match by field and level.

    python -m bench.reader --cards 100 [--seed 9000] [--levels clean,photo,hard] [--any-face] [--peers 60]
                           [--jobs 2] [--write] [--out FILE]

Faces are those kept out of training unless --any-face is given. --peers has Tesseract and RapidOCR read the first so
many cards of each level too. --write puts the tables and plots into docs/accuracy.md; its remarks come from
docs/accuracy-notes.md. --out writes one JSON object a card. Intervals are Wilson's, 95 %. CPU seconds are one thread's,
decoding included, drawing left out.
"""

import argparse
import json
import multiprocessing
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench import accuracy
from bench.outcomes import MEASURED, Outcome, of_card, of_fields
from bench.peers import Peer, Rapid, Tesseract, fields
from ocr_integration.engine import VERSION, CardEngine, Unreadable
from ocr_integration.engine.arrays import Image
from ocr_integration.engine.picture import decode
from ocr_integration.engine.rectify import flatten
from tests import specimens

DOCS = Path(__file__).parents[1] / "docs"


@dataclass(frozen=True, slots=True)
class Task:
    """One card to draw and read."""

    seed: int
    level: str
    held_out: bool
    peers: bool


class Bench:
    """The readers of one process."""

    def __init__(self, *, peers: bool) -> None:
        self.engine = CardEngine()
        self.peers: list[Peer] = [Tesseract(), Rapid()] if peers else []

    def measure(self, task: Task) -> list[Outcome]:
        """Draws one card, has it read, compares."""
        drawn = specimens.draw(task.seed, task.level, held_out=task.held_out)
        data, truth = drawn.jpeg(), drawn.truth()
        right: dict[str, bool | None] = dict.fromkeys(MEASURED, False)
        confidence, reason, corners = {}, "", drawn.corners
        began = time.process_time()
        try:
            card = self.engine.read(data, photo=True)
        except Unreadable as refused:
            cpu, reason = time.process_time() - began, refused.reason.value
        else:
            cpu = time.process_time() - began
            right |= of_card(card, truth)
            confidence = {key: detail.confidence for key, detail in card.fields.items()}
        found = [Outcome(accuracy.OURS, task.seed, task.level, right, confidence, cpu, reason)]
        if task.peers:
            flat = _flat(data, corners)
            for peer in self.peers:
                lines, cpu = peer.lines(flat)
                found.append(
                    Outcome(peer.name, task.seed, task.level, of_fields(fields(lines), truth), {}, cpu, "")
                )
        return found


def _flat(data: bytes, corners: Sequence[tuple[float, float]]) -> Image:
    """The card flattened by its true corners, upright: the peers' part is reading, not finding."""
    return flatten(decode(data), np.array(corners, np.float32), located=True).image


_bench: Bench | None = None


def _begin(peers: bool) -> None:
    global _bench
    _bench = Bench(peers=peers)


def _measure(task: Task) -> list[Outcome]:
    assert _bench is not None
    return _bench.measure(task)


def run(tasks: Sequence[Task], *, jobs: int) -> list[Outcome]:
    """Has all cards read, with progress on a terminal."""
    outcomes: list[Outcome] = []
    peers = any(task.peers for task in tasks)
    with multiprocessing.get_context("spawn").Pool(jobs, _begin, (peers,)) as pool:
        for count, found in enumerate(pool.imap(_measure, tasks, chunksize=4), 1):
            outcomes += found
            if sys.stderr.isatty() or count % 200 == 0:
                print(f"\r{count} of {len(tasks)} cards", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return outcomes


def report(outcomes: Sequence[Outcome], levels: Sequence[str], seed: int) -> Iterator[str]:
    """The run in Markdown."""
    ours = [one for one in outcomes if one.reader == accuracy.OURS]
    yield (
        f"Reader {VERSION}, {len(ours) // len(levels)} cards a level, seed {seed}, "
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, "
        f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.\n"
    )
    yield from accuracy.table(ours, levels)
    wrong = sum(one.confidence.get("ID", 0) >= 0.9 and not one.right["ID"] for one in ours)
    yield f"\nWrong numbers said with confidence of at least 0.9: {wrong} of {len(ours)}.\n"
    yield from accuracy.reliability(ours)
    peered = {(one.seed, one.level) for one in outcomes if one.reader != accuracy.OURS}
    if peered:
        yield "\nOther readers on the same cards, in the same run (they are given the card flattened and upright):\n"
        yield from accuracy.beside([one for one in outcomes if (one.seed, one.level) in peered], levels)


def write(outcomes: Sequence[Outcome], levels: Sequence[str], text: str) -> None:
    """docs/accuracy.md and its plots."""
    ours = [one for one in outcomes if one.reader == accuracy.OURS]
    peered = {(one.seed, one.level) for one in outcomes if one.reader != accuracy.OURS}
    accuracy.draw_reliability(ours, DOCS / "plots" / "reliability.svg")
    command = " ".join(sys.argv[1:])
    parts = ["# How well the card reader reads\n", f"Written by `python -m bench.reader {command}`. {text}\n"]
    parts.append("![Said against true, by field](plots/reliability.svg)\n")
    if peered:
        shown = [one for one in outcomes if (one.seed, one.level) in peered]
        accuracy.draw_readers(shown, levels, DOCS / "plots" / "readers.svg")
        parts.append("![Readers side by side](plots/readers.svg)\n")
    notes = DOCS / "accuracy-notes.md"
    parts += [notes.read_text(encoding="utf-8")] if notes.exists() else []
    (DOCS / "accuracy.md").write_text("\n".join(parts), encoding="utf-8")


def wishes() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cards", type=int, default=100, help="cards a level")
    parser.add_argument("--peers", type=int, default=0, help="cards a level that the other readers read too")
    parser.add_argument("--seed", type=int, default=9000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--levels", default="clean,photo,hard")
    parser.add_argument("--any-face", action="store_true", help="also faces seen in training")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def main() -> int:
    """Measures and prints."""
    wish = wishes()
    levels = wish.levels.split(",")
    tasks = [
        Task(wish.seed + i, level, not wish.any_face, i < wish.peers)
        for level in levels
        for i in range(wish.cards)
    ]
    outcomes = run(tasks, jobs=wish.jobs)
    if wish.out:
        rows = (json.dumps({name: getattr(one, name) for name in Outcome.__slots__}) for one in outcomes)
        wish.out.write_text("\n".join(rows) + "\n", encoding="utf-8")
    text = "\n".join(report(outcomes, levels, wish.seed))
    print(text)
    if wish.write:
        write(outcomes, levels, text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
