"""A camera's view of a drawn card as MJPEG, for Chromium's fake camera."""

from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tests import specimens

WIDE, TALL = 720, 1280
CARD = 0.82  # how much of the view's width the page's guide takes
FRAMES = 24

Picture = NDArray[np.uint8]


class Scene(StrEnum):
    """What the camera sees, named as the hint that it should call forth."""

    GOOD = "good"
    DARK = "dark"
    GLARE = "glare"
    LEANING = "straight"
    FAR = "closer"
    BLURRED = "still"


def film(path: Path, scene: Scene, seed: int = 3) -> Path:
    """Writes a second of film: a hand that trembles by a pixel, a sensor with some noise."""
    rng = np.random.default_rng(seed)
    card = specimens.draw(seed, watermark=True).picture
    table = np.clip(rng.normal(55, 4, (TALL, WIDE, 3)), 0, 255).astype(np.uint8)
    with path.open("wb") as file:
        for _ in range(FRAMES):
            seen = _spoilt(_laid(card, table, scene, rng.normal(0, 0.4, 2)), scene)
            noisy = np.clip(seen + rng.normal(0, 3, seen.shape), 0, 255).astype(np.uint8)
            file.write(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes())
    return path


def _laid(card: Picture, table: Picture, scene: Scene, shake: NDArray[np.float64]) -> Picture:
    tall, wide = card.shape[:2]
    share = 0.45 if scene is Scene.FAR else CARD
    turn = cv2.getRotationMatrix2D(
        (wide / 2, tall / 2), 14 if scene is Scene.LEANING else 0.5, share * WIDE / wide
    )
    turn[:, 2] += np.array([(WIDE - wide) / 2, (TALL - tall) / 2]) + shake
    laid = cv2.warpAffine(card, turn, (WIDE, TALL), flags=cv2.INTER_AREA)
    where = cv2.warpAffine(np.full((tall, wide), 255, np.uint8), turn, (WIDE, TALL))
    return np.where(where[..., None] > 127, laid, table)


def _spoilt(picture: Picture, scene: Scene) -> NDArray[np.float64]:
    seen = picture.astype(np.float64)
    if scene is Scene.DARK:
        return seen * 0.16
    if scene is Scene.BLURRED:
        return cv2.GaussianBlur(seen, (0, 0), 7)
    if scene is Scene.GLARE:
        y, x = np.mgrid[0:TALL, 0:WIDE]
        return seen + 320 * np.exp(-(((x - WIDE / 2) / 110) ** 2 + ((y - TALL / 2) / 70) ** 2))[..., None]
    return seen
