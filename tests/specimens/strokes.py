"""The few strokes a face is painted with, and its measures."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Canvas = NDArray[np.float32]
Points = NDArray[np.float32]
Colour = tuple[float, float, float]  # BGR, 0..255

WIDTH, HEIGHT = 320, 400  # the drawing's own size; the card scales it


@dataclass(frozen=True, slots=True)
class Face:
    """The measures of one face, in the drawing's pixels, and its colours."""

    x: float
    y: float
    half: float
    brow: float
    jaw: float
    square: float
    skin: Colour
    hair: Colour


def paint(
    canvas: Canvas, points: Points, colour: Colour, *, soft: float = 0.7, strength: float = 1.0
) -> None:
    """Fill a polygon with a colour, its rim softened over `soft` pixels."""
    margin = int(3 * soft) + 2
    left, top = np.maximum(np.floor(points.min(0)).astype(int) - margin, 0)
    right, bottom = np.minimum(np.ceil(points.max(0)).astype(int) + margin, (WIDTH, HEIGHT))
    if right <= left or bottom <= top:
        return
    mask = np.zeros((bottom - top, right - left), np.float32)
    cv2.fillPoly(mask, [np.round((points - (left, top)) * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    mask = cv2.GaussianBlur(mask, (0, 0), soft)[..., None] * strength
    region = canvas[top:bottom, left:right]
    region += (np.asarray(colour, np.float32) - region) * mask


def times(colour: Colour, factor: float) -> Colour:
    return (colour[0] * factor, colour[1] * factor, colour[2] * factor)


def oval(
    x: float, y: float, wide: float, tall: float, low: float | None = None, power: float = 1.0
) -> Points:
    """An oval round (x, y); `low` is the reach downwards if it differs, `power` < 1 makes it squarer."""
    turn = np.linspace(0, 2 * math.pi, 72, endpoint=False)
    cosine, sine = np.cos(turn), np.sin(turn)
    across = np.sign(cosine) * np.abs(cosine) ** power * wide
    down = np.where(sine > 0, sine * (tall if low is None else low), sine * tall)
    return np.stack([x + across, y + down], 1).astype(np.float32)


def poly(*points: tuple[float, float]) -> Points:
    return np.asarray(points, np.float32)
