"""Finds the card's outline: four-sided shapes from contours and straight lines, judged by their edges."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from ocr_integration.engine import contours, quads, straight
from ocr_integration.engine.arrays import Floats, Image, Points
from ocr_integration.engine.slopes import Slopes

SIDE = 640
CARD_RATIO = 85.6 / 53.98
MAX_SKEW = 0.36
"""How far, as a logarithm, the outline's sides may be from the card's ratio: perspective shortens one of them."""
LEAST_AREA = 0.02


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
    scores = _scores(slopes, np.stack(fitting), small.shape[0] * small.shape[1])
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


def _scores(slopes: Slopes, shapes: Floats, area: int) -> Floats:
    """How card-like (n, 4, 2) shapes are, 0 to 1: edges all around, the right ratio, rather the larger."""
    support = np.prod(0.15 + 0.85 * slopes.sides(shapes), axis=1)
    skews = np.array([skew(shape) for shape in shapes], np.float32)
    shares = np.array([quads.area(shape) for shape in shapes], np.float32) / area
    return np.asarray(support * (1 - skews) * shares**0.2, np.float32)
