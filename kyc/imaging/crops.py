"""Crops: the part of a picture where each field stands on the card, flattened, and its outline in the picture.

Boxes are four corners on the flattened card, 0 to 1; a card's corners are pixels of the picture, clockwise from its
upper left. The picture is our own re-encoded JPEG, never a stranger's file.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Quad = Sequence[Sequence[float]]
Name = TypeVar("Name", bound=str)
CARD = (1012, 638)  # pixels of ID-1 at 300 dpi: the scale of a crop
WIDEST = 720
PAD_ACROSS, PAD_DOWN = 14, 10  # card pixels around the text, so that a cut stroke shows
QUALITY = 85


def cut(picture: NDArray[np.uint8], corners: Quad, boxes: Mapping[Name, Quad]) -> dict[Name, bytes]:
    """A JPEG for each box; {} where the corners are no use."""
    if not usable(corners):
        return {}
    card = np.asarray(corners, np.float32)
    return {name: _one(picture, card, box) for name, box in boxes.items() if usable(box)}


def outline(corners: Quad, box: Quad, width: int, height: int) -> list[tuple[float, float]]:
    """The box in the picture: four points, as shares of its width and height; [] where there is none."""
    if not usable(corners) or not usable(box) or not width or not height:
        return []
    unit = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    flat_to_picture = cv2.getPerspectiveTransform(unit, np.asarray(corners, np.float32))
    points = cv2.perspectiveTransform(np.asarray([box], np.float32), flat_to_picture)[0]
    return [(round(float(x) / width, 4), round(float(y) / height, 4)) for x, y in points]


def usable(quad: object) -> bool:
    """Whether it is four points: an old or foreign reading may hold anything."""
    return (
        isinstance(quad, list | tuple)
        and len(quad) == 4
        and all(
            isinstance(point, list | tuple)
            and len(point) == 2
            and all(isinstance(x, int | float) for x in point)
            for point in quad
        )
    )


def padded(box: Quad) -> Quad:
    """What a crop of the box shows: its upper left and lower right corner on the flattened card."""
    points, pad = np.asarray(box, np.float32), np.array((PAD_ACROSS, PAD_DOWN), np.float32) / CARD
    return [np.maximum(points.min(0) - pad, 0).tolist(), np.minimum(points.max(0) + pad, 1).tolist()]


def _one(picture: NDArray[np.uint8], card: NDArray[np.float32], box: Quad) -> bytes:
    (left, top), (right, bottom) = np.asarray(padded(box), np.float32) * np.array(CARD, np.float32)
    wide, tall = max(float(right - left), 1.0), max(float(bottom - top), 1.0)
    scale = min(WIDEST / wide, 1.6)
    size = (round(wide * scale), max(round(tall * scale), 1))
    whole = np.array([(0, 0), (CARD[0], 0), CARD, (0, CARD[1])], np.float32)
    picture_to_card = cv2.getPerspectiveTransform(card, whole)
    shift = np.array([[scale, 0, -left * scale], [0, scale, -top * scale], [0, 0, 1]], np.float64)
    flat = cv2.warpPerspective(picture, shift @ picture_to_card, size, flags=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", flat, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes())
