"""The resident number's line: six digits, a dash, seven digits."""

import re
from dataclasses import dataclass

from ocr_integration.engine import ctc, rows
from ocr_integration.engine.rows import Line
from ocr_integration.engine.text import Strip

DASHES = dict.fromkeys(".·,:/一~", "-")
WITHIN = re.compile(r"(?<!\d)\d{6}[-. 一~]{1,4}\d{7}(?!\d)")
CLOSE = 1.2
"""A plausible number wins only over one that is at most this much likelier (natural logarithm)."""
CENTURIES = {"9": 18, "0": 18, "1": 19, "2": 19, "5": 19, "6": 19, "3": 20, "4": 20, "7": 20, "8": 20}


@dataclass(frozen=True, slots=True)
class Found:
    """A value decoded from one line, with what the plain reading was."""

    line: Line
    text: str
    unconstrained: str
    score: float
    margin: float
    length: int


def _grow(text: str, letter: str) -> float:
    digits = sum(c != "-" for c in text)
    if letter == "-":
        return 1.0 if digits == 6 and "-" not in text else 0.0
    if digits == 6 and "-" not in text:
        return 0.02
    return 1.0 if digits < 13 else 0.0


def plausible(text: str, centuries: str) -> bool:
    """Whether the front can be a date and the century digit has a meaning on this card."""
    month, day = int(text[2:4]), int(text[4:6])
    return 1 <= month <= 12 and 1 <= day <= 31 and text[7] in centuries


def birthday_of(number: str) -> str:
    """The birthday that a resident number states, as printed: dd/mm/yyyy, possible or not."""
    return f"{number[4:6]}/{number[2:4]}/{CENTURIES[number[7]]}{number[:2]}"


def looks_like_number(text: str) -> bool:
    """Whether a plain reading may be a resident number, two of its digits lost or misread."""
    plain = re.sub(r"[-一~ ]+", "-", text)
    return 10 <= sum(c.isdigit() for c in plain) <= 14 and len(plain) <= 17


def find(lines: list[Line], *, centuries: str) -> Found | None:
    """The line that reads best as a number with such a century digit, or None."""
    parts = [_alone(line, line.strip) for line in lines if line.strip is not None]
    found = [
        _read(line, line.strip, centuries) for line in parts if line is not None and line.strip is not None
    ]
    whole = [number for number in found if number is not None]
    return max(whole, key=lambda number: number.score, default=None)


def _alone(line: Line, strip: Strip) -> Line | None:
    """The line if it may be a number, or its part that may be one: what lies beside the card can run into its row."""
    if looks_like_number(line.text):
        return line
    letters = ctc.glyphs(strip)
    within = WITHIN.search("".join(glyph.letter for glyph in letters))
    return within and rows.part(line, strip, letters[within.start()].start, letters[within.end() - 1].end)


def _read(line: Line, strip: Strip, centuries: str) -> Found | None:
    narrow = ctc.narrowed(strip, "0123456789-", silent=" ()", same=DASHES)
    beams = ctc.search(ctc.unbroken(narrow, "-"), _grow)
    whole = [beam for beam in beams if sum(c.isdigit() for c in beam.text) == 13]
    if not whole:
        return None
    best = whole[0]
    for beam in whole[1:]:
        if (
            plausible(_spelt(beam.text), centuries)
            and not plausible(_spelt(best.text), centuries)
            and whole[0].score - beam.score < CLOSE
        ):
            best = beam
            break
    others = [beam.score for beam in beams if _spelt(beam.text) != _spelt(best.text)]
    margin = best.score - max(others, default=-30.0)
    return Found(line, _spelt(best.text), line.text, best.score, margin, 13)


def _spelt(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return f"{digits[:6]}-{digits[6:]}"
