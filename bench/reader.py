"""How well and how fast the card reader reads: freshly drawn cards, exact match by field and level.

    python -m bench.reader --cards 100 [--seed 9000] [--levels clean,photo,hard] [--any-face] [--out FILE]

Faces are those kept out of training unless --any-face is given. Writes one JSON object a card to FILE.
Intervals are Wilson's, 95 %. CPU seconds are this process's on one thread, decoding included, drawing left out.
"""

import argparse
import itertools
import json
import math
import re
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ocr_integration.engine import VERSION, CardEngine, CardRead, Unreadable
from tests import specimens

FIELDS = ("ID", "Name", "Sex", "Birthday", "Address", "DateOfIssue")
MEASURED = (*FIELDS, "hangul", "hanja", "whole", "corners", "portrait")
BINS = (0.0, 0.5, 0.9, 0.99, 1.01)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One card: what was right (None where it does not apply), confidences, CPU seconds."""

    seed: int
    level: str
    right: dict[str, bool | None]
    confidence: dict[str, float]
    cpu: float
    reason: str


def plain(field: str, text: str) -> str:
    """A field as it is compared: in an address spaces, commas and full stops do not count."""
    return re.sub(r"[\s,.]", "", text) if field == "Address" else text


def measure(engine: CardEngine, seed: int, level: str, *, held_out: bool) -> Outcome:
    """Draws one card, reads it, compares."""
    drawn = specimens.draw(seed, level, held_out=held_out)
    data = drawn.jpeg()
    start = time.process_time()
    try:
        card: CardRead | None = engine.read(data, photo=True)
        reason = ""
    except Unreadable as refused:
        card, reason = None, refused.reason.value
    cpu = time.process_time() - start
    right = {} if card is None else compared(card, drawn.truth())
    confidence = {} if card is None else {key: detail.confidence for key, detail in card.fields.items()}
    everything: dict[str, bool | None] = dict.fromkeys(MEASURED, False)
    return Outcome(seed, level, everything | right, confidence, cpu, reason)


def compared(card: CardRead, truth: dict[str, Any]) -> dict[str, bool | None]:
    """Which parts of a card were read exactly."""
    right: dict[str, bool | None] = {
        key: plain(key, card.fields[key].text) == plain(key, truth[key]) for key in FIELDS
    }
    read, printed = (text.partition(" (") for text in (card.fields["Name"].text, truth["Name"]))
    right["hangul"] = read[0] == printed[0]
    right["hanja"] = read[2] == printed[2] if printed[2] else None
    right["whole"] = all(right[key] for key in FIELDS)
    corners = np.array(truth["corners"])
    slip = np.abs(np.array(card.geometry.corners) - corners).max()
    right["corners"] = card.geometry.located and bool(slip < 0.01 * np.linalg.norm(corners[1] - corners[0]))
    right["portrait"] = boxed(card, truth["photo_box_on_card"])
    return right


def boxed(card: CardRead, box: list[int]) -> bool:
    """Whether the portrait's box is within 3 % at each edge."""
    if card.photo_box is None:
        return False
    found = np.array(card.photo_box) * [1012, 638]
    size = np.array([box[2] - box[0], box[3] - box[1]] * 2)
    return bool((np.abs(np.array([*found.min(0), *found.max(0)]) - box) < 0.03 * size).all())


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not count:
        return 0.0, 1.0
    z, share = 1.96, hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return middle - reach, middle + reach


def table(outcomes: list[Outcome], levels: list[str]) -> Iterator[str]:
    """The figures as a Markdown table: a row a measure, a column a level."""
    yield "| exact match, % (95 % interval) | " + " | ".join(levels) + " |"
    yield "|---" * (len(levels) + 1) + "|"
    for measure_ in MEASURED:
        cells = []
        for level in levels:
            told = [one.right[measure_] for one in outcomes if one.level == level]
            counted = [bool(hit) for hit in told if hit is not None]
            low, high = wilson(sum(counted), len(counted))
            share = 100 * sum(counted) / max(1, len(counted))
            cells.append(f"{share:.1f} ({100 * low:.1f}-{100 * high:.1f})")
        yield f"| {measure_} | " + " | ".join(cells) + " |"
    cpu = [np.mean([one.cpu for one in outcomes if one.level == level]) for level in levels]
    yield "| CPU s a card | " + " | ".join(f"{seconds:.3f}" for seconds in cpu) + " |"


def reliability(outcomes: list[Outcome]) -> Iterator[str]:
    """How often a field is right, by how sure the reader said it was."""
    yield (
        "| said to be sure | "
        + " | ".join(f"{a:.2f}-{min(b, 1):.2f}" for a, b in itertools.pairwise(BINS))
        + " |"
    )
    yield "|---" * len(BINS) + "|"
    for field in ("ID", "Name", "Address", "DateOfIssue"):
        cells = []
        for low, high in itertools.pairwise(BINS):
            held = [one for one in outcomes if low <= one.confidence.get(field, -1) < high]
            right = sum(bool(one.right[field]) for one in held)
            cells.append(f"{right} of {len(held)}")
        yield f"| {field} right | " + " | ".join(cells) + " |"


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=100, help="cards a level")
    parser.add_argument("--seed", type=int, default=9000)
    parser.add_argument("--levels", default="clean,photo,hard")
    parser.add_argument("--any-face", action="store_true", help="also faces seen in training")
    parser.add_argument("--out", type=Path)
    wish = parser.parse_args()
    engine, levels = CardEngine(), wish.levels.split(",")
    outcomes: list[Outcome] = []
    for level in levels:
        for i in range(wish.cards):
            outcomes.append(measure(engine, wish.seed + i, level, held_out=not wish.any_face))
            if sys.stderr.isatty():
                print(f"\r{level} {i + 1} of {wish.cards}", end="", file=sys.stderr)
    if wish.out:
        rows = (json.dumps({name: getattr(one, name) for name in Outcome.__slots__}) for one in outcomes)
        wish.out.write_text("\n".join(rows) + "\n", encoding="utf-8")
    wrong = sum(one.confidence.get("ID", 0) >= 0.9 and not one.right["ID"] for one in outcomes)
    print(f"Reader {VERSION}, {wish.cards} cards a level, seed {wish.seed}\n")
    print("\n".join(table(outcomes, levels)), "\n")
    print("\n".join(reliability(outcomes)), "\n")
    print(f"Wrong numbers said with confidence of at least 0.9: {wrong} of {len(outcomes)}.")
    print(
        f"Memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB, drawing included."
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
