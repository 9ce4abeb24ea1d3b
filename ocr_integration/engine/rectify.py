"""Flattens the card: from its outline, or from where its text runs."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr_integration.engine import quads
from ocr_integration.engine.arrays import Floats, Image, Points
from ocr_integration.engine.locate import CARD_RATIO
from ocr_integration.engine.rows import TALL, WIDTH


@dataclass(frozen=True, slots=True)
class Flat:
    """A flattened card: its picture, its corners in the source picture, whether they were found, and whether its
    text is faint and has to be brought out before it is read."""

    image: Image
    corners: Points
    located: bool
    faint: bool = False

    @property
    def to_source(self) -> Floats:
        """The homography from the flattened card to the source picture."""
        return np.asarray(np.linalg.inv(quads.mapping(self.corners, WIDTH, TALL)), np.float32)

    def placed(self, points: Points) -> Points:
        """Points of the source picture, on the flattened card."""
        return quads.mapped(points, quads.mapping(self.corners, WIDTH, TALL))


def flatten(image: Image, corners: Points, *, located: bool) -> Flat:
    """The part of the picture within the corners, as a card of WIDTH by TALL pixels."""
    homography = quads.mapping(corners, WIDTH, TALL)
    source = image
    shrink = quads.sides(corners)[0] / WIDTH
    if shrink > 1.8:
        source = np.asarray(
            cv2.resize(image, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
        )
        scaled = corners * np.float32(source.shape[1] / image.shape[1])
        homography = quads.mapping(scaled, WIDTH, TALL)
    flat = cv2.warpPerspective(source, homography, (WIDTH, TALL), flags=cv2.INTER_LINEAR,
                               borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
    return Flat(np.asarray(flat, np.uint8), np.asarray(corners, np.float32), located)


def turned(flat: Flat) -> Flat:
    """The same card upside down."""
    upside = np.ascontiguousarray(flat.image[::-1, ::-1])
    return Flat(upside, np.roll(flat.corners, -2, axis=0), flat.located)


def turned_points(points: Points) -> Points:
    """A quadrilateral on the flattened card, on the same card upside down."""
    size = np.array([WIDTH, TALL], np.float32)
    return np.roll(size - points, -2, axis=0)


def whole(image: Image) -> Points:
    """The picture's own corners, begun so that it lies."""
    height, width = image.shape[:2]
    return quads.lying(quads.rectangle(0, 0, width, height))


def card_shaped(image: Image) -> bool:
    """Whether the picture's own sides are the card's: a scan cut to its edge."""
    height, width = image.shape[:2]
    return bool(abs(max(height, width) / min(height, width) / CARD_RATIO - 1) < 0.03)


def upside_down(lines: Sequence[Points]) -> bool:
    """Whether most text stands in the right half: the portrait would be on the left."""
    weights = [quads.sides(line)[0] for line in lines]
    middles = [float(line[:, 0].mean()) for line in lines]
    mass = sum(w * x for w, x in zip(weights, middles, strict=True))
    return bool(mass > 0.5 * WIDTH * sum(weights))
