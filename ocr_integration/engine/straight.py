"""Four-sided shapes from straight lines: finds a white card on white paper, where no contour closes."""

import cv2
import numpy as np

from ocr_integration.engine.arrays import Floats, Image, Points

SHORTEST = 18.0
SAME_ANGLE, SAME_OFFSET = 2.5, 3.0
MOST_LINES, MOST_ALIKE, MOST_SHAPES = 40, 6, 120
OFFSET, ANGLE, LENGTH = 2, 3, 4
LEAST_APART, MAX_SKEW = 50.0, 0.36
OPPOSITE, CROSSING = 22.0, 55.0
"""Degrees that opposite sides may differ by at most, and neighbouring sides must at least."""


def shapes(grey: Image) -> list[Points]:
    """The shapes best covered by straight lines, on a grey picture of some 640 pixels."""
    lines = _lines(_segments(grey))
    one, two = _opposites(lines)
    if len(one) < 2:
        return []
    first, second = np.triu_indices(len(one), 1)
    crossing = _between(lines[one[first], ANGLE], lines[one[second], ANGLE]) > CROSSING
    first, second = first[crossing], second[crossing]
    corners = _corners(lines[one[first]], lines[two[first]], lines[one[second]], lines[two[second]])
    edges = np.linalg.norm(corners - np.roll(corners, -1, axis=1), axis=2)
    longer = np.maximum(edges[:, 0] + edges[:, 2], edges[:, 1] + edges[:, 3]) / 2
    shorter = np.minimum(edges[:, 0] + edges[:, 2], edges[:, 1] + edges[:, 3]) / 2
    drawn = [np.minimum(lines[side, LENGTH], edges[:, k]) for side, k in
             ((one[first], 0), (one[second], 1), (two[first], 2), (two[second], 3))]  # fmt: skip
    covered = np.prod([d / np.maximum(edges[:, k], 1) + 0.2 for k, d in enumerate(drawn)], axis=0)
    skew = np.abs(np.log(np.maximum(longer, 1) / np.maximum(shorter, 1) / 1.586))
    fits = _within(corners, grey) & (skew < MAX_SKEW) & (longer > 0.2 * max(grey.shape))
    worth = covered[fits] * (1 - skew[fits]) * longer[fits] ** 0.4
    best = np.flatnonzero(fits)[np.argsort(-worth)[:MOST_SHAPES]]
    return list(_clockwise(corners[best]))


def _segments(grey: Image) -> Floats:
    """Straight segments x1, y1, x2, y2, also where light and card differ little."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.2)
    even = cv2.createCLAHE(4, (4, 4)).apply(smooth)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE).detect(even)[0]
    return np.zeros((0, 4), np.float32) if found is None else np.asarray(found, np.float32).reshape(-1, 4)


def _lines(segments: Floats) -> Floats:
    """Rows of normal x, y, offset, angle, drawn length: segments put together where they lie in one line.

    The longest lines, not too many of one direction: ruled paper must not crowd out the card."""
    delta = segments[:, 2:] - segments[:, :2]
    lengths = np.hypot(delta[:, 0], delta[:, 1])
    order = np.argsort(-lengths)[:250]
    order = order[lengths[order] > SHORTEST]
    lines = np.zeros((0, 5), np.float32)
    for i in order:
        angle = np.degrees(np.arctan2(delta[i, 1], delta[i, 0])) % 180
        x, y = (segments[i, :2] + segments[i, 2:]) / 2
        same = (np.abs(lines[:, 0] * x + lines[:, 1] * y - lines[:, OFFSET]) < SAME_OFFSET) & (
            _between(lines[:, ANGLE], angle) < SAME_ANGLE
        )
        if same.any():
            lines[np.argmax(same), LENGTH] += lengths[i]
            continue
        normal = np.array([-np.sin(np.radians(angle)), np.cos(np.radians(angle))])
        row = np.array([[*normal, normal @ (x, y), angle, lengths[i]]], np.float32)
        lines = np.concatenate([lines, row])
    return _varied(lines[np.argsort(-lines[:, LENGTH])])


def _varied(lines: Floats) -> Floats:
    kept: list[int] = []
    for i in range(len(lines)):
        alike = int((_between(lines[kept, ANGLE], lines[i, ANGLE]) < 1.5).sum())
        if alike < MOST_ALIKE and len(kept) < MOST_LINES:
            kept.append(i)
    return lines[kept]


def _between(one: Floats, other: Floats) -> Floats:
    """Degrees between directions, 0 to 90."""
    return np.asarray(np.abs((one - other + 90) % 180 - 90), np.float32)


def _opposites(lines: Floats) -> tuple[Floats, Floats]:
    """Index pairs of lines that may be opposite sides: nearly parallel and well apart."""
    one, two = np.triu_indices(len(lines), 1)
    nearly = _between(lines[one, ANGLE], lines[two, ANGLE]) < OPPOSITE
    flipped = np.sign((lines[one, :2] * lines[two, :2]).sum(1))
    apart = np.abs(lines[one, OFFSET] - flipped * lines[two, OFFSET])
    keep = nearly & (apart > LEAST_APART)
    return one[keep], two[keep]


def _corners(top: Floats, bottom: Floats, left: Floats, right: Floats) -> Floats:
    """(n, 4, 2): where the sides meet, around."""
    corners = []
    for one, other in ((right, top), (top, left), (left, bottom), (bottom, right)):
        (a, b, c), (d, e, f) = one[:, :3].T, other[:, :3].T
        det = a * e - b * d
        det = np.where(np.abs(det) < 1e-6, 1e-6, det)
        corners.append(np.stack([(c * e - b * f) / det, (a * f - c * d) / det], axis=1))
    return np.stack(corners, axis=1).astype(np.float32)


def _clockwise(corners: Floats) -> Points:
    """(n, 4, 2): each shape's corners in clockwise order, as the picture's y runs down."""
    following = np.roll(corners, -1, axis=1)
    turn = (corners[..., 0] * following[..., 1] - following[..., 0] * corners[..., 1]).sum(1)
    return np.asarray(np.where((turn < 0)[:, None, None], corners[:, ::-1], corners), np.float32)


def _within(corners: Floats, grey: Image) -> Floats:
    height, width = grey.shape
    slack = 0.08 * width
    x, y = corners[..., 0], corners[..., 1]
    inside = (x > -slack) & (x < width + slack) & (y > -slack) & (y < height + slack)
    return np.asarray(inside.all(1))
