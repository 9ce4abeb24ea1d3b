"""Finds the card's four corners on a picture and which is which: so it also tells which way up the card lies."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr_integration.engine import quads
from ocr_integration.engine.arrays import Classes, Floats, Image, Points
from ocr_integration.engine.weights import CORNERS, session

SIDE, RIM = 256, 32
"""The picture's longer side as the net sees it, and the empty rim around: corners may lie beyond the frame."""
STRIDE = 4
REACH = 3
"""A corner is the middle of the heat this many cells around its peak."""
APART = 5
"""Cells between two corners at least."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Where the card may lie: corners in the picture's pixels, clockwise from its own upper left; how sure, 0 to 1."""

    corners: Points
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """What the net sees: the card's area (cells, 0 to 1), and four corners if they make a card's shape."""

    area: Floats
    outline: Outline | None
    _scale: Points
    _shift: Points

    def sure(self, score: float, agreement: float) -> bool:
        """Whether the corners are seen clearly, and the area says the same."""
        found = self.outline
        return found is not None and found.score > score and self.agreement(found.corners) > agreement

    def enlarged(self, ratio: float) -> "Sighting":
        """The same on a picture this many times as large."""
        found = self.outline and Outline(self.outline.corners * np.float32(ratio), self.outline.score)
        return replace(self, outline=found, _scale=self._scale * np.float32(ratio))

    def agreement(self, corners: Points) -> float:
        """The share of the area seen and of a shape's area that both have: 1 where they are the same."""
        shape = np.zeros(self.area.shape, np.uint8)
        cells = (corners / self._scale + self._shift) / STRIDE - 0.5
        cv2.fillPoly(shape, [np.round(cells * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
        seen = self.area > 0.5
        both = float((seen & (shape > 0)).sum())
        return both / max(float((seen | (shape > 0)).sum()), 1.0)


class CornerFinder:
    """Looks at the whole picture once, some six milliseconds on one core."""

    def __init__(self, *, threads: int = 1) -> None:
        self._net = session(CORNERS, threads=threads)
        self._input = self._net.get_inputs()[0].name

    def look(self, image: Image) -> Sighting:
        """The card as the net sees it."""
        ratio = SIDE / max(image.shape[:2])
        small = np.asarray(
            cv2.resize(image, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), np.float32
        )
        tall, wide = small.shape[:2]
        whole = SIDE + 2 * RIM
        top, left = (whole - tall) // 2, (whole - wide) // 2
        x = np.full((1, 3, whole, whole), -1, np.float32)
        x[0, :, top : top + tall, left : left + wide] = (small / 127.5 - 1).transpose(2, 0, 1)
        heat = np.asarray(self._net.run(None, {self._input: x})[0][0], np.float32)
        scale = np.array([image.shape[1] / wide, image.shape[0] / tall], np.float32)
        shift = np.array([left, top], np.float32)
        corners, score = _corners(heat[:4])
        outline = Outline((corners - shift) * scale, score) if quads.convex(corners) else None
        return Sighting(heat[4], outline, scale, shift)


def _corners(heat: Floats) -> tuple[Points, float]:
    """The four corners in pixels of the net's picture, from the card's own upper left, and how hot the least is."""
    together = np.asarray(heat.sum(0), np.float32)
    cells, score = _peaks(together)
    return np.array([_middle(together, cell) for cell in _begun(heat, cells)], np.float32), score


def _peaks(heat: Floats) -> tuple[Classes, float]:
    """(4, 2) rows and columns of the four hottest places, clockwise, and how hot the least of them is."""
    left, cells, heats = heat.copy(), [], []
    for _ in range(4):
        row, column = divmod(int(left.argmax()), left.shape[1])
        cells.append((row, column))
        heats.append(float(left[row, column]))
        left[max(0, row - APART) : row + APART + 1, max(0, column - APART) : column + APART + 1] = 0
    found = np.array(cells, np.int64)
    away = found - found.mean(0)
    return found[np.argsort(np.arctan2(away[:, 0], away[:, 1]))], min(1.0, *heats)


def _begun(heat: Floats, cells: Classes) -> Classes:
    """The four places begun at the one that looks most like the card's own upper left corner, and so on."""
    turns = [np.roll(cells, -k, axis=0) for k in range(4)]
    fits = [sum(float(heat[i, row, column]) for i, (row, column) in enumerate(turn)) for turn in turns]
    return turns[int(np.argmax(fits))]


def _middle(heat: Floats, cell: Classes) -> tuple[float, float]:
    """The middle of the heat around a peak, x and y in pixels of the net's picture."""
    row, column = (int(v) for v in cell)
    top, left = max(0, row - REACH), max(0, column - REACH)
    part = heat[top : row + REACH + 1, left : column + REACH + 1]
    part = np.maximum(part, 0.05 * float(part.max()))
    part = part - part.min() + 1e-9
    y, x = np.mgrid[top : top + part.shape[0], left : left + part.shape[1]]
    total = float(part.sum())
    return (float((x * part).sum()) / total + 0.5) * STRIDE, (float((y * part).sum()) / total + 0.5) * STRIDE
