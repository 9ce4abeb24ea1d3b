"""How brightness and colour change across lines of a picture: tells a real edge from a supposed one."""

import cv2
import numpy as np

from ocr_integration.engine.arrays import Floats, Image

ALONG = np.linspace(0.08, 0.92, 26).astype(np.float32)
BEYOND = np.array([-0.2, -0.16, -0.12, -0.08, 1.08, 1.12, 1.16, 1.2], np.float32)
"""Places on a side, and beyond its ends: a card's edge stops at the corner, a ruled line goes on."""
APART = 11.0
ACROSS = np.arange(-2, 3)
ON_RIM = 0.35
"""What a side that lies on the picture's rim counts: it can be neither confirmed nor refuted."""


class Slopes:
    """How brightness and colour change across any line of a picture."""

    def __init__(self, lab: Image) -> None:
        smooth = np.asarray(cv2.GaussianBlur(lab, (0, 0), 1.2), np.float32)
        self._x = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 1, 0)) / 8
        self._y = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 0, 1)) / 8
        self._height, self._width = lab.shape[:2]
        steep = np.hypot(self._x[::4, ::4], self._y[::4, ::4]).max(2)
        self._enough = max(1.0, 1.3 * float(np.median(steep)))

    def sides(self, shapes: Floats) -> Floats:
        """(n, 4): how much each side of (n, 4, 2) shapes is an edge that ends at the corners, 0 to 1."""
        edge = np.roll(shapes, -1, axis=1) - shapes
        length = np.maximum(np.linalg.norm(edge, axis=2), 1e-6)
        across = np.stack([-edge[..., 1], edge[..., 0]], axis=2) / length[..., None]
        along = np.nan_to_num(self._changes(shapes, edge, across, ALONG), nan=ON_RIM)
        beyond = np.nan_to_num(self._changes(shapes, edge, across, BEYOND), nan=0.0)
        beside = np.nan_to_num(self._changes(shapes - across * APART, edge, across, BEYOND), nan=0.0)
        return np.asarray(np.clip(along - 0.6 * np.maximum(beyond - beside, 0), 0, 1), np.float32)

    def _changes(self, starts: Floats, edges: Floats, across: Floats, at: Floats) -> Floats:
        """(n, 4): the share of points `at` each side where the picture changes across it; nan outside."""
        points = starts[:, :, None] + edges[:, :, None] * at[:, None]
        size = np.array([self._width, self._height], np.float32)
        inside = np.minimum(points, size - 1 - points).min(3) > 2
        near = points[..., None, :] + across[:, :, None, None, :] * ACROSS[:, None]
        columns = np.clip(near[..., 0].round().astype(int), 0, self._width - 1)
        lines = np.clip(near[..., 1].round().astype(int), 0, self._height - 1)
        toward = across[:, :, None, None, :, None]
        slope = np.abs(
            self._x[lines, columns] * toward[..., 0, :] + self._y[lines, columns] * toward[..., 1, :]
        )
        changed = (slope.max(4).max(3) > self._enough) & inside
        with np.errstate(invalid="ignore", divide="ignore"):
            share = changed.sum(2) / inside.sum(2)
        return np.where(inside.mean(2) < 0.4, np.nan, share)
