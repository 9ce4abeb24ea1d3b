"""Finds the card's four corners on a picture with a small net of our own (`training/corners.py`)."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr_integration.engine import quads
from ocr_integration.engine.arrays import Floats, Image, Points
from ocr_integration.engine.weights import CORNERS, session

SIDE, RIM = 256, 32
"""The picture's longer side as the net sees it, and the empty rim around: corners may lie beyond the frame."""
STRIDE = 4
REACH = 3
"""A corner is the middle of the heat this many cells around its peak."""
APART = 5
"""Cells between two corners at least."""
NEAR, MARGIN = (448, 282), 32
"""Pixels of the card, and around it, for the look from near."""
FAINT, FAR = 0.3, 30.0
"""From near: a corner less hot, or further (pixels) from where it should be, is not believed."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Where the card may lie: corners in the picture's pixels, lying; how sure, 0 to 1."""

    corners: Points
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """What the net sees: the card's area (cells, 0 to 1), and, where they make a card's shape, its corners and those of
    its portrait (in the picture's pixels)."""

    area: Floats
    outline: Outline | None
    portrait: Points | None
    _scale: Points
    _shift: Points

    def sure(self, score: float, agreement: float) -> bool:
        """Whether the corners are seen clearly, and the area says the same."""
        found = self.outline
        return found is not None and found.score > score and self.agreement(found.corners) > agreement

    def enlarged(self, ratio: float) -> "Sighting":
        """The same on a picture this many times as large."""
        times = np.float32(ratio)
        found = self.outline and Outline(self.outline.corners * times, self.outline.score)
        portrait = None if self.portrait is None else self.portrait * times
        return replace(self, outline=found, portrait=portrait, _scale=self._scale * times)

    def agreement(self, corners: Points) -> float:
        """The share of the area seen and of a shape's area that both have: 1 where they are the same."""
        shape = np.zeros(self.area.shape, np.uint8)
        cells = (corners / self._scale + self._shift) / STRIDE - 0.5
        cv2.fillPoly(shape, [np.round(cells * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
        seen = self.area > 0.5
        both = float((seen & (shape > 0)).sum())
        return both / max(float((seen | (shape > 0)).sum()), 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """The net's answer to one picture: maps of the card's corners, its area and its portrait's corners."""

    corners: Floats
    area: Floats
    portrait: Floats
    scale: Points
    shift: Points

    def places(self, heat: Floats) -> tuple[Points, float]:
        """The four hottest places of a map in the picture's pixels, clockwise, and how hot the least is."""
        found, score = four_corners(heat)
        return quads.clockwise((found - self.shift) * self.scale), score


class CornerFinder:
    """Looks at the whole picture, then closer at what it found: some six milliseconds a look on one core."""

    def __init__(self, *, threads: int = 1) -> None:
        self._net = session(CORNERS, threads=threads)
        self._input = self._net.get_inputs()[0].name

    def look(self, image: Image) -> Sighting:
        """The card as the net sees it: its area at a glance, its corners and its portrait at a second one from near."""
        glance = self._look(image)
        corners, score = glance.places(glance.corners)
        first = Outline(quads.lying(corners), score) if quads.convex(corners) else None
        outline, portrait = self._nearer(image, first) if first else (None, None)
        return Sighting(glance.area, outline, portrait, glance.scale, glance.shift)

    def _nearer(self, image: Image, first: Outline) -> tuple[Outline, Points | None]:
        """Corners and portrait on the picture straightened by the first corners; those, if nothing is there."""
        homography = quads.mapping(first.corners, *NEAR)
        moved = np.array([[1, 0, MARGIN], [0, 1, MARGIN], [0, 0, 1]], np.float32) @ homography
        size = (NEAR[0] + 2 * MARGIN, NEAR[1] + 2 * MARGIN)
        around = cv2.warpPerspective(
            image, moved, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
        )
        near = self._look(np.asarray(around, np.uint8))
        back = np.asarray(np.linalg.inv(moved), np.float32)
        corners, score = near.places(near.corners)
        slip = float(np.abs(corners - MARGIN - quads.rectangle(0, 0, *NEAR)).max())
        if score < FAINT or slip > FAR:
            return first, None
        portrait, clear = near.places(near.portrait)
        seen = quads.mapped(portrait, back) if clear > FAINT and quads.convex(portrait) else None
        return Outline(quads.mapped(corners, back), min(score, first.score)), seen

    def _look(self, image: Image) -> _Look:
        ratio = SIDE / max(image.shape[:2])
        small = np.asarray(
            cv2.resize(image, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), np.float32
        )
        tall, wide = small.shape[:2]
        whole = SIDE + 2 * RIM
        top, left = (whole - tall) // 2, (whole - wide) // 2
        x = np.full((1, 3, whole, whole), -1, np.float32)
        x[0, :, top : top + tall, left : left + wide] = (small / 127.5 - 1).transpose(2, 0, 1)
        corners, area, portrait = np.asarray(self._net.run(None, {self._input: x})[0][0], np.float32)
        scale = np.array([image.shape[1] / wide, image.shape[0] / tall], np.float32)
        return _Look(corners, area, portrait, scale, np.array([left, top], np.float32))


def four_corners(heat: Floats) -> tuple[Points, float]:
    """The four hottest places of a map in pixels of the net's picture, and how hot the least is."""
    left, cells, heats = heat.copy(), [], []
    for _ in range(4):
        row, column = divmod(int(left.argmax()), left.shape[1])
        cells.append((row, column))
        heats.append(float(left[row, column]))
        left[max(0, row - APART) : row + APART + 1, max(0, column - APART) : column + APART + 1] = 0
    places = np.array([_middle(heat, row, column) for row, column in cells], np.float32)
    return places, min(heats)


def _middle(heat: Floats, row: int, column: int) -> tuple[float, float]:
    """The middle of the heat around a peak, x and y in pixels of the net's picture."""
    top, left = max(0, row - REACH), max(0, column - REACH)
    part = heat[top : row + REACH + 1, left : column + REACH + 1]
    part = np.maximum(part, 0.05 * float(part.max()))
    part = part - part.min() + 1e-9
    y, x = np.mgrid[top : top + part.shape[0], left : left + part.shape[1]]
    total = float(part.sum())
    return (float((x * part).sum()) / total + 0.5) * STRIDE, (float((y * part).sum()) / total + 0.5) * STRIDE
