"""Brings out faint text: bad light, laser engraving, worn print."""

import cv2
import numpy as np

from ocr_integration.engine.arrays import Floats, Image

GRAIN, AROUND, SPREAD = 0.6, 12.0, 20.0
"""Blurs, in pixels of half a flattened card: over the noise, over a line of text, over how much things stand out."""
PAPER, INK = 170.0, 45.0
LEAST = 2.0
"""What stands out by less than so many grey levels is noise."""
STRIP_GRAIN, STRIP_AROUND = 0.8, 20.0
DARKEST, LIGHTEST = 1, 95
"""The percentiles of a strip's greys that become ink and paper."""
STRIP_INK, STRIP_PAPER = 50.0, 200.0


def evened(flat: Image) -> Image:
    """A flattened card for the detector: greys, at half size, each place set against what is around it."""
    half = np.asarray(cv2.resize(flat, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    off = _against(half, GRAIN, AROUND)
    spread = np.sqrt(np.maximum(cv2.GaussianBlur(off * off, (0, 0), SPREAD), LEAST**2))
    return _picture(np.asarray(PAPER + off / spread * INK, np.float32))


def stretched(strip: Image) -> Image:
    """A line for the recogniser: its own darkest as ink and its lightest as paper, less grain, even light."""
    off = _against(strip, STRIP_GRAIN, STRIP_AROUND)
    low, high = np.percentile(off, (DARKEST, LIGHTEST))
    ink = (off - high) / max(high - low, 1.0) * (STRIP_PAPER - STRIP_INK)
    return _picture(np.asarray(STRIP_PAPER + ink, np.float32))


def _against(image: Image, grain: float, around: float) -> Floats:
    """Grey levels above the light around each place."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.float32)
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), grain), np.float32)
    return np.asarray(grey - cv2.GaussianBlur(grey, (0, 0), around), np.float32)


def _picture(grey: Floats) -> Image:
    return np.asarray(cv2.cvtColor(np.clip(grey, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2RGB), np.uint8)
