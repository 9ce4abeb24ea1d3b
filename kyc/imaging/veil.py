"""The veil over a resident number and the mark of who looks: put into the pixels before a picture leaves the server.

What is covered is replaced by one colour and noise: no filter brings back what is no longer there.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from kyc.imaging.crops import CARD, Quad, usable

Picture = NDArray[np.uint8]
QUALITY = 88
PAD_ACROSS, PAD_DOWN = 0.35, 0.3  # of the zone's height, on each side: a reader's box may sit a little off
GRAIN = 12  # pixels of a block of noise
FLAT_SCALE = 1.6  # a flattened card is shown at this scale of ID-1 at 300 dpi


def opened(jpeg: bytes) -> Picture:
    """The pixels. Raises ValueError for what is no picture: ours always are."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError("the stored picture cannot be decoded")
    return np.asarray(picture, np.uint8)


def written(picture: Picture) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes())


def covered(picture: Picture, corners: Quad | None, zones: Sequence[Quad]) -> Picture:
    """A copy in which each zone of the card, widened a little, is gone; all of it where no corners are known."""
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    if corners is None or not usable(corners):
        mask[:] = 255
    else:
        unit = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
        to_picture = cv2.getPerspectiveTransform(unit, np.asarray(corners, np.float32))
        for zone in zones:
            corners_of_zone = cv2.perspectiveTransform(np.asarray([_wider(zone)], np.float32), to_picture)
            cv2.fillConvexPoly(mask, np.round(corners_of_zone[0]).astype(np.int32), 255)
    return _replaced(picture, mask)


def reaches(zones: Sequence[Quad], area: Quad) -> bool:
    """Whether the veil over the zones hides something of an area: two opposite corners on the flattened card."""
    (left, top), (right, bottom) = area
    veils = [(wide[0], wide[2]) for wide in map(_wider, zones)]
    return any(a[0] < right and left < b[0] and a[1] < bottom and top < b[1] for a, b in veils)


def flattened(picture: Picture, corners: Quad) -> Picture:
    """The card alone, upright and straight."""
    size = (round(CARD[0] * FLAT_SCALE), round(CARD[1] * FLAT_SCALE))
    whole = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    straight = cv2.getPerspectiveTransform(np.asarray(corners, np.float32), whole)
    return np.asarray(cv2.warpPerspective(picture, straight, size, flags=cv2.INTER_AREA), np.uint8)


def marked(picture: Picture, words: str) -> Picture:
    """The words faintly all over the picture: a photograph of the screen tells whose screen it was."""
    height, width = picture.shape[:2]
    scale = max(width, height) / 1800
    layer = np.zeros_like(picture)
    step_down, step_across = max(int(260 * scale), 60), max(int(780 * scale), 160)
    for row, down in enumerate(range(step_down // 2, height + step_down, step_down)):
        for across in range(-(row % 2) * step_across // 2, width, step_across):
            _write(layer, words, (across, down), 0.85 * scale, 3)
    light = cv2.addWeighted(picture, 1.0, layer, 0.3, 0)
    shadow = cv2.addWeighted(light, 1.0, np.roll(layer, (2, 2), (0, 1)), -0.3, 0)
    return np.asarray(shadow, np.uint8)


def labelled(jpeg: bytes, words: str) -> bytes:
    """A small picture with the words on a strip below it, where they cover nothing."""
    picture = opened(jpeg)
    width = picture.shape[1]
    strip = np.full((16, width, 3), 245, np.uint8)
    (wide, _), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_SIMPLEX, 0.36, 1)
    _write(strip, words, (4, 11), min(0.36, 0.36 * (width - 8) / max(wide, 1)), 1, (70, 70, 70))
    return written(np.vstack([picture, strip]))


def _write(
    onto: Picture,
    words: str,
    at: tuple[int, int],
    scale: float,
    thickness: int,
    colour: tuple[int, int, int] = (255, 255, 255),
) -> None:
    thick = max(1, round(thickness * min(scale, 1.0)))
    cv2.putText(onto, words, at, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, thick, cv2.LINE_AA)


def _wider(zone: Quad) -> list[tuple[float, float]]:
    """An upright box around the zone with its padding, on the flattened card."""
    points = np.asarray(zone, np.float32)
    (left, top), (right, bottom) = points.min(0), points.max(0)
    tall = float(bottom - top)
    across, down = tall * PAD_ACROSS * CARD[1] / CARD[0], tall * PAD_DOWN
    left, right = max(float(left) - across, 0.0), min(float(right) + across, 1.0)
    top, bottom = max(float(top) - down, 0.0), min(float(bottom) + down, 1.0)
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _replaced(picture: Picture, mask: Picture) -> Picture:
    """The masked pixels become their own mean colour, coarsely rounded, under noise from the system's entropy."""
    height, width = picture.shape[:2]
    mean = np.round(np.asarray(cv2.mean(picture, mask)[:3]) / 32) * 32
    rows, columns = -(-height // GRAIN), -(-width // GRAIN)
    noise = np.random.default_rng().integers(-18, 19, (rows, columns, 1))
    blocks = np.clip(mean + noise, 0, 255).astype(np.uint8)
    veil = cv2.resize(blocks, (columns * GRAIN, rows * GRAIN), interpolation=cv2.INTER_NEAREST)
    result = picture.copy()
    np.copyto(result, np.asarray(veil[:height, :width], np.uint8), where=(mask > 0)[:, :, None])
    return result
