"""The card reader: one picture in, one card's fields out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ocr_integration.contract import FieldDetail, Geometry
from ocr_integration.engine import (
    askew,
    ctc,
    fields,
    geometry,
    issued,
    layout,
    locate,
    names,
    number,
    picture,
    portrait,
    quads,
    rectify,
    refine,
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
from ocr_integration.engine.weights import HANJA, RECOGNISER

DETECT_SIDE = 512
WHOLE_SIDE = 736
FINE = 1000.0
"""A card this many pixels wide shows all that the recogniser can use."""
SURE_OUTLINE = 0.5
"""Score from which an outline is tried before anything else."""
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


@dataclass(frozen=True, slots=True, eq=False)
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


@dataclass(frozen=True, slots=True)
class View:
    """The picture as it is read: decoded, its outlines, and how many pixels sent make one of it."""

    image: Image
    outlines: list[locate.Outline]
    scale: float


def _view(data: bytes) -> View:
    """Decodes at half size where that shows the card well enough. Raises Unreadable."""
    longer = max(picture.size_of(data))
    half = longer >= picture.REDUCE_FROM
    image = picture.decode(data, half=half)
    found = locate.outlines(image)
    if half and not (found and found[0].score > SURE_OUTLINE and quads.sides(found[0].corners)[0] > FINE):
        ratio = max(image.shape[:2])
        image = picture.decode(data)
        ratio = max(image.shape[:2]) / ratio
        found = [locate.Outline(outline.corners * np.float32(ratio), outline.score) for outline in found]
    return View(image, found, longer / max(image.shape[:2]))


class CardEngine:
    """Loads the models once; `read` may be called from one thread at a time or several."""

    def __init__(self, *, threads: int = 1) -> None:
        self._detector = Detector(threads=threads)
        self._recogniser = Recogniser(RECOGNISER, threads=threads)
        self._hanja = Recogniser(HANJA, threads=threads)
        self._addresses = Addresses(Gazetteer())

    def read(self, data: bytes, *, photo: bool) -> CardRead:
        """Reads the card on a PNG or JPEG. Raises Unreadable with the reason."""
        view = _view(data)
        best: Attempt | None = None
        for flat in self._candidates(view):
            attempt = self._attempt(view.image, flat)
            if attempt is not None and (best is None or attempt.worth > best.worth):
                best = attempt
            if best is not None and best.whole:
                break
        if best is None:
            raise Unreadable(Reason.NUMBER_NOT_FOUND)
        return self._card(view, best, photo=photo)

    def _candidates(self, view: View) -> Iterator[Flat]:
        """Ways to flatten the picture, likeliest first: sure outlines, outlines around the text, the text alone."""
        image, found = view.image, view.outlines
        sure = [outline for outline in found[:2] if outline.score > SURE_OUTLINE]
        whole = rectify.flatten(image, rectify.whole(image), located=rectify.card_shaped(image))
        if whole.located and (not sure or quads.area(sure[0].corners) < 0.5 * quads.area(whole.corners)):
            yield whole
        for outline in sure[:1]:
            yield rectify.flatten(image, refine.sharpened(image, outline.corners), located=True)
        text = askew.text_of(self._detector.lines(image, side=WHOLE_SIDE))
        if text is not None:
            for outline in askew.holding(found[len(sure[:1]) :], *text)[:2]:
                yield rectify.flatten(image, refine.sharpened(image, outline.corners), located=True)
            for corners in askew.around(*text):
                yield rectify.flatten(image, corners, located=False)
        for outline in sure[1:]:
            yield rectify.flatten(image, refine.sharpened(image, outline.corners), located=True)
        yield whole

    def _attempt(self, image: Image, flat: Flat) -> Attempt | None:
        """What the flattened card holds, read upright or else upside down; None without a number."""
        found = self._detector.lines(flat.image, side=DETECT_SIDE)
        ways = [(flat, found), (rectify.turned(flat), [rectify.turned_points(quad) for quad in found])]
        if rectify.upside_down(found):
            ways.reverse()
        best: Attempt | None = None
        for way, boxes in ways:
            attempt = self._read(image, way, boxes)
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
        """The card's lines, read; the office at the bottom only if no date stands above it."""
        lines = [line for line in rows.joined(found) if layout.worth_reading(line)]
        office = layout.office(lines)
        read = self._texts(image, flat, [line for line in lines if line not in office])
        if not any(issued.looks_like_date(line.text) for line in read):
            read += self._texts(image, flat, office)
        return read

    def _texts(self, image: Image, flat: Flat, lines: list[Line]) -> list[Line]:
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

    def _card(self, view: View, best: Attempt, *, photo: bool) -> CardRead:
        flat = best.flat
        name = [self._hanja_of(view.image, flat, line) for line in best.layout.name]
        box = portrait.find(flat.image)
        size = np.array([rows.WIDTH, rows.TALL], np.float32)
        shares = None if box is None else tuple((float(x), float(y)) for x, y in (box / size).round(4))
        return CardRead(
            fields=fields.fields(replace(best.layout, name=name), self._addresses),
            geometry=geometry.measure(flat, scale=view.scale),
            photo_jpeg=portrait.jpeg(flat.image, box) if photo and box is not None else b"",
            photo_box=shares,
        )
