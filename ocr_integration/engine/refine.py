"""Moves a card's corners onto its sharpest edges: a shadow's edge beside it is softer."""

import cv2
import numpy as np

from ocr_integration.engine import quads
from ocr_integration.engine.arrays import Image, Points

LONG, SHORT, MARGIN = 768, 484, 30
SLOPES = np.linspace(-0.03, 0.03, 19)
COLUMNS = np.linspace(0.1, 0.9, 80)
CAP = 3.0
PREFERENCE = 0.6


def sharpened(image: Image, corners: Points) -> Points:
    """The corners, each side moved by at most some 4 % of the card to where brightness or colour jumps."""
    homography = quads.mapping(corners, LONG, SHORT)
    shift = np.array([[1, 0, MARGIN], [0, 1, MARGIN], [0, 0, 1]], np.float32)
    size = (LONG + 2 * MARGIN, SHORT + 2 * MARGIN)
    around = cv2.warpPerspective(image, shift @ homography, size, flags=cv2.INTER_AREA,
                                 borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
    band, upright = 2 * MARGIN, np.asarray(around, np.uint8)
    turned = upright.transpose(1, 0, 2)
    down = [_best_line(upright[:band]), _best_line(upright[-band:])]
    across = [_best_line(turned[:band]), _best_line(turned[-band:])]
    tops = [(down[0][0], down[0][1]), (down[1][0] + SHORT, down[1][1])]
    lefts = [(across[0][0], across[0][1]), (across[1][0] + LONG, across[1][1])]
    found = [_meet(tops[i], lefts[j]) for i, j in ((0, 0), (0, 1), (1, 1), (1, 0))]
    moved = np.array(found, np.float32) - MARGIN
    return quads.mapped(moved, np.asarray(np.linalg.inv(homography), np.float32))


def _best_line(band: Image) -> tuple[float, float]:
    """Offset and slope of the line along a band (2 MARGIN high) that most of its columns change across."""
    width = band.shape[1]
    lab = cv2.cvtColor(np.ascontiguousarray(band), cv2.COLOR_BGR2LAB)
    smooth = cv2.blur(np.asarray(lab, np.float32), (9, 1))
    one, two, three = cv2.split(cv2.absdiff(smooth[2:], smooth[:-2]))
    change = np.asarray(cv2.max(one, cv2.max(two, three)), np.float32)
    strong = np.minimum(change / (np.median(change) * 2 + 2.0), CAP)
    x = (COLUMNS * (width - 1)).round().astype(int)
    rise = (SLOPES[:, None] * x[None]).round().astype(int)
    most = int(rise.max())
    offsets = np.arange(len(strong))
    beyond = np.pad(np.ascontiguousarray(strong[:, x].T), ((0, 0), (most, most)))
    reached = np.arange(len(x)) * beyond.shape[1] + rise + most
    score = np.take(beyond, offsets[:, None, None] + reached).mean(2)
    middle = offsets[:, None] + SLOPES[None] * width / 2
    score = score - PREFERENCE * np.abs(middle - MARGIN + 1) / MARGIN
    at, slope = np.unravel_index(int(score.argmax()), score.shape)
    return float(at) + 1.0, float(SLOPES[slope])


def _meet(row: tuple[float, float], column: tuple[float, float]) -> tuple[float, float]:
    """Where y = a + bx and x = c + dy meet."""
    (a, b), (c, d) = row, column
    x = (c + d * a) / (1 - b * d)
    return x, a + b * x
