"""Finds the lines of text on a picture with PP-OCRv6's detector."""

import cv2
import numpy as np

from ocr_integration.engine import quads
from ocr_integration.engine.arrays import Floats, Image, Points
from ocr_integration.engine.weights import DETECTOR, session

CARD_SIDE = 512
"""How large a flattened card is looked at: its smallest print is still found."""
HEAT, MEAN_HEAT = 0.3, 0.5
GROW = 1.6
"""The detector marks the kernel of a line; its edges lie this far beyond, in shares of area over perimeter."""


class Detector:
    """Finds text lines: quadrilaterals, clockwise, on the picture given."""

    def __init__(self, *, threads: int = 1) -> None:
        self._net = session(DETECTOR, threads=threads)
        self._input = self._net.get_inputs()[0].name

    def lines(self, image: Image, *, side: int) -> list[Points]:
        """Lines, begun so that they lie, looked for on the picture resized to `side` pixels on its longer side."""
        height, width = image.shape[:2]
        ratio = side / max(height, width)
        tall, wide = (max(32, round(v * ratio / 32) * 32) for v in (height, width))
        found = _boxes(self._heat(image, wide, tall))
        scale = np.array([width / wide, height / tall], np.float32)
        return [quad * scale for quad in found]

    def _heat(self, image: Image, wide: int, tall: int) -> Floats:
        small = np.asarray(cv2.resize(image, (wide, tall), interpolation=cv2.INTER_AREA))
        x = (small.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)[None]
        (heat,) = self._net.run(None, {self._input: x})
        return np.asarray(heat[0, 0], np.float32)


def _boxes(heat: Floats) -> list[Points]:
    found = []
    mask = (heat > HEAT).astype(np.uint8)
    for contour in cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]:
        (x, y), (a, b), angle = cv2.minAreaRect(contour)
        if min(a, b) < 3:
            continue
        left, top, wide, tall = cv2.boundingRect(contour)
        inside = np.zeros((tall, wide), np.uint8)
        cv2.drawContours(inside, [contour], -1, 1, -1, offset=(-left, -top))
        if heat[top : top + tall, left : left + wide][inside > 0].mean() < MEAN_HEAT:
            continue
        grow = a * b * GROW / (a + b)
        quad = quads.clockwise(np.asarray(cv2.boxPoints(((x, y), (a + grow, b + grow), angle)), np.float32))
        found.append(quads.lying(quad))
    return found
