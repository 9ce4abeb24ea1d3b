"""Finds the card's outline: contours of several channels, judged by how much they look like a card."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from ocr_integration.engine import quads
from ocr_integration.engine.arrays import Image, Points

SIDE = 640
CARD_RATIO = 85.6 / 53.98
MAX_SKEW = 0.33
"""How far, as a logarithm, the outline's sides may be from the card's ratio: perspective shortens one of them."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A shape that may be the card: its corners in the picture's pixels (lying), and how card-like it is."""

    corners: Points
    score: float


def outlines(image: Image, *, most: int = 3) -> list[Outline]:
    """The likeliest outlines, best first, no two of them nearly the same; empty if none looks like a card."""
    ratio = SIDE / max(image.shape[:2])
    small = cv2.resize(image, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    found: list[Outline] = []
    for mask in _masks(np.asarray(small, np.uint8)):
        for contour in cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]:
            outline = _judged(np.asarray(contour), small.shape[0] * small.shape[1])
            if outline is not None:
                found.append(outline)
    kept: list[Outline] = []
    for outline in sorted(found, key=lambda o: -o.score):
        if len(kept) < most and not any(_same(outline.corners, other.corners) for other in kept):
            kept.append(outline)
    return [Outline(quads.lying(o.corners) / ratio, o.score) for o in kept]


def _same(one: Points, other: Points) -> bool:
    distances = np.linalg.norm(one[:, None] - other[None], axis=2).min(1)
    return float(distances.max()) < 0.06 * quads.sides(one)[0]


def _channels(small: Image) -> Iterator[Image]:
    """Pictures in which the card may stand out: grey, colours, and the distance from the rim's colour."""
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB))
    rim = np.concatenate([lab[:6].reshape(-1, 3), lab[-6:].reshape(-1, 3), lab[:, :6].reshape(-1, 3),
                          lab[:, -6:].reshape(-1, 3)])  # fmt: skip
    distance = np.linalg.norm(lab.astype(np.float32) - np.median(rim, axis=0), axis=2)
    yield np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    yield np.asarray(lab[..., 1], np.uint8)
    yield np.asarray(lab[..., 2], np.uint8)
    hsv = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2HSV), np.uint8)
    yield hsv[..., 1]
    yield hsv[..., 2]
    yield np.clip(distance * 2, 0, 255).astype(np.uint8)


def _masks(small: Image) -> Iterator[Image]:
    kernel = np.ones((9, 9), np.uint8)
    for channel in _channels(small):
        smooth = cv2.bilateralFilter(cv2.medianBlur(np.ascontiguousarray(channel), 5), 7, 40, 7)
        _, mask = cv2.threshold(smooth, 0, 255, cv2.THRESH_OTSU)
        mask = cv2.morphologyEx(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel), cv2.MORPH_CLOSE, kernel)
        yield np.asarray(mask, np.uint8)
        yield np.asarray(255 - np.asarray(mask), np.uint8)
        for low, high in ((20, 60), (50, 150)):
            edges = cv2.dilate(cv2.Canny(smooth, low, high), np.ones((3, 3), np.uint8))
            yield np.asarray(edges, np.uint8)


def _judged(contour: Points, area: float) -> Outline | None:
    """The contour as an outline with its score, if it has four sides of about the card's ratio."""
    if not 0.03 * area < cv2.contourArea(contour) < 0.97 * area:
        return None
    hull = np.asarray(cv2.convexHull(contour))
    length = cv2.arcLength(hull, True)
    shape = hull
    for share in (0.015, 0.02, 0.03, 0.04, 0.06):
        shape = np.asarray(cv2.approxPolyDP(hull, share * length, True))
        if len(shape) == 4:
            break
    corners = shape.reshape(4, 2) if len(shape) == 4 else np.asarray(cv2.boxPoints(cv2.minAreaRect(hull)))
    quad = quads.lying(quads.clockwise(corners.astype(np.float32)))
    wide, tall = quads.sides(quad)
    size, inside = quads.area(quad), cv2.contourArea(hull)
    skew = abs(math.log(max(wide, 1) / max(tall, 1) / CARD_RATIO))
    fill = min(inside / max(size, 1), size / max(inside, 1))
    if skew > MAX_SKEW or fill < 0.9:
        return None
    outline = hull.reshape(-1, 2).astype(np.float32)
    return Outline(quads.refitted(quad, outline), fill * (1 - skew) * (size / area) ** 0.25)
