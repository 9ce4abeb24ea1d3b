"""Finds the card's outline: four-sided shapes from contours and straight lines, judged by their edges."""

import cv2
import numpy as np

from ocr_integration.engine import contours, quads, straight
from ocr_integration.engine.arrays import Floats, Image, Points
from ocr_integration.engine.corners import Outline
from ocr_integration.engine.slopes import Slopes

SIDE = 640
CARD_RATIO = 85.6 / 53.98
MAX_SKEW = 0.36
"""How far, as a logarithm, the outline's sides may be from the card's ratio: perspective shortens one of them."""
LEAST_AREA = 0.02
MOST_JUDGED = 70
UNEVEN = 0.5
"""What it costs a shape that its opposite sides differ in length."""
OUTER, AROUND = 0.95, 0.7
EXCELLENT = 0.78
"""A contour as good as this leaves nothing for straight lines to find."""


def outlines(image: Image, *, most: int = 16) -> list[Outline]:
    """The likeliest outlines, best first, no two of them nearly the same; empty if none looks like a card."""
    ratio = SIDE / max(image.shape[:2])
    small = np.asarray(cv2.resize(image, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), np.uint8)
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB), np.uint8)
    slopes = Slopes(lab)
    found = _judged(list(contours.shapes(small, lab)), slopes, lab)
    if not found or found[0].score < EXCELLENT:
        found += _judged(
            straight.shapes(np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)), slopes, lab
        )
    kept: list[Outline] = []
    for outline in sorted(found, key=lambda o: -o.score)[:MOST_JUDGED]:
        if len(kept) < most and not any(_same(outline.corners, other.corners) for other in kept):
            kept.append(outline)
    return [Outline(quads.begun_lying(o.corners) / np.float32(ratio), o.score) for o in _outer_first(kept)]


def _outer_first(found: list[Outline]) -> list[Outline]:
    """The outlines, the best one behind another about as good that lies around it.

    Lines printed on the card, its portrait, and shadows across it lie within it."""
    for outline in found[1:]:
        best = found[0]
        reach = 0.03 * quads.sides(best.corners)[0]
        shared = np.linalg.norm(best.corners[:, None] - outline.corners[None], axis=2).min(1) < reach
        inside = [cv2.pointPolygonTest(outline.corners, (float(x), float(y)), True) for x, y in best.corners]
        within = min(inside) > -reach
        moved = outline.score > OUTER * best.score and shared.sum() >= 2
        larger = quads.area(outline.corners) > 2.5 * quads.area(best.corners)
        if within and (moved or (larger and outline.score > AROUND * best.score)):
            return [outline, *(other for other in found if other is not outline)]
    return found


def _same(one: Points, other: Points) -> bool:
    middle = np.abs(one.mean(0) - other.mean(0)).max()
    if middle > 12:
        return False
    distances = np.linalg.norm(one[:, None] - other[None], axis=2).min(1)
    return float(distances.max()) < 0.05 * quads.sides(one)[0]


def _judged(shapes: list[Points], slopes: Slopes, lab: Image) -> list[Outline]:
    """The shapes that may be a card, as outlines, best first."""
    if not shapes:
        return []
    fitting = _card_like(np.stack(shapes), lab)
    scores = _scores(slopes, fitting, lab.shape[0] * lab.shape[1])
    found = [Outline(shape, float(score)) for shape, score in zip(fitting, scores, strict=True)]
    return sorted(found, key=lambda o: -o.score)


def _lengths(shapes: Floats) -> tuple[Floats, Floats]:
    """Of (n, 4, 2) shapes, mean length of top and bottom and of left and right."""
    edges = np.linalg.norm(np.roll(shapes, -1, axis=1) - shapes, axis=2)
    return (edges[:, 0] + edges[:, 2]) / 2, (edges[:, 1] + edges[:, 3]) / 2


def _card_like(shapes: Floats, lab: Image) -> Floats:
    """The shapes that are convex, of about the card's ratio, large enough and about within the picture, lying."""
    wide, tall = _lengths(shapes)
    shapes = np.where((tall > wide)[:, None, None], np.roll(shapes, 1, axis=1), shapes)
    wide, tall = np.maximum(wide, tall), np.minimum(wide, tall)
    edges = np.roll(shapes, -1, axis=1) - shapes
    following = np.roll(edges, -1, axis=1)
    turns = edges[..., 0] * following[..., 1] - edges[..., 1] * following[..., 0]
    height, width = lab.shape[:2]
    outside = np.maximum(-shapes, shapes - np.array([width, height], np.float32)).max((1, 2))
    fits = (turns > 0).all(1) & (outside < 0.12 * wide) & (wide * tall > LEAST_AREA * height * width)
    alike = np.abs(np.log(wide / np.maximum(tall, 1) / CARD_RATIO)) < MAX_SKEW
    return np.asarray(shapes[fits & alike], np.float32)


def _scores(slopes: Slopes, shapes: Floats, area: int) -> Floats:
    """How card-like (n, 4, 2) shapes are, 0 to 1: edges all around, the right ratio, rather the larger."""
    if not len(shapes):
        return np.zeros(0, np.float32)
    support = np.prod(0.15 + 0.85 * slopes.sides(shapes), axis=1)
    wide, tall = _lengths(shapes)
    skews = np.abs(np.log(wide / np.maximum(tall, 1) / CARD_RATIO))
    edges = np.linalg.norm(np.roll(shapes, -1, axis=1) - shapes, axis=2)
    uneven = np.abs(np.log(edges[:, :2] / np.maximum(edges[:, 2:], 1e-6))).sum(1)
    return np.asarray(
        support * (1 - skews) * np.exp(-UNEVEN * uneven) * (wide * tall / area) ** 0.2, np.float32
    )
