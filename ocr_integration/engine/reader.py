"""The card reader: one picture in, one card's fields out."""

from dataclasses import dataclass, replace

import numpy as np

from ocr_integration.contract import FieldDetail, Geometry
from ocr_integration.engine import (
    contrast,
    fields,
    geometry,
    glance,
    issued,
    kinds,
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
from ocr_integration.engine.attempt import READS_WELL, Attempt
from ocr_integration.engine.corners import CornerFinder
from ocr_integration.engine.detect import CARD_SIDE, Detector
from ocr_integration.engine.errors import Reason, Unreadable
from ocr_integration.engine.gazetteer import Gazetteer
from ocr_integration.engine.layout import Layout
from ocr_integration.engine.rectify import Flat
from ocr_integration.engine.rows import Line
from ocr_integration.engine.text import STRIDE, Recogniser
from ocr_integration.engine.view import View, view_of, ways_to_flatten
from ocr_integration.engine.weights import HANJA, RECOGNISER

MOST_WAYS = 4
READS_AT_ALL = -9.0
"""A number less likely than this (log probability), with neither date nor name beside it, is none."""
MOST_LINES = 20
"""A card shows about a dozen: of a page full of text only so many, the tallest, are read."""
WIDENED = 2.5
"""How far, in its heights, an unfinished date is looked for beyond its end."""
CLEAR = 0.95
"""How sure the letters are on a card that need not be looked at again."""
LEAST = {"ID": 0.9, "Sex": 0.9, "Birthday": 0.9, "DateOfIssue": 0.3, "Name": 0.05, "Address": 0.05}
"""A field less sure than this is left empty on the wire: better empty than wrong."""


@dataclass(frozen=True, slots=True)
class CardRead:
    """What was read: the best guess of each field, formatted as the vendor's, with its confidence."""

    kind: str
    fields: dict[str, FieldDetail]
    geometry: Geometry
    photo_jpeg: bytes
    photo_box: tuple[tuple[float, float], ...] | None

    def wire(self) -> dict[str, str]:
        """The vendor's fields. What is in doubt is left out; the guess stands in `fields`."""
        return {key: one.text if one.confidence >= LEAST[key] else "" for key, one in self.fields.items()}


class CardEngine:
    """Loads the models once. `read` keeps no state and may be called from several threads."""

    def __init__(self, *, threads: int = 1) -> None:
        self._corners = CornerFinder(threads=threads)
        self._detector = Detector(threads=threads)
        self._recogniser = Recogniser(RECOGNISER, threads=threads)
        self._hanja = Recogniser(HANJA, threads=threads)
        self._addresses = Addresses(Gazetteer())

    def read(self, data: bytes, *, photo: bool) -> CardRead:
        """Reads the card on a PNG or JPEG. Raises Unreadable with the reason."""
        view = view_of(data, self._corners)
        attempts: list[Attempt] = []
        ways = ways_to_flatten(view, self._detector)
        for _, flat in zip(range(MOST_WAYS), ways, strict=False):
            attempts += self._attempts(view.image, flat)
            settled = any(attempt.whole or attempt.placed for attempt in attempts)
            if settled or refusal.another(_texts(attempts)):
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
        return glance.glance(data, self._corners, self._detector)

    def _attempts(self, image: Image, flat: Flat) -> list[Attempt]:
        """What the flattened card holds, read upright or, if that gives no good number, upside down too; where text
        is faint or missing, once more with the text brought out."""
        found = self._found(flat)
        ways = [(flat, found), (rectify.turned(flat), [rectify.turned_points(quad) for quad in found])]
        if rectify.upside_down(found):
            ways.reverse()
        attempts: list[Attempt] = []
        for way, boxes in ways:
            attempts.append(self._attempt(image, way, boxes))
            held = attempts[-1].layout
            if held is not None and held.number.score > READS_WELL:
                break
        best = max(attempts, key=lambda attempt: attempt.worth)
        if best.layout is not None and not (best.layout.whole and best.layout.clearness > CLEAR):
            attempts.append(self._again(image, best, best.layout))
        return attempts

    def _again(self, image: Image, attempt: Attempt, held: Layout) -> Attempt:
        """The attempt with what another look, at text brought out, shows better: at its faint lines where every part
        was found, else at the whole card."""
        faint = replace(attempt.flat, faint=True)
        if held.whole:
            lines = held.fainter(CLEAR)
            return replace(attempt, layout=held.read_again(lines, self._read(image, faint, lines)))
        again = self._attempt(image, faint, self._found(faint)).layout
        return replace(attempt, layout=held.joined(again)) if again is not None else attempt

    def _found(self, flat: Flat) -> list[Points]:
        """The lines of text on a flattened card."""
        seen = contrast.evened(flat.image) if flat.faint else flat.image
        tall, wide = seen.shape[:2]
        size = np.array([rows.WIDTH / wide, rows.TALL / tall], np.float32)
        return [quad * size for quad in self._detector.lines(seen, side=CARD_SIDE)]

    def _attempt(self, image: Image, flat: Flat, found: list[Points]) -> Attempt:
        """The card's lines, read, and what is what; what seems to be the office only until a date is found there."""
        lines = [line for line in rows.joined(found) if layout.worth_reading(line)]
        lines = sorted(lines, key=lambda line: -line.height)[:MOST_LINES]
        office = layout.office(lines)
        read = self._read_all(image, flat, [line for line in lines if line not in office])
        kind = kinds.told_by(line.text for line in read) or kinds.RESIDENT
        value = number.find(read, centuries=kind.centuries)
        if value is None:
            return Attempt(flat, read, None)
        held = layout.arrange(kind, read, value)
        for line in office:
            if held.issued is not None:
                break
            read += self._read_all(image, flat, [line])
            held = layout.arrange(kind, read, value)
        return Attempt(flat, read, held)

    def _read_all(self, image: Image, flat: Flat, lines: list[Line]) -> list[Line]:
        return [self._widened(image, flat, line) for line in self._read(image, flat, lines)]

    def _widened(self, image: Image, flat: Flat, line: Line) -> Line:
        """The line read again with more of what stands to its right, if a date seems to go on there."""
        if not issued.unfinished(line):
            return line
        (wider,) = self._read(image, flat, [rows.widened(line, WIDENED)])
        return wider if issued.looks_like_date(wider.text) else line

    def _read(self, image: Image, flat: Flat, lines: list[Line]) -> list[Line]:
        strips = self._recogniser.read([_cut(image, flat, line) for line in lines])
        return [rows.as_read(line, strip) for line, strip in zip(lines, strips, strict=True)]

    def _hanja_of(self, image: Image, flat: Flat, line: Line) -> Line:
        """The line with what the other recogniser sees from the opening bracket on."""
        opening = names.bracket(line.strip) if line.strip is not None else None
        if opening is None:
            return line
        part = contrast.stretched(rows.cut(image, line, flat.to_source))[
            :, max(0, opening * STRIDE - STRIDE // 2) :
        ]
        return replace(line, hanja=self._hanja.read([part])[0])

    def _card(self, view: View, flat: Flat, held: Layout, *, photo: bool) -> CardRead:
        name = [self._hanja_of(view.image, flat, line) for line in held.name]
        seen = view.sighting.portrait
        box = portrait.find(flat.image, None if seen is None else flat.placed(seen))
        size = np.array([rows.WIDTH, rows.TALL], np.float32)
        shares = None if box is None else tuple((float(x), float(y)) for x, y in (box / size).round(4))
        return CardRead(
            kind=held.kind.code,
            fields=fields.fields(replace(held, name=name), self._addresses),
            geometry=geometry.measure(flat, size=view.size, scale=view.scale),
            photo_jpeg=portrait.jpeg(flat.image, box) if photo and box is not None else b"",
            photo_box=shares,
        )


def _cut(image: Image, flat: Flat, line: Line) -> Image:
    """The line as it is given to a recogniser."""
    strip = rows.cut(image, line, flat.to_source)
    return contrast.stretched(strip) if flat.faint else strip


def _texts(attempts: list[Attempt]) -> list[str]:
    return [line.text for attempt in attempts for line in attempt.lines]
