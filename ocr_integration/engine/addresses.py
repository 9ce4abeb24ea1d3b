"""The address: its rows read as one text, put right where the gazetteer knows better and the picture allows it.

A place takes the reading's stead only if the recogniser finds it nearly as likely: what is not in the gazetteer
stays as read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ocr_integration.engine import ctc
from ocr_integration.engine.ctc import Glyph
from ocr_integration.engine.gazetteer import Gazetteer, nearest
from ocr_integration.engine.text import Strip

BELIEF, EACH, DOUBT, MOST_BELIEF = 5.0, 2.0, 3.0, 13.0
"""How much less likely (natural logarithm) a known place may look than the reading: for one edit, each more,
where a letter was read in doubt, at most."""
CLEAR = 0.97
SHORTLIST = 64
LONGEST = 24
NUMBER = re.compile(r"(?:지하|산)?\d{1,4}(?:-\d{1,4})?(?![\d가-힣]*(?:번길|길|로))")


@dataclass(frozen=True, slots=True)
class Address:
    """The decoded address, the plain reading, log probability per doubt, and whether the place is known."""

    text: str
    plain: str
    score: float
    known: bool


@dataclass(frozen=True, slots=True)
class _Reading:
    """The rows as one strip, its letters without spaces, and before which of them a space was read."""

    strip: Strip
    letters: tuple[Glyph, ...]
    spaced: frozenset[int]

    @property
    def text(self) -> str:
        return "".join(glyph.letter for glyph in self.letters)

    def frames(self, start: int, end: int) -> Strip:
        """The part of the strip that holds letters start to end."""
        first = self.letters[start - 1].end if start else 0
        last = self.letters[end].start if end < len(self.letters) else len(self.strip.odds)
        return Strip(self.strip.odds[first:last], self.strip.letters)

    def written(self, start: int, end: int) -> str:
        """Letters start to end with their spaces, as read."""
        return "".join(
            (" " if i in self.spaced and i > start else "") + self.letters[i].letter
            for i in range(start, end)
        )


class Addresses:
    """Decodes addresses with one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._spellings = {name.replace(" ", ""): name for name in gazetteer.districts}

    def read(self, rows: Sequence[Strip]) -> Address:
        """The address written in some strips, in reading order."""
        reading = _joined(rows)
        plain = spaced(reading.written(0, len(reading.letters)))
        parts, at, known = self._place(reading)
        end = len(reading.letters)
        bracket = reading.text.find("(", at)
        if known and bracket >= 0:
            village, after = self._village(reading, bracket + 1, parts)
            rest = [reading.written(at, bracket) + " (", village + reading.written(after, end)]
        else:
            rest = [reading.written(at, end)]
        text = spaced(" ".join([*parts, rest[0]]).strip() + "".join(rest[1:]))
        likely = float(ctc.scores(ctc.quiet(reading.strip), [text.replace(" ", "")])[0])
        return Address(text, plain, likely, known)

    def _place(self, reading: _Reading) -> tuple[list[str], int, bool]:
        """District and road as printed, how many letters they take, and whether both are known."""
        found = _settled(reading, 0, self._spellings, bounded=False)
        if found is None:
            return [], 0, False
        district, at = self._spellings[found[0]], found[1]
        places = {place.replace(" ", ""): place for place in self._gazetteer.district(district).places}
        found = _settled(reading, at, places, bounded=True)
        if found is None:
            return [district], at, False
        return [district, places[found[0]]], found[1], True

    def _village(self, reading: _Reading, start: int, parts: list[str]) -> tuple[str, int]:
        """The village in brackets, and where it ends."""
        end = next(
            (i for i in range(start, len(reading.letters)) if reading.text[i] in ",()."), len(reading.letters)
        )
        read = reading.text[start:end]
        district = self._gazetteer.district(parts[0])
        near = district.villages[parts[1]]
        every = near or frozenset().union(*district.villages.values())
        if not read or read in every:
            return reading.written(start, end), end
        strip = ctc.quiet(reading.frames(start, end))
        best = _likelier(
            strip, read, [(name, abs(len(name) - len(read)) + _differing(name, read)) for name in near]
        )
        return (best or reading.written(start, end)), end


def _differing(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=False))


def _settled(
    reading: _Reading, start: int, wanted: Mapping[str, str], *, bounded: bool
) -> tuple[str, int] | None:
    """Which of the wanted texts stands at `start`, and where it ends; `bounded` means a number must follow."""
    text = reading.text[start:]
    if not text or not wanted:
        return None
    for end in range(min(len(text), LONGEST), 1, -1):
        if text[:end] in wanted and not (bounded and NUMBER.match(text[end:]) is None):
            return text[:end], start + end
    edits, ends = nearest(text, list(wanted))
    if bounded:
        numbered = {end: NUMBER.match(text[end:]) is not None for end in set(ends.tolist())}
        edits = edits + np.array([0 if numbered[end] else 2 for end in ends.tolist()])
    texts = list(wanted)
    lengths = np.array([len(one) for one in texts])
    order = np.lexsort((-lengths, edits))[:SHORTLIST]
    near = [i for i in order if edits[i] <= min(3, max(1, lengths[i] // 2))]
    for end in dict.fromkeys(int(ends[i]) for i in near):
        here = [(texts[i], int(edits[i])) for i in near if int(ends[i]) == end]
        strip = ctc.quiet(reading.frames(start, start + end))
        chosen = _likelier(strip, text[:end], here)
        if chosen is not None:
            return chosen, start + end
    return None


def _likelier(strip: Strip, read: str, wanted: Sequence[tuple[str, int]]) -> str | None:
    """The wanted text (with its edits) that the strip allows best, or None if none comes near the reading."""
    if not wanted or not len(strip.odds):
        return None
    scores = ctc.scores(strip, [read, *(text for text, _ in wanted)])
    doubt = DOUBT if min((glyph.odds for glyph in ctc.glyphs(strip)), default=0.0) < CLEAR else 0.0
    allowed = np.array([min(MOST_BELIEF, BELIEF + EACH * (edits - 1) + doubt) for _, edits in wanted])
    lead = scores[1:] - scores[0] + allowed
    best = int(np.argmax(np.where(lead > 0, scores[1:], -np.inf)))
    return wanted[best][0] if lead[best] > 0 else None


def _joined(rows: Sequence[Strip]) -> _Reading:
    """The rows as one, a space between them."""
    letters = rows[0].letters
    gap = np.zeros((1, len(letters)), np.float32)
    gap[0, letters.index(" ")] = 1
    odds = np.concatenate([part for row in rows for part in (row.odds, gap)][:-1])
    strip = Strip(odds, letters)
    found: list[Glyph] = []
    spaces: set[int] = set()
    for glyph in ctc.glyphs(strip):
        if glyph.letter == " ":
            spaces.add(len(found))
        else:
            found.append(glyph)
    return _Reading(strip, tuple(found), frozenset(spaces))


def spaced(text: str) -> str:
    """With one space between words, one after a comma and before a bracket, none inside brackets' edges."""
    text = re.sub(r"\s*,\s*", ", ", text)
    text = re.sub(r"\s*\(\s*", " (", re.sub(r"\s+\)", ")", text))
    return re.sub(r"\s+", " ", text).strip()
