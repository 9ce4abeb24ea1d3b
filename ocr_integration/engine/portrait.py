"""Finds the holder's portrait on the flattened card."""

import cv2
import numpy as np

from ocr_integration.engine import quads
from ocr_integration.engine.arrays import Image, Points
from ocr_integration.engine.rows import TALL, WIDTH


def find(flat: Image) -> Points | None:
    """The portrait's box on the flattened card (1012 by 638), or None."""
    return quads.rectangle(690, 110, 940, 420)


def jpeg(flat: Image, box: Points) -> bytes:
    """The portrait upright, as a JPEG."""
    left, top = (int(v) for v in np.clip(box.min(0), 0, [WIDTH, TALL]))
    right, bottom = (int(v) for v in np.clip(box.max(0), 0, [WIDTH, TALL]))
    _, data = cv2.imencode(".jpg", flat[top:bottom, left:right], [cv2.IMWRITE_JPEG_QUALITY, 92])
    return bytes(data)
