"""Finds the card's outline: four-sided shapes from contours and straight lines, judged by their edges."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from ocr_integration.engine import contours, quads, straight
from ocr_integration.engine.arrays import Floats, Image, Points

SIDE = 640
CARD_RATIO = 85.6 / 53.98
MAX_SKEW = 0.36
"""How far, as a logarithm, the outline's sides may be from the card's ratio: perspective shortens one of them."""
LEAST_AREA = 0.02
ALONG = np.linspace(0.08, 0.92, 26).astype(np.float32)
BEYOND = np.array([-0.2, -0.16, -0.12, -0.08, 1.08, 1.12, 1.16, 1.2], np.float32)
"""Places on a side, and on the line beyond its ends: a card's edge stops at the corner, a ruled line goes on."""
APART = 11.0
ACROSS = np.arange(-2, 3)
ON_RIM = 0.35
"""What a side that lies on the picture's rim counts: it can be neither confirmed nor refuted."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A shape that may be the card: its corners in the picture's pixels (lying), and how card-like it is."""

    corners: Points
    score: float


def outlines(image: Image, *, most: int = 16) -> list[Outline]:
    """The likeliest outlines, best first, no two of them nearly the same; empty if none looks like a card."""
    ratio = SIDE / max(image.shape[:2])
    small = np.asarray(cv2.resize(image, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), np.uint8)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB), np.uint8)
    shapes = [*contours.shapes(small, lab), *straight.shapes(grey)]
    slopes = Slopes(lab)
    fitting = [shape for shape in map(quads.lying, shapes) if _card_like(shape, grey)]
    if not fitting:
        return []
    scores = slopes.scores(np.stack(fitting))
    found = [Outline(shape, float(score)) for shape, score in zip(fitting, scores, strict=True)]
    kept: list[Outline] = []
    for outline in sorted(found, key=lambda o: -o.score):
        if len(kept) < most and not any(_same(outline.corners, other.corners) for other in kept):
            kept.append(outline)
    return [Outline(o.corners / ratio, o.score) for o in kept]


def _same(one: Points, other: Points) -> bool:
    distances = np.linalg.norm(one[:, None] - other[None], axis=2).min(1)
    return float(distances.max()) < 0.05 * quads.sides(one)[0]


def skew(quad: Points) -> float:
    """How far its sides are from the card's ratio, as a logarithm."""
    wide, tall = quads.sides(quad)
    return abs(math.log(max(wide, 1) / max(tall, 1) / CARD_RATIO))


def _card_like(quad: Points, grey: Image) -> bool:
    """Whether it is convex, of about the card's ratio, large enough and more or less within the picture."""
    height, width = grey.shape
    if skew(quad) > MAX_SKEW or quads.area(quad) < LEAST_AREA * height * width:
        return False
    outside = np.maximum(np.maximum(-quad, quad - np.array([width, height], np.float32)), 0)
    return bool(cv2.isContourConvex(quad)) and float(outside.max()) < 0.12 * quads.sides(quad)[0]


class Slopes:
    """How brightness and colour change across any line of a picture."""

    def __init__(self, lab: Image) -> None:
        smooth = np.asarray(cv2.GaussianBlur(lab, (0, 0), 1.2), np.float32)
        self._x = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 1, 0)) / 8
        self._y = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 0, 1)) / 8
        self._height, self._width = lab.shape[:2]
        steep = np.hypot(self._x, self._y).max(2)
        self._enough = max(1.0, 1.3 * float(np.median(steep)))

    def scores(self, shapes: Floats) -> Floats:
        """How card-like (n, 4, 2) shapes are, 0 to 1: edges all around that end at the corners, the right ratio,
        some preference for the larger."""
        following = np.roll(shapes, -1, axis=1)
        edge = following - shapes
        length = np.maximum(np.linalg.norm(edge, axis=2), 1e-6)
        across = np.stack([-edge[..., 1], edge[..., 0]], axis=2) / length[..., None]
        along = self._changes(shapes, edge, across, ALONG)
        beyond = np.nan_to_num(self._changes(shapes, edge, across, BEYOND), nan=0.0)
        beside = np.nan_to_num(self._changes(shapes - across * APART, edge, across, BEYOND), nan=0.0)
        sides = np.clip(np.nan_to_num(along, nan=ON_RIM) - 0.6 * np.maximum(beyond - beside, 0), 0, 1)
        support = np.prod(0.15 + 0.85 * sides, axis=1)
        skews = np.array([skew(shape) for shape in shapes], np.float32)
        shares = np.array([quads.area(shape) for shape in shapes], np.float32) / (self._height * self._width)
        return np.asarray(support * (1 - skews) * shares**0.2, np.float32)

    def _changes(self, starts: Floats, edges: Floats, across: Floats, at: Floats) -> Floats:
        """(n, 4): the share of points `at` each side where the picture changes across it; nan outside."""
        points = starts[:, :, None] + edges[:, :, None] * at[:, None]
        size = np.array([self._width, self._height], np.float32)
        inside = np.minimum(points, size - 1 - points).min(3) > 2
        near = points[..., None, :] + across[:, :, None, None, :] * ACROSS[:, None]
        columns = np.clip(near[..., 0].round().astype(int), 0, self._width - 1)
        lines = np.clip(near[..., 1].round().astype(int), 0, self._height - 1)
        toward = across[:, :, None, None, :, None]
        slope = np.abs(self._x[lines, columns] * toward[..., 0, :] + self._y[lines, columns] * toward[..., 1, :])
        changed = (slope.max(4).max(3) > self._enough) & inside
        with np.errstate(invalid="ignore", divide="ignore"):
            share = changed.sum(2) / inside.sum(2)
        return np.where(inside.mean(2) < 0.4, np.nan, share)
