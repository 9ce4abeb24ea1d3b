"""A camera's view of a drawn card as MJPEG, for Chromium's fake camera."""

from enum import StrEnum
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tests import specimens

WIDE, TALL = 720, 1280
CARD = 0.82  # how much of the view's width the page's guide takes
FRAMES = 24
SECONDS, A_SECOND = 8, 30  # of a drifting hand's film; Chromium plays thirty frames a second

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
            file.write(_frame(seen + rng.normal(0, 3, seen.shape)))
    return path


def drift(path: Path, seed: int) -> Path:
    """Writes SECONDS of film: a hand finds the frame, overshoots, wanders and trembles; light and card differ by seed.

    The pose (place, size, turn) swings about the guide as a slow hand does, damped over the first half and never
    quite still; now and then a lamp is reflected. The film repeats when it ends, as a second attempt would.
    """
    rng = np.random.default_rng(seed)
    card = specimens.draw(100 + seed, watermark=True).picture
    ground, light = rng.uniform(35, 95), rng.uniform(0.7, 1.05)
    table = np.clip(rng.normal(ground, 5, (TALL, WIDE, 3)), 0, 255).astype(np.uint8)
    phase, pace = rng.uniform(0, 6.28, 4), rng.uniform(0.15, 0.5, 4)  # swings a second
    reach = np.array([rng.uniform(30, 90), rng.uniform(30, 90), rng.uniform(0.05, 0.16), rng.uniform(3, 9)])
    shine = rng.uniform(1, SECONDS - 1)
    grain = [rng.normal(0, 3, table.shape).astype(np.float32) for _ in range(5)]
    with path.open("wb") as file:
        for frame in range(SECONDS * A_SECOND):
            now = frame / A_SECOND
            calm = max(0.06, 1 - now / (0.5 * SECONDS))
            x, y, size, turn = calm * reach * np.sin(phase + 6.28 * pace * now) + rng.normal(
                0, (0.6, 0.6, 0.001, 0.05)
            )
            seen = _placed(card, table, CARD * (1 + size), turn, np.array([x, y])).astype(np.float32) * light
            if abs(now - shine) < 0.7:
                seen = _spoilt(seen, Scene.GLARE)
            file.write(_frame(seen + grain[frame % len(grain)]))
    return path


def _frame(seen: NDArray[Any]) -> bytes:
    """One picture of the film. Chromium takes its range for that of video and widens it: it is narrowed before."""
    narrowed = 16 + np.clip(seen, 0, 255) * (219 / 255)
    return cv2.imencode(".jpg", narrowed.astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 84])[1].tobytes()


def _laid(card: Picture, table: Picture, scene: Scene, shake: NDArray[np.float64]) -> Picture:
    share = 0.45 if scene is Scene.FAR else CARD
    return _placed(card, table, share, 14 if scene is Scene.LEANING else 0.5, shake)


def _placed(
    card: Picture, table: Picture, share: float, degrees: float, shift: NDArray[np.float64]
) -> Picture:
    """The card in the middle of the view, `share` of its width, turned and moved by `shift` pixels."""
    tall, wide = card.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, tall / 2), degrees, share * WIDE / wide)
    turn[:, 2] += np.array([(WIDE - wide) / 2, (TALL - tall) / 2]) + shift
    laid = cv2.warpAffine(card, turn, (WIDE, TALL), flags=cv2.INTER_AREA)
    where = cv2.warpAffine(np.full((tall, wide), 255, np.uint8), turn, (WIDE, TALL))
    return np.where(where[..., None] > 127, laid, table)


def _spoilt(picture: NDArray[Any], scene: Scene) -> NDArray[np.float64]:
    seen = picture.astype(np.float64)
    if scene is Scene.DARK:
        return seen * 0.16
    if scene is Scene.BLURRED:
        return cv2.GaussianBlur(seen, (0, 0), 7)
    if scene is Scene.GLARE:
        y, x = np.mgrid[0:TALL, 0:WIDE]
        return seen + 320 * np.exp(-(((x - WIDE / 2) / 110) ** 2 + ((y - TALL / 2) / 70) ** 2))[..., None]
    return seen
