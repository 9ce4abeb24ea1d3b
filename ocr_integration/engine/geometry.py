"""What intake wants to know about the picture: where the card lies, how sharp and how evenly lit it is."""

import math

import cv2
import numpy as np

from ocr_integration.contract import Geometry
from ocr_integration.engine import quads
from ocr_integration.engine.arrays import Image, Points
from ocr_integration.engine.rectify import Flat

LENS = 1.15
"""A phone's focal length in shares of the picture's longer side."""
SHINE = 250


def measure(flat: Flat, *, size: tuple[int, int], scale: float) -> Geometry:
    """The geometry in pixels of the picture sent: `size` is the read one's (width, height), `scale` how many to one."""
    corners = flat.corners * scale
    edge = corners[1] - corners[0]
    angle = math.degrees(math.atan2(float(edge[1]), float(edge[0])))
    grey = np.asarray(cv2.cvtColor(flat.image, cv2.COLOR_BGR2GRAY), np.uint8)
    return Geometry(
        located=flat.located,
        corners=tuple((round(float(x), 1), round(float(y), 1)) for x, y in corners),
        tilt=_tilt(flat.corners, size) if flat.located else 0.0,
        rotation=round(angle / 90) * 90 % 360,
        sharpness=sharpness_of(flat.image),
        glare=round(float((grey >= SHINE).mean()), 4),
        brightness=round(float(grey.mean()) / 255, 3),
        card_width=round(quads.sides(corners)[0], 1),
    )


def _tilt(corners: Points, size: tuple[int, int]) -> float:
    """Degrees between the card's plane and the picture's, as a usual phone lens would see it."""
    width, height = size
    plane = np.linalg.inv(quads.mapping(corners, 85.6, 53.98).astype(np.float64))
    focal = LENS * max(width, height)
    lens = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])
    along, down = (np.linalg.inv(lens) @ plane)[:, :2].T
    normal = np.cross(along / np.linalg.norm(along), down / np.linalg.norm(down))
    return round(math.degrees(math.acos(min(1.0, abs(float(normal[2] / np.linalg.norm(normal)))))), 1)


def sharpness_of(card: Image) -> float:
    """How sharp a flattened card's text is: about 0.3 when printed letters are crisp, below 0.1 when they run."""
    grey = np.asarray(cv2.cvtColor(card, cv2.COLOR_BGR2GRAY), np.uint8)
    left = cv2.GaussianBlur(grey[:, :640], (0, 0), 0.8)
    spread = float(np.std(left)) + 1.0
    return round(float(cv2.Laplacian(left, cv2.CV_32F).std()) / spread, 4)
