"""The date of issue: a line of year, month and day below the address."""

import re
from datetime import date, timedelta

from ocr_integration.engine import ctc, rows
from ocr_integration.engine.number import Found
from ocr_integration.engine.rows import Line
from ocr_integration.engine.text import Strip

FIRST = date(1968, 11, 21)
"""The day of the first resident card."""
DOTS = dict.fromkeys(",·-/:년월일", ".")

DATES = re.compile(r"(?:19|20)\d\d ?[.,·] ?\d{1,2} ?[.,·] ?\d{1,2}")
UNFINISHED = re.compile(r"(?:19|20)\d\d[.,·]?\d{1,2}[.,·]?[0-3]?")
NUMBERED = re.compile(r"\d(?:호|동|층)")
CLOSE = 3.0
"""A day of the calendar wins over an impossible one that is at most this much likelier (natural logarithm)."""
UNHEARD_OF = 0.01
"""Weight of a digit that begins no year of this or the last century."""


def _grow(text: str, letter: str) -> float:
    parts = text.split(".")
    here = parts[-1]
    if letter == ".":
        whole = len(here) == 4 if len(parts) == 1 else 1 <= len(here) <= 2
        return 1.0 if whole and len(parts) <= 3 else 0.0
    if len(parts) == 1:
        century = (here + letter)[:2] in ("1", "2", "19", "20")
        return (1.0 if century else UNHEARD_OF) if len(here) < 4 else 0.0
    return 1.0 if len(parts) <= 3 and len(here) < 2 else 0.0


def looks_like_date(text: str) -> bool:
    """Whether a plain reading may be a date, a digit or a dot lost."""
    digits = sum(c.isdigit() for c in text)
    if NUMBERED.search(text):
        return False
    return 5 <= digits <= 9 and len(re.sub(r"[\d.,·\-/: 년월일]", "", text)) <= 1


def find(lines: list[Line], *, birthday: str) -> Found | None:
    """The date of issue among the lines below the number: never the birthday, which newer cards repeat."""
    parts = [part for line in lines if line.strip is not None for part in _apart(line, line.strip)]
    found = [_read(line, line.strip) for line in parts if line.strip is not None]
    dates = [one for one in found if one is not None and one.text != birthday]
    return max(dates, key=lambda one: (valid(one.text), one.line.height * one.line.width), default=None)


def _apart(line: Line, strip: Strip) -> list[Line]:
    """The line if it may be a date; where two dates ran into one row, each of them."""
    if looks_like_date(line.text):
        return [line]
    letters = ctc.glyphs(strip)
    dates = list(DATES.finditer("".join(glyph.letter for glyph in letters)))
    return [
        rows.part(line, strip, letters[date.start()].start, letters[date.end() - 1].end) for date in dates
    ]


def unfinished(line: Line) -> bool:
    """Whether a date seems to go on where the line was cut off: a lone digit after a wide gap is easily missed."""
    return UNFINISHED.fullmatch(line.text.replace(" ", "")) is not None


def _read(line: Line, strip: Strip) -> Found | None:
    for silent, same in ((" ()", DOTS), ("()", DOTS | {" ": "."})):
        beams = ctc.search(ctc.narrowed(strip, "0123456789.", silent=silent, same=same), _grow)
        whole = [(spelt, beam) for beam in beams if (spelt := _spelt(beam.text))]
        if whole:
            break
    else:
        return None
    best = next((w for w in whole if valid(w[0]) and whole[0][1].score - w[1].score < CLOSE), whole[0])
    others = [beam.score for spelt, beam in whole if spelt != best[0]]
    margin = best[1].score - max(others, default=-30.0)
    return Found(line, best[0], line.text, best[1].score, margin, 8)


def _spelt(text: str) -> str:
    """As dd/mm/yyyy, or empty if it is not a whole date."""
    match = re.fullmatch(r"(\d{4})\.(\d{1,2})\.(\d{1,2})\.?", text)
    return f"{int(match[3]):02}/{int(match[2]):02}/{match[1]}" if match else ""


def valid(text: str) -> bool:
    """Whether dd/mm/yyyy is a day on which a resident card may have been issued."""
    day, month, year = (int(part) for part in text.split("/"))
    try:
        return FIRST <= date(year, month, day) <= date.today() + timedelta(days=1)  # noqa: DTZ011
    except ValueError:
        return False
