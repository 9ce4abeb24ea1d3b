"""Four-sided shapes from the contours of several channels."""

from collections.abc import Iterator

import cv2
import numpy as np

from ocr_integration.engine import quads
from ocr_integration.engine.arrays import Image, Points

MOST_RATIO = 2.4


def shapes(small: Image, lab: Image) -> Iterator[Points]:
    """Shapes that fill at least nine tenths of their four corners, on a picture of some 640 pixels."""
    area = small.shape[0] * small.shape[1]
    for mask in _masks(small, lab):
        for contour in cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]:
            if 0.02 * area < cv2.contourArea(contour) < 0.97 * area:
                quad = _four_sided(np.asarray(cv2.convexHull(contour)))
                if quad is not None:
                    yield quad


def _channels(small: Image, lab: Image) -> Iterator[Image]:
    """Pictures in which the card may stand out: lightness, colour, and the distance from the rim's colour."""
    rim = np.concatenate([lab[:6].reshape(-1, 3), lab[-6:].reshape(-1, 3), lab[:, :6].reshape(-1, 3),
                          lab[:, -6:].reshape(-1, 3)])  # fmt: skip
    away = cv2.split(cv2.absdiff(lab, np.broadcast_to(np.median(rim, axis=0).astype(np.uint8), lab.shape)))
    blue, green, red = cv2.split(small)
    yield lab[..., 0]
    spread = cv2.subtract(cv2.max(blue, cv2.max(green, red)), cv2.min(blue, cv2.min(green, red)))
    yield np.asarray(spread, np.uint8)
    distance = cv2.magnitude(*(np.asarray(one, np.float32) for one in away[:2]))
    yield np.asarray(
        cv2.convertScaleAbs(cv2.magnitude(distance, np.asarray(away[2], np.float32)), None, 2), np.uint8
    )


def _masks(small: Image, lab: Image) -> Iterator[Image]:
    kernel = np.ones((9, 9), np.uint8)
    for channel in _channels(small, lab):
        smooth = cv2.bilateralFilter(cv2.medianBlur(np.ascontiguousarray(channel), 5), 7, 40, 7)
        _, mask = cv2.threshold(smooth, 0, 255, cv2.THRESH_OTSU)
        mask = cv2.morphologyEx(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel), cv2.MORPH_CLOSE, kernel)
        yield np.asarray(mask, np.uint8)
        yield np.asarray(255 - np.asarray(mask), np.uint8)
        edges = cv2.dilate(cv2.Canny(smooth, 20, 60), np.ones((3, 3), np.uint8))
        yield np.asarray(edges, np.uint8)


def _four_sided(hull: Points) -> Points | None:
    """The hull's four corners, its edges fitted, or None if it is not nearly filled by four sides."""
    length = cv2.arcLength(hull, True)
    shape = hull
    for share in (0.015, 0.02, 0.03, 0.04, 0.06):
        shape = np.asarray(cv2.approxPolyDP(hull, share * length, True))
        if len(shape) == 4:
            break
    corners = shape.reshape(4, 2) if len(shape) == 4 else np.asarray(cv2.boxPoints(cv2.minAreaRect(hull)))
    quad = quads.clockwise(corners.astype(np.float32))
    size, inside = quads.area(quad), cv2.contourArea(hull)
    wide, tall = sorted(quads.sides(quad), reverse=True)
    if min(inside / max(size, 1), size / max(inside, 1)) < 0.9 or wide > MOST_RATIO * tall:
        return None
    return quads.refitted(quad, hull.reshape(-1, 2).astype(np.float32))
