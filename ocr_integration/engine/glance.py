"""A glance at a picture: where the card lies and how good the picture is, without reading a letter of it."""

from dataclasses import replace

import cv2
import numpy as np

from ocr_integration.contract import Geometry
from ocr_integration.engine import geometry, rectify
from ocr_integration.engine.arrays import Image
from ocr_integration.engine.corners import CornerFinder
from ocr_integration.engine.detect import CARD_SIDE, Detector
from ocr_integration.engine.errors import Reason
from ocr_integration.engine.rectify import Flat
from ocr_integration.engine.view import view_of, ways_to_flatten

BLOCK, ALL_OF_IT = 20, 0.95
LEAST_LINES = 4
"""A card without an outline shows at least so many lines of text."""


def glance(data: bytes, finder: CornerFinder, detector: Detector) -> tuple[Geometry, Reason | None]:
    """The geometry, and NO_CARD where neither an outline nor text is there. Raises Unreadable for no picture."""
    view = view_of(data, finder)
    flat = next(ways_to_flatten(view, detector))
    measured = geometry.measure(flat, size=view.size, scale=view.scale)
    # Where the card lies upside down, or was only guessed, the letters stand in the other half.
    turned = geometry.sharpness_of(rectify.turned(flat).image)
    found = replace(measured, sharpness=max(measured.sharpness, turned), glare=_washed_out(flat.image))
    return found, Reason.NO_CARD if _nothing(flat, detector) else None


def _washed_out(card: Image) -> float:
    """The share of the card's blocks in which nothing is left to see; white paper alone is no glare."""
    grey = np.asarray(cv2.cvtColor(card, cv2.COLOR_BGR2GRAY), np.uint8)
    height, width = (side // BLOCK * BLOCK for side in grey.shape)
    full = (grey[:height, :width] >= geometry.SHINE).reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK)
    return round(float((full.mean((1, 3)) >= ALL_OF_IT).mean()), 4)


def _nothing(flat: Flat, detector: Detector) -> bool:
    return not flat.located and len(detector.lines(flat.image, side=CARD_SIDE)) < LEAST_LINES
