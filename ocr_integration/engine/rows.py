"""The lines of a flattened card: cutting them out, joining what stands in one row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr_integration.engine import ctc, quads
from ocr_integration.engine.arrays import Floats, Image, Points
from ocr_integration.engine.text import HEIGHT, Strip

WIDTH, TALL = 1012, 638
"""The flattened card in pixels: twelve to the millimetre."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line found on the flattened card and, once read, its strip, its greedy text, how sure its letters are on the
    mean (0 to 1), and its bracket's hanja."""

    quad: Points
    strip: Strip | None = None
    text: str = ""
    sureness: float = 0.0
    hanja: Strip | None = None

    @property
    def left(self) -> float:
        return float(self.quad[[0, 3], 0].mean())

    @property
    def right(self) -> float:
        return float(self.quad[[1, 2], 0].mean())

    @property
    def middle(self) -> float:
        return float(self.quad[:, 1].mean())

    @property
    def height(self) -> float:
        return quads.sides(self.quad)[1]

    @property
    def width(self) -> float:
        return quads.sides(self.quad)[0]

    @property
    def slant(self) -> float:
        """How far it falls for each pixel along it, either way."""
        along = self.quad[[1, 2]].mean(0) - self.quad[[0, 3]].mean(0)
        return float(abs(along[1]) / max(along[0], 1.0))

    @property
    def box(self) -> tuple[tuple[float, float], ...]:
        """Its corners in shares of the card's width and height."""
        return tuple((round(float(x) / WIDTH, 4), round(float(y) / TALL, 4)) for x, y in self.quad)


def as_read(line: Line, strip: Strip) -> Line:
    """The line with what the recogniser saw in it."""
    letters = ctc.glyphs(strip)
    text = "".join(glyph.letter for glyph in letters).strip()
    sureness = sum(glyph.odds for glyph in letters) / len(letters) if letters else 0.0
    return replace(line, strip=strip, text=text, sureness=sureness)


def widened(line: Line, heights: float) -> Line:
    """The line, not yet read, with so many of its heights more on its right."""
    along = (line.quad[[1, 2]] - line.quad[[0, 3]]) / max(line.width, 1.0)
    quad = line.quad.copy()
    quad[[1, 2]] += along * np.float32(heights * line.height)
    return Line(quad)


def part(line: Line, strip: Strip, start: int, end: int) -> Line:
    """The part of a line that steps start to end of its strip show, with the strip and text of that part."""
    steps = len(strip.odds)
    low, high = max(0, start - 1), min(steps, end + 1)
    left, right = (
        line.quad[[0, 3]] * (1 - share) + line.quad[[1, 2]] * share for share in (low / steps, high / steps)
    )
    own = Strip(strip.odds[low:high], strip.letters)
    quad = np.array([left[0], right[0], right[1], left[1]], np.float32)
    return as_read(Line(quad), own)


def beside(one: Line, other: Line) -> bool:
    """Whether both stand in one row."""
    return abs(one.middle - other.middle) < 0.45 * min(one.height, other.height)


def joined(quad_list: Sequence[Points], *, gap: float = 1.0) -> list[Line]:
    """Lines from the boxes, where neighbours in a row, of about one height and close by, become one."""
    lines = sorted((Line(quad) for quad in quad_list), key=lambda line: line.left)
    kept: list[Line] = []
    for line in lines:
        for i, other in enumerate(kept):
            high, low = max(line.height, other.height), min(line.height, other.height)
            near = -0.5 * high < line.left - other.right < gap * high
            if near and high < 1.8 * low and beside(line, other):
                kept[i] = Line(_around(other.quad, line.quad))
                break
        else:
            kept.append(line)
    return kept


def _around(left: Points, right: Points) -> Points:
    """One quadrilateral around two neighbours in a row."""
    box = cv2.minAreaRect(np.concatenate([left, right]))
    return quads.clockwise(np.asarray(cv2.boxPoints(box), np.float32))


def cut(image: Image, line: Line, to_picture: Floats, *, most: int = 0) -> Image:
    """The line from the picture itself, 48 pixels high, squeezed to `most` pixels wide if given."""
    across, down = quads.sides(line.quad)
    wide = max(16, round(across * HEIGHT / max(down, 1)))
    wide = min(wide, most) if most else wide
    source = quads.mapped(line.quad, to_picture)
    homography = quads.mapping(source, wide, HEIGHT)
    shrink = quads.sides(source)[1] / HEIGHT
    if shrink > 1.5:
        double = quads.mapping(source, wide * 2, HEIGHT * 2)
        large = cv2.warpPerspective(image, double, (wide * 2, HEIGHT * 2), flags=cv2.INTER_LINEAR,
                                    borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
        return np.asarray(cv2.resize(large, (wide, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
    flat = cv2.warpPerspective(image, homography, (wide, HEIGHT), flags=cv2.INTER_CUBIC,
                               borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
    return np.asarray(flat, np.uint8)
