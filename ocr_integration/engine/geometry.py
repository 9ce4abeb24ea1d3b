"""What intake wants to know about the picture: where the card lies, how sharp and how evenly lit it is."""

import math

import cv2
import numpy as np

from ocr_integration.contract import Geometry
from ocr_integration.engine import quads
from ocr_integration.engine.arrays import Image
from ocr_integration.engine.rectify import Flat


def measure(flat: Flat, *, scale: float) -> Geometry:
    """The geometry in pixels of the picture sent (`scale` of them to a pixel of the picture read)."""
    corners = flat.corners * scale
    edge = corners[1] - corners[0]
    angle = math.degrees(math.atan2(float(edge[1]), float(edge[0])))
    rotation = round(angle / 90) * 90
    grey = np.asarray(cv2.cvtColor(flat.image, cv2.COLOR_BGR2GRAY), np.uint8)
    return Geometry(
        located=flat.located,
        corners=tuple((round(float(x), 1), round(float(y), 1)) for x, y in corners),
        tilt=round(angle - rotation, 1),
        rotation=rotation % 360,
        sharpness=sharpness_of(flat.image),
        glare=round(float((np.asarray(grey) >= 250).mean()), 4),
        brightness=round(float(grey.mean()) / 255, 3),
        card_width=round(quads.sides(corners)[0], 1),
    )


def sharpness_of(card: Image) -> float:
    """How sharp a flattened card's text is: about 0.3 when printed letters are crisp, below 0.1 when they run."""
    grey = np.asarray(cv2.cvtColor(card, cv2.COLOR_BGR2GRAY), np.uint8)
    left = cv2.GaussianBlur(grey[:, :640], (0, 0), 0.8)
    spread = float(np.std(left)) + 1.0
    return round(float(cv2.Laplacian(left, cv2.CV_32F).std()) / spread, 4)
