"""Four-cornered shapes: ordering, measuring, turning and mapping them."""

from math import dist

import cv2
import numpy as np

from ocr_integration.engine.arrays import Floats, Points


def clockwise(corners: Points) -> Points:
    """The corners clockwise, from the one nearest to the picture's top left."""
    points = np.asarray(corners, np.float32).reshape(4, 2)
    away = points - points.mean(0)
    points = points[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]
    return np.roll(points, -int(np.argmin(points.sum(1))), axis=0)


def sides(quad: Points) -> tuple[float, float]:
    """Mean length of its top and bottom, and of its left and right side."""
    one, two, three, four = quad.tolist()
    return (dist(one, two) + dist(three, four)) / 2, (dist(two, three) + dist(four, one)) / 2


def lying(quad: Points) -> Points:
    """The same shape, its corners begun so that it is wider than tall (upright or upside down)."""
    wide, tall = sides(quad)
    return quad if wide >= tall else np.roll(quad, 1, axis=0)


def begun_lying(quad: Points) -> Points:
    """A lying shape begun at the end of its top side that is nearer to the picture's top left."""
    other = np.roll(quad, -2, axis=0)
    return quad if float(quad[0].sum()) <= float(other[0].sum()) else other


def area(quad: Points) -> float:
    """Its area in pixels."""
    return float(cv2.contourArea(np.asarray(quad, np.float32)))


def mapping(source: Points, width: float, height: float) -> Floats:
    """The homography that takes a quadrilateral to a rectangle of this size."""
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(np.asarray(source, np.float32), target), np.float32)


def mapped(points: Points, homography: Floats) -> Points:
    """The points through a homography."""
    through = cv2.perspectiveTransform(
        np.asarray(points, np.float64).reshape(-1, 1, 2), np.asarray(homography, np.float64)
    )
    return np.asarray(through.reshape(-1, 2), np.float32)


def rectangle(left: float, top: float, right: float, bottom: float) -> Points:
    """An upright rectangle as a quadrilateral."""
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def refitted(quad: Points, outline: Points) -> Points:
    """The quadrilateral, each edge fitted to the outline along its middle: round corners do not pull."""
    points = _evenly(outline)
    edges = [_fitted_edge(quad[i], quad[(i + 1) % 4], points) for i in range(4)]
    corners = []
    for i in range(4):
        (p, u), (q, v) = edges[i - 1], edges[i]
        det = float(v[0] * u[1] - u[0] * v[1])
        along = float(v[0] * (q[1] - p[1]) - v[1] * (q[0] - p[0])) / det if abs(det) > 1e-3 else 0.0
        corners.append(p + u * along if along else quad[i])
    better = np.array(corners, np.float32)
    limit = 0.12 * float(np.linalg.norm(quad[0] - quad[2]))
    return better if float(np.abs(better - quad).max()) < limit else quad


def _evenly(outline: Points, count: int = 240) -> Points:
    """Points at even distances along a closed outline."""
    closed = np.concatenate([outline, outline[:1]])
    far = np.concatenate([[0.0], np.hypot(*np.diff(closed, axis=0).T).cumsum()])
    at = np.linspace(0, far[-1], count, endpoint=False)
    return np.stack([np.interp(at, far, closed[:, 0]), np.interp(at, far, closed[:, 1])], axis=1).astype(
        np.float32
    )


def _fitted_edge(start: Points, end: Points, points: Points) -> tuple[Points, Points]:
    """A point on the fitted edge and its direction."""
    length = float(np.linalg.norm(end - start))
    u = (end - start) / max(length, 1e-6)
    along = (points - start) @ u / max(length, 1e-6)
    aside = (points - start) @ np.array([-u[1], u[0]])
    near = points[(along > 0.12) & (along < 0.88) & (np.abs(aside) < 0.05 * length)]
    if len(near) < 6:
        return start, u
    vx, vy, x, y = np.asarray(cv2.fitLine(near.astype(np.float32), cv2.DIST_L2, 0, 0.01, 0.01)).ravel()
    return np.array([x, y], np.float32), np.array([vx, vy], np.float32)


def convex(quad: Points) -> bool:
    """Whether its corners run clockwise around it without a dent."""
    edges = np.roll(quad, -1, axis=0) - quad
    following = np.roll(edges, -1, axis=0)
    return bool((edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0] > 0).all())
