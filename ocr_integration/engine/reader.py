"""The card reader: one picture in, one card's fields out."""

from dataclasses import dataclass, replace

import numpy as np

from ocr_integration.contract import FieldDetail, Geometry
from ocr_integration.engine import (
    ctc,
    fields,
    geometry,
    glance,
    issued,
    layout,
    names,
    number,
    portrait,
    rectify,
    refusal,
    rows,
)
from ocr_integration.engine.addresses import Addresses
from ocr_integration.engine.arrays import Image, Points
from ocr_integration.engine.detect import Detector
from ocr_integration.engine.errors import Reason, Unreadable
from ocr_integration.engine.gazetteer import Gazetteer
from ocr_integration.engine.layout import Layout
from ocr_integration.engine.rectify import Flat
from ocr_integration.engine.rows import Line
from ocr_integration.engine.text import STRIDE, Recogniser
from ocr_integration.engine.view import View, view_of, ways_to_flatten
from ocr_integration.engine.weights import HANJA, RECOGNISER

DETECT_SIDE = 512
MOST_WAYS = 4
READS_WELL, READS_AT_ALL = -3.0, -9.0
"""Log probabilities: a number above the first stands as it was looked for, one below the second is none."""
RIM = 16.0
"""A number nearer than this to the flattened card's left edge tells that the edge is not the card's."""
WIDENED = 2.5
"""How far, in its heights, an unfinished date is looked for beyond its end."""
LOCATED = 3.0
"""What it is worth that the card's outline was found, and not guessed from its text."""
LEAST = {"ID": 0.9, "Sex": 0.9, "Birthday": 0.9, "DateOfIssue": 0.3, "Name": 0.05, "Address": 0.05}
"""A field less sure than this is left empty on the wire: better empty than wrong."""


@dataclass(frozen=True, slots=True)
class CardRead:
    """What was read: the best guess of each field, formatted as the vendor's, with its confidence."""

    fields: dict[str, FieldDetail]
    geometry: Geometry
    photo_jpeg: bytes
    photo_box: tuple[tuple[float, float], ...] | None

    def wire(self) -> dict[str, str]:
        """The vendor's fields. What is in doubt is left out; the guess stands in `fields`."""
        return {key: one.text if one.confidence >= LEAST[key] else "" for key, one in self.fields.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """One way to flatten the card, the lines read on it, and what is what if a number was among them."""

    flat: Flat
    lines: list[Line]
    layout: Layout | None

    @property
    def whole(self) -> bool:
        """Whether everything was found and the number reads well: no need to look further."""
        held = self.layout
        return bool(
            held
            and held.number.score > READS_WELL
            and held.issued
            and held.name
            and held.address
            and held.number.line.left > RIM
        )

    @property
    def worth(self) -> float:
        """To compare attempts: how well the number reads, and what else was found."""
        held = self.layout
        if held is None:
            return -99.0
        others = bool(held.issued) + bool(held.name) + bool(held.address)
        placed = LOCATED * self.flat.located + (held.number.line.left > RIM)
        return max(held.number.score, -12.0) + 2.0 * others + placed


class CardEngine:
    """Loads the models once. `read` keeps no state and may be called from several threads."""

    def __init__(self, *, threads: int = 1) -> None:
        self._detector = Detector(threads=threads)
        self._recogniser = Recogniser(RECOGNISER, threads=threads)
        self._hanja = Recogniser(HANJA, threads=threads)
        self._addresses = Addresses(Gazetteer())

    def read(self, data: bytes, *, photo: bool) -> CardRead:
        """Reads the card on a PNG or JPEG. Raises Unreadable with the reason."""
        view = view_of(data)
        attempts: list[Attempt] = []
        ways = ways_to_flatten(view, self._detector)
        for _, flat in zip(range(MOST_WAYS), ways, strict=False):
            attempts += self._attempts(view.image, flat)
            if any(attempt.whole for attempt in attempts) or refusal.another(_texts(attempts)):
                break
        best = max(attempts, key=lambda attempt: round(attempt.worth, 1))
        held = best.layout
        another = refusal.another(_texts(attempts))
        if another is not None:
            raise Unreadable(another)
        if held is None or (held.number.score < READS_AT_ALL and not (held.issued and held.name)):
            raise Unreadable(refusal.nothing_read([attempt.flat for attempt in attempts], _texts(attempts)))
        if refusal.cut_off(view.image, best.flat, held.number.line):
            raise Unreadable(Reason.CUT_OFF)
        return self._card(view, best.flat, held, photo=photo)

    def glance(self, data: bytes) -> tuple[Geometry, Reason | None]:
        """Where the card lies and how good the picture is, and why it cannot be read if that is plain already."""
        return glance.glance(data, self._detector)

    def _attempts(self, image: Image, flat: Flat) -> list[Attempt]:
        """What the flattened card holds, read upright or, if that gives no good number, upside down too."""
        found = self._detector.lines(flat.image, side=DETECT_SIDE)
        ways = [(flat, found), (rectify.turned(flat), [rectify.turned_points(quad) for quad in found])]
        if rectify.upside_down(found):
            ways.reverse()
        attempts: list[Attempt] = []
        for way, boxes in ways:
            attempts.append(self._attempt(image, way, boxes))
            held = attempts[-1].layout
            if held is not None and held.number.score > READS_WELL:
                break
        return attempts

    def _attempt(self, image: Image, flat: Flat, found: list[Points]) -> Attempt:
        lines = self._lines(image, flat, found)
        value = number.find(lines)
        if value is None:
            return Attempt(flat, lines, None)
        birthday = fields.birthday_of(value.text)
        return Attempt(flat, lines, layout.arrange(lines, value, birthday=birthday))

    def _lines(self, image: Image, flat: Flat, found: list[Points]) -> list[Line]:
        """The card's lines, read; the office at the bottom only if no date stands above it."""
        lines = [line for line in rows.joined(found) if layout.worth_reading(line)]
        office = layout.office(lines)
        read = self._read(image, flat, [line for line in lines if line not in office])
        if not any(issued.looks_like_date(line.text) for line in read):
            read += self._read(image, flat, office)
        return [self._widened(image, flat, line) for line in read]

    def _widened(self, image: Image, flat: Flat, line: Line) -> Line:
        """The line read again with more of what stands to its right, if a date seems to go on there."""
        if not issued.unfinished(line):
            return line
        (wider,) = self._read(image, flat, [rows.widened(line, WIDENED)])
        return wider if issued.looks_like_date(wider.text) else line

    def _read(self, image: Image, flat: Flat, lines: list[Line]) -> list[Line]:
        strips = self._recogniser.read([rows.cut(image, line, flat.to_source) for line in lines])
        return [
            replace(line, strip=strip, text=ctc.greedy(strip))
            for line, strip in zip(lines, strips, strict=True)
        ]

    def _hanja_of(self, image: Image, flat: Flat, line: Line) -> Line:
        """The line with what the other recogniser sees from the opening bracket on."""
        opening = names.bracket(line.strip) if line.strip is not None else None
        if opening is None:
            return line
        part = rows.cut(image, line, flat.to_source)[:, max(0, opening * STRIDE - STRIDE // 2) :]
        return replace(line, hanja=self._hanja.read([part])[0])

    def _card(self, view: View, flat: Flat, held: Layout, *, photo: bool) -> CardRead:
        name = [self._hanja_of(view.image, flat, line) for line in held.name]
        box = portrait.find(flat.image)
        size = np.array([rows.WIDTH, rows.TALL], np.float32)
        shares = None if box is None else tuple((float(x), float(y)) for x, y in (box / size).round(4))
        return CardRead(
            fields=fields.fields(replace(held, name=name), self._addresses),
            geometry=geometry.measure(flat, size=view.size, scale=view.scale),
            photo_jpeg=portrait.jpeg(flat.image, box) if photo and box is not None else b"",
            photo_box=shares,
        )


def _texts(attempts: list[Attempt]) -> list[str]:
    return [line.text for attempt in attempts for line in attempt.lines]
