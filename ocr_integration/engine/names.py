"""The name's line: hangul, then hanja in brackets, each likely to be read as its syllable."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from ocr_integration.engine import ctc
from ocr_integration.engine.number import Found
from ocr_integration.engine.rows import Line
from ocr_integration.engine.text import Strip

DATA = Path(__file__).parent / "data"
STRANGE, EXTRA, RARE, NO_SURNAME, COMMON = 1e-3, 0.03, 0.2, 2e-3, 12
"""Weights of a hanja not known to be read as its syllable, of one beyond the name's syllables, of a syllable that
stands in no name we know of, of a first hanja that is no surname; and how many of a syllable's hanja are common."""
NATIVE = frozenset(
    "가나다라마바사아자차카타파하갈걸겨결고곰곱구굳기길깊까꽃꿈나날너널노높누눈느늘님다단달담더도돋돌두드든들"
    "라란람래러런려로루르름리린마맑맘매머먼메모몽뫼무물미믿밀바밖반밝밤방배버벌벗별보본봄부불비빈빛빼사산살새샘서설"
    "세소손솔솜송쇠수순숲스슬승시신실싱아안알앎앞애어얼에여연열예오온올옹외요우운울움웅원위유으은을음의이인일잎자잔"
    "잠재저정제조종주준즈지진찬참채초추치카코크큰키터토트티파펴포푸풀프피하한할함해햇향허헌헤혜호환효후훈휘흐희흰히힘힐"
)
SAY, MOST_SAY = 0.3, -10.0
"""How much our own recogniser has to say about hanja, and how far it may put one behind another."""
MOST_WAYS, NEARLY = 4, 8.0
"""How many readings of the hangul the hanja may choose among, and how much less likely they may be."""
TWINS = (("裴", "裵"), ("裵", "裴"))
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
def _table(file: str) -> dict[str, str]:
    """Rows of syllable <tab> hanja, the commonest first."""
    rows = (DATA / file).read_text(encoding="utf-8").splitlines()
    return dict(tuple(row.split("\t")) for row in rows)  # type: ignore[misc]


@cache
def characters(syllable: str) -> dict[str, float]:
    """The hanja read as this syllable, also where a first ㄹ or ㄴ is dropped (류 and 유), by how common they are."""
    code = ord(syllable) - FIRST
    initial, rest = divmod(code, INITIALS)
    swaps = {NIEUN: (RIEUL, IEUNG), RIEUL: (NIEUN, IEUNG), IEUNG: (RIEUL, NIEUN)}.get(initial, ())
    weights: dict[str, float] = {}
    for spelling in [syllable, *(chr(FIRST + other * INITIALS + rest) for other in swaps)]:
        for rank, letter in enumerate(_table("readings.tsv").get(spelling, "")):
            weights[letter] = max(weights.get(letter, 0.0), 1 / (1 + rank / COMMON))
    return weights


def _surname(name: str, at: int) -> str | None:
    """The hanja that a surname may have at this place of the name; None beyond it or where none is known."""
    for length in (2, 1):
        known = _table("surnames.tsv").get(name[:length])
        if known and len(name) > length:
            return (known[at] if length == 2 else known) if at < length else None
    return None


def _grow(text: str, letter: str) -> float:
    before, bracket, within = text.partition("(")
    if not bracket:
        if letter == "(":
            return 1.0 if before.strip() else 0.0
        if letter == " ":
            return 1.0 if before and not before.endswith(" ") else 0.0
        return _common(letter) if hangul(letter) else 0.0
    if within.endswith(")"):
        return 0.0
    if letter == ")":
        return 1.0 if within else 0.0
    return _fits(before.replace(" ", ""), within, letter)


def _common(syllable: str) -> float:
    """Weight of a syllable in a name."""
    return 1.0 if syllable in NATIVE or syllable in _table("readings.tsv") else RARE


def _fits(name: str, within: str, letter: str) -> float:
    """Weight of the next letter within the brackets."""
    at = len(within)
    if at >= len(name):
        return EXTRA if hanja(letter) else 0.0
    if not hanja(letter):
        return 0.5 if letter == name[at] else 0.0
    surname = _surname(name, at)
    if surname is not None:
        return 1.0 if letter in surname else NO_SURNAME * characters(name[at]).get(letter, STRANGE)
    return characters(name[at]).get(letter, STRANGE)


def bracket(strip: Strip) -> int | None:
    """The step at which the bracket opens, or None if nothing stands in it."""
    letters = ctc.glyphs(strip)
    opening = next((i for i, glyph in enumerate(letters) if glyph.letter == "("), None)
    if opening is None:
        return None
    within = [glyph.letter for glyph in letters[opening + 1 :] if glyph.letter not in " )"]
    return letters[opening].start if within else None


def _mixed(strip: Strip, name: str) -> bool:
    """Whether only the surname stands in hanja in the brackets, the rest in hangul again.

    The other recogniser knows no hangul: it sees the surname alone, or ours sees a syllable of the name again."""
    name, _, within = name.partition(" (")
    text = ctc.greedy(strip).partition("(")[2].rstrip(" )")
    if len(text) < 2 or not all(hangul(letter) for letter in text[_surname_length(name) :]):
        return False
    again = any(one == other for one, other in zip(text[1:], name[1:], strict=False))
    return again or len(within.rstrip(")")) == _surname_length(name)


def _surname_length(name: str) -> int:
    return 2 if name[:2] in _table("surnames.tsv") and len(name) > 2 else 1


def read(line: Line, strip: Strip) -> Found | None:
    """The name in a line, written as `홍길동 (洪吉童)` or `홍길동`; None if it holds no hangul."""
    opening = bracket(strip) if line.hanja is not None else None
    ways = _ways(
        line, _until_bracket(strip) if opening is None else Strip(strip.odds[:opening], strip.letters)
    )
    if not ways:
        return None
    if line.hanja is None or opening is None:
        return _first(ways)
    ours = Strip(strip.odds[opening:], strip.letters)
    best = _first([_with_hanja(way, line.hanja, ours) for way in ways])
    return _surname_only(best) if _mixed(strip, best.text) else best


def _first(ways: list[Found]) -> Found:
    """The likeliest, with how far the next is behind."""
    best, *others = sorted(ways, key=lambda way: -way.score)
    return replace(best, margin=min(best.margin, best.score - others[0].score)) if others else best


def joined(found: Found, line: Line, strip: Strip) -> Found:
    """The name with the brackets that stand apart, in a line of their own."""
    if line.hanja is None:
        inner = "".join(letter for letter in line.text if hanja(letter))
        return replace(found, text=f"{found.text} ({inner})") if inner else found
    told = _with_hanja(found, line.hanja, strip)
    return _surname_only(told) if _mixed(strip, told.text) else told


def _surname_only(found: Found) -> Found:
    """`나봄 (羅奉)` as `나봄 (羅봄)`."""
    name, _, within = found.text.partition(" (")
    length = _surname_length(name)
    return replace(found, text=f"{name} ({within[:length]}{name[length:]})")


def _ways(line: Line, strip: Strip) -> list[Found]:
    """The likeliest names in one strip, best first: hanja may tell 성(成) from a blurred 정."""
    ways: list[Found] = []
    for beam in ctc.search(strip, _grow, beams=16):
        text = spelt(beam.text)
        if text and all(text != way.text for way in ways):
            ways.append(Found(line, text, line.text, beam.score, 30.0, len(beam.text)))
    return [way for way in ways[:MOST_WAYS] if way.score > ways[0].score - NEARLY]


def _with_hanja(found: Found, strip: Strip, ours: Strip) -> Found:
    """The name with the hanja that the other recogniser sees in its brackets, ours asked where it wavers."""
    name = found.text.partition(" (")[0]
    hints = frozenset(letter for syllable in name for letter in characters(syllable))
    beams = ctc.search(
        ctc.quiet(strip), lambda text, letter: _within(name, text, letter), beams=20, hints=hints
    )
    scores: dict[str, float] = {}
    for beam in beams:
        inner = _inner(beam.text)
        scores[inner] = max(scores.get(inner, beam.score), beam.score)
    scores.pop("", None)
    if not scores:
        return found
    second = ctc.scores(ctc.quiet(_until_bracket(ours)), [f"({inner})" for inner in scores])
    second = np.maximum(second - second.max(), MOST_SAY)
    ranked = sorted(((scores[inner] + SAY * float(say), inner) for inner, say in zip(scores, second, strict=True)),
                    reverse=True)  # fmt: skip
    margin = ranked[0][0] - ranked[1][0] if len(ranked) > 1 else 30.0
    inner = ranked[0][1]
    return replace(
        found,
        text=f"{name} ({_as_printed(inner, ours)})",
        score=found.score + scores[inner],
        margin=min(found.margin, margin),
    )


def _as_printed(inner: str, ours: Strip) -> str:
    """With the form of a letter that our own recogniser reads: the other one was taught that both are the same."""
    read = ctc.greedy(ours)
    for one, other in TWINS:
        if one in inner and other in read:
            inner = inner.replace(one, other)
    return inner


def _within(name: str, text: str, letter: str) -> float:
    """Weight of the next letter where only the brackets are read."""
    if letter == "(":
        return 0.0 if text else 1.0
    if letter == ")" or text.endswith(")"):
        return 1.0 if letter == ")" and _inner(text) and not text.endswith(")") else 0.0
    return _fits(name, _inner(text), letter)


def _inner(text: str) -> str:
    return text.strip("()")


def _until_bracket(strip: Strip) -> Strip:
    """Without what follows the closing bracket: a mark, a seal."""
    closing = [glyph.end for glyph in ctc.glyphs(strip) if glyph.letter == ")"]
    return Strip(strip.odds[: closing[0] + 1], strip.letters) if closing else strip


def spelt(text: str) -> str:
    """The vendor's spelling."""
    name, _, within = text.partition("(")
    name, within = name.replace(" ", ""), within.strip(" )")
    return f"{name} ({within})" if name and within else name
