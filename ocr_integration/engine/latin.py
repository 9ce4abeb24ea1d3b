"""A name in Latin capitals, in one row or two, below the number: as foreigners' cards print it."""

import re
from collections.abc import Sequence

from ocr_integration.engine import ctc
from ocr_integration.engine.number import Found
from ocr_integration.engine.rows import Line

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ '-"
SAME = {"’": "'", "`": "'", "–": "-"}
MOST_ROWS = 2


def rows(lines: Sequence[Line], anchor: Line) -> list[Line]:
    """The rows of the name: the first in capitals below the number, and one that follows before other text does."""
    under = sorted(
        (line for line in lines if line.middle > anchor.middle + 0.5 * anchor.height and line.text),
        key=lambda line: line.middle,
    )
    found: list[Line] = []
    for line in under:
        if _capitals(line.text):
            found.append(line)
        elif found or any(char.isdigit() for char in line.text):
            break
    return found[:MOST_ROWS]


def read(row: Sequence[Line]) -> Found | None:
    """The name with single spaces; None where no letter of it can be read."""
    parts = [part for line in row if (part := _part(line)) is not None]
    if not parts:
        return None
    text = " ".join(part.text for part in parts)
    return Found(
        parts[0].line,
        text,
        " ".join(line.text for line in row),
        sum(part.score for part in parts),
        min(part.margin for part in parts),
        len(text),
    )


def _part(line: Line) -> Found | None:
    if line.strip is None:
        return None
    beams = ctc.search(ctc.narrowed(line.strip, LETTERS, silent=".,", same=SAME), _grow)
    spelt = [(beam.text.strip(" -'"), beam.score) for beam in beams]
    whole = [pair for pair in spelt if pair[0]]
    if not whole:
        return None
    text, score = whole[0]
    margin = score - max((other for name, other in whole if name != text), default=-30.0)
    return Found(line, text, line.text, score, margin, len(text))


def _grow(text: str, letter: str) -> float:
    if letter in " -'":
        return 1.0 if text and text[-1] not in " -'" else 0.0
    return 1.0


def _capitals(text: str) -> bool:
    letters = re.sub(r"[\W\d_]", "", text)
    capitals = sum("A" <= letter <= "Z" for letter in letters)
    return capitals >= 2 and capitals >= 0.6 * len(letters)
