"""The name's line: hangul, then hanja in brackets, each likely to be read as its syllable."""

from functools import cache
from pathlib import Path

from ocr_integration.engine import ctc
from ocr_integration.engine.number import Found
from ocr_integration.engine.rows import Line
from ocr_integration.engine.text import Strip

READINGS = Path(__file__).parent / "data" / "readings.tsv"
STRANGE, EXTRA = 0.1, 0.03
"""Weights of a hanja not known to be read as its syllable, and of one beyond the name's syllables."""
FIRST = 0xAC00
INITIALS, MEDIALS = 588, 28
NIEUN, RIEUL, IEUNG = 2, 5, 11


def hangul(letter: str) -> bool:
    """Whether it is a whole syllable."""
    return "가" <= letter <= "힣"


def hanja(letter: str) -> bool:
    """Whether it is a Chinese character."""
    return "一" <= letter <= "鿿"


@cache
def _table() -> dict[str, frozenset[str]]:
    rows = READINGS.read_text(encoding="utf-8").splitlines()
    return {row.split("\t")[0]: frozenset(row.split("\t")[1]) for row in rows}


@cache
def characters(syllable: str) -> frozenset[str]:
    """The hanja read as this syllable, also where a first ㄹ or ㄴ is dropped (류 and 유, 녀 and 여)."""
    code = ord(syllable) - FIRST
    initial, rest = divmod(code, INITIALS)
    swaps = {NIEUN: (RIEUL, IEUNG), RIEUL: (NIEUN, IEUNG), IEUNG: (RIEUL, NIEUN)}.get(initial, ())
    spellings = [syllable, *(chr(FIRST + other * INITIALS + rest) for other in swaps)]
    return frozenset().union(*(_table().get(spelling, frozenset()) for spelling in spellings))


def _grow(text: str, letter: str) -> float:
    before, bracket, within = text.partition("(")
    if not bracket:
        if letter == "(":
            return 1.0 if before.strip() else 0.0
        if letter == " ":
            return 1.0 if before and not before.endswith(" ") else 0.0
        return 1.0 if hangul(letter) else 0.0
    if within.endswith(")"):
        return 0.0
    if letter == ")":
        return 1.0 if within else 0.0
    return _fits(before.replace(" ", ""), within, letter)


def _fits(name: str, within: str, letter: str) -> float:
    """Weight of the next letter within the brackets."""
    if len(within) >= len(name):
        return EXTRA if hanja(letter) else 0.0
    syllable = name[len(within)]
    if hanja(letter):
        return 1.0 if letter in characters(syllable) else STRANGE
    return 0.5 if letter == syllable else 0.0


def read(line: Line, strip: Strip) -> Found | None:
    """The name in a line, written as `홍길동 (洪吉童)` or `홍길동`; None if it holds no hangul."""
    strip = _until_bracket(strip)
    beams = [beam for beam in ctc.search(strip, _grow, beams=16) if spelt(beam.text)]
    if not beams:
        return None
    best = beams[0]
    others = [beam.score for beam in beams if spelt(beam.text) != spelt(best.text)]
    likelihood = float(ctc.scores(strip, [best.text])[0])
    margin = best.score - max(others, default=-30.0)
    return Found(line, spelt(best.text), line.text, likelihood, margin, len(best.text))


def _until_bracket(strip: Strip) -> Strip:
    """Without what follows the closing bracket: a mark, a seal."""
    closing = [glyph.end for glyph in ctc.glyphs(strip) if glyph.letter == ")"]
    return Strip(strip.odds[: closing[0] + 1], strip.letters) if closing else strip


def spelt(text: str) -> str:
    """The vendor's spelling."""
    name, _, within = text.partition("(")
    name, within = name.replace(" ", ""), within.strip(" )")
    return f"{name} ({within})" if name and within else name
