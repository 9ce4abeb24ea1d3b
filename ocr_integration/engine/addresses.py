"""The address: its rows read as one text, put right where the gazetteer knows better and the picture allows it.

A place takes the reading's stead only if the recogniser finds it nearly as likely: what is not in the gazetteer
stays as read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ocr_integration.engine import buildings, ctc, numbering
from ocr_integration.engine.ctc import Glyph
from ocr_integration.engine.gazetteer import Gazetteer, nearest
from ocr_integration.engine.knowledge import allowed, likelier
from ocr_integration.engine.text import Strip

SHORTLIST = 64
LONGEST = 24
MOST_DISTRICTS = 4
ON_THE_ROAD = 9.0
"""Belief in a village that lies on the road read."""
NUMBER = re.compile(r"(?:지하|산)?\d{1,4}(?:-\d{1,4})?(?![\d가-힣]*(?:번길|길|로))")


@dataclass(frozen=True, slots=True)
class Address:
    """The decoded address, the plain reading, its log probability, whether the place is known, and whether the brackets
    that follow every road on a card were opened and closed."""

    text: str
    plain: str
    score: float
    known: bool
    closed: bool


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
        end = len(reading.letters)
        plain = spaced(reading.written(0, end))
        parts, at, known = self._place(reading)
        bracket = reading.text.find("(", at)
        stop = bracket if bracket >= 0 else end
        parts.append(_numbered(reading, at, stop))
        inner = ""
        if bracket >= 0:
            village, after = self._village(reading, bracket + 1, parts) if known else ("", bracket + 1)
            inner = f" ({village}{self._building(reading, after, end)}"
        text = closed(spaced(" ".join(parts) + inner))
        likely = float(ctc.scores(ctc.quiet(reading.strip), [text.replace(" ", "")])[0])
        return Address(text, plain, likely, known, bracket >= 0 and plain.endswith(")"))

    def _place(self, reading: _Reading) -> tuple[list[str], int, bool]:
        """District and road as printed, how many letters they take, and whether both are known.

        A district in doubt is the one that has the road: two districts alike seldom share it."""
        first: tuple[list[str], int, bool] = ([], 0, False)
        for spelling, at in _settled(reading, 0, self._spellings, bounded=False)[:MOST_DISTRICTS]:
            district = self._spellings[spelling]
            places = {place.replace(" ", ""): place for place in self._gazetteer.district(district).places}
            for place, end in _settled(reading, at, places, bounded=True)[:1]:
                return [district, places[place]], end, True
            first = first if first[0] else ([district], at, False)
        return first

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
        begun = max((name for name in every if name and read.startswith(name)), key=len, default="")
        if begun:
            return begun + ", ", start + len(begun)
        strip = ctc.quiet(reading.frames(start, end))
        best = likelier(
            strip,
            read,
            [(name, abs(len(name) - len(read)) + _differing(name, read)) for name in near],
            belief=ON_THE_ROAD,
        )
        return (best or reading.written(start, end)), end

    def _building(self, reading: _Reading, start: int, end: int) -> str:
        """What follows the village in the brackets: a building, known or as read."""
        text = reading.text[start:end]
        first, last = start + text.startswith(","), end - text.endswith(")")
        if first >= last:
            return reading.written(start, end)
        found = buildings.settled(ctc.quiet(reading.frames(first, last)), reading.text[first:last])
        if found is None:
            return reading.written(start, end)
        return reading.written(start, first) + f" {found}" + reading.written(last, end)


def _numbered(reading: _Reading, start: int, end: int) -> str:
    """The building's and the flat's numbers, in their grammar if that looks about as likely as what was read."""
    if start >= end:
        return ""
    found = numbering.settled(ctc.quiet(reading.frames(start, end)), reading.text[start:end])
    return reading.written(start, end) if found is None else found


def _differing(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=False))


def _settled(
    reading: _Reading, start: int, wanted: Mapping[str, str], *, bounded: bool
) -> list[tuple[str, int]]:
    """Which of the wanted texts may stand at `start`, likeliest first, and where each ends.

    `bounded` means that a number must follow."""
    text = reading.text[start:]
    if not text or not wanted:
        return []
    for end in range(min(len(text), LONGEST), 1, -1):
        if text[:end] in wanted and not (bounded and NUMBER.match(text[end:]) is None):
            return [(text[:end], start + end)]
    edits, ends = nearest(text, list(wanted))
    if bounded:
        numbered = {end: NUMBER.match(text[end:]) is not None for end in set(ends.tolist())}
        edits = edits + np.array([0 if numbered[end] else 2 for end in ends.tolist()])
    texts = list(wanted)
    lengths = np.array([len(one) for one in texts])
    order = np.lexsort((-lengths, edits))[:SHORTLIST]
    near = [i for i in order if edits[i] <= min(3, max(1, lengths[i] // 2))]
    found: list[tuple[str, int]] = []
    for end in dict.fromkeys(int(ends[i]) for i in near):
        here = [(texts[i], int(edits[i])) for i in near if int(ends[i]) == end]
        strip = ctc.quiet(reading.frames(start, start + end))
        found += [(chosen, start + end) for chosen in allowed(strip, text[:end], here)]
    return found


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


def closed(text: str) -> str:
    """With the bracket closed that the card always closes, though a thumb or the rim may hide it."""
    return text + ")" if text.count("(") > text.count(")") else text


def spaced(text: str) -> str:
    """With one space between words, one after a comma and before a bracket, none inside brackets' edges."""
    text = re.sub(r"\s*,\s*", ", ", text)
    text = re.sub(r"\s*\(\s*", " (", re.sub(r"\s+\)", ")", text))
    return re.sub(r"\s+", " ", text).strip()
