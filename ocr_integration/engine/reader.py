"""The card reader: one picture in, one card's fields out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ocr_integration.contract import FieldDetail, Geometry
from ocr_integration.engine import (
    ctc,
    fields,
    geometry,
    layout,
    locate,
    number,
    picture,
    portrait,
    rectify,
    rows,
)
from ocr_integration.engine.arrays import Image, Points
from ocr_integration.engine.detect import Detector
from ocr_integration.engine.errors import Reason, Unreadable
from ocr_integration.engine.layout import Layout
from ocr_integration.engine.rectify import Flat
from ocr_integration.engine.rows import Line
from ocr_integration.engine.text import Recogniser

DETECT_SIDE = 512
READS_WELL = -3.0
"""Log probability from which a number is taken to stand where and as it was looked for."""
SURE = 0.9
"""A number less sure than this is left empty on the wire."""


@dataclass(frozen=True, slots=True)
class CardRead:
    """What was read. `fields` holds the best guess of each field, formatted as the vendor's, with its confidence."""

    fields: dict[str, FieldDetail]
    geometry: Geometry
    photo_jpeg: bytes
    photo_box: tuple[tuple[float, float], ...] | None

    def wire(self) -> dict[str, str]:
        """The vendor's fields: better empty than wrong, so a number in doubt is left out with what follows from it."""
        said = {key: detail.text for key, detail in self.fields.items()}
        if self.fields["ID"].confidence < SURE:
            said |= {"ID": "", "Sex": "", "Birthday": ""}
        return said


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to flatten the card and what it gave."""

    flat: Flat
    layout: Layout

    @property
    def whole(self) -> bool:
        """Whether everything was found and the number reads well: no need to look further."""
        held = self.layout
        return bool(held.number.score > READS_WELL and held.issued and held.name and held.address)

    @property
    def worth(self) -> float:
        """To compare attempts: how well the number reads, and what else was found."""
        held = self.layout
        others = bool(held.issued) + bool(held.name) + bool(held.address)
        return max(held.number.score, -12.0) + 2.0 * others


class CardEngine:
    """Loads the models once; `read` may be called from one thread at a time or several."""

    def __init__(self, *, threads: int = 1) -> None:
        self._detector = Detector(threads=threads)
        self._recogniser = Recogniser(threads=threads)

    def read(self, data: bytes, *, photo: bool) -> CardRead:
        """Reads the card on a PNG or JPEG. Raises Unreadable with the reason."""
        width, height = picture.size_of(data)
        half = max(width, height) >= picture.REDUCE_FROM
        image = picture.decode(data, half=half)
        scale = max(width, height) / max(image.shape[:2])
        best: Attempt | None = None
        for flat in self._candidates(image):
            attempt = self._attempt(image, flat)
            if attempt is not None and (best is None or attempt.worth > best.worth):
                best = attempt
            if best is not None and best.whole:
                break
        if best is None:
            raise Unreadable(Reason.NUMBER_NOT_FOUND)
        return self._card(best, scale=scale, photo=photo)

    def _candidates(self, image: Image) -> Iterator[Flat]:
        """Ways to flatten the picture, likeliest first, and at last the whole picture."""
        found = locate.outlines(image)
        for outline in found:
            yield rectify.flatten(image, outline.corners, located=True)
        yield rectify.flatten(image, rectify.whole(image), located=rectify.card_shaped(image))

    def _attempt(self, image: Image, flat: Flat) -> Attempt | None:
        """What the flattened card holds, read upright or else upside down; None without a number."""
        found = self._detector.lines(flat.image, side=DETECT_SIDE)
        ways = [(flat, found), (rectify.turned(flat), [rectify.turned_points(quad) for quad in found])]
        if rectify.upside_down(found):
            ways.reverse()
        best: Attempt | None = None
        for way, quads in ways:
            attempt = self._read(image, way, quads)
            if attempt is not None and (best is None or attempt.worth > best.worth):
                best = attempt
            if best is not None and best.layout.number.score > READS_WELL:
                break
        return best

    def _read(self, image: Image, flat: Flat, found: list[Points]) -> Attempt | None:
        lines = self._lines(image, flat, found)
        value = number.find(lines)
        if value is None:
            return None
        return Attempt(flat, layout.arrange(lines, value, birthday=fields.birthday_of(value.text)))

    def _lines(self, image: Image, flat: Flat, found: list[Points]) -> list[Line]:
        lines = [line for line in rows.joined(found) if layout.worth_reading(line)]
        strips = self._recogniser.read([rows.cut(image, line, flat.to_source) for line in lines])
        return [
            replace(line, strip=strip, text=ctc.greedy(strip))
            for line, strip in zip(lines, strips, strict=True)
        ]

    def _card(self, best: Attempt, *, scale: float, photo: bool) -> CardRead:
        flat = best.flat
        box = portrait.find(flat.image)
        size = np.array([rows.WIDTH, rows.TALL], np.float32)
        shares = None if box is None else tuple((float(x), float(y)) for x, y in (box / size).round(4))
        return CardRead(
            fields=fields.fields(best.layout),
            geometry=geometry.measure(flat, scale=scale),
            photo_jpeg=portrait.jpeg(flat.image, box) if photo and box is not None else b"",
            photo_box=shares,
        )
