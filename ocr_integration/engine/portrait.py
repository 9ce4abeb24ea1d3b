"""Finds the holder's portrait on the flattened card: the upright rectangle on its right with the clearest edges."""

import cv2
import numpy as np

from ocr_integration.engine import quads
from ocr_integration.engine.arrays import Classes, Floats, Image, Points
from ocr_integration.engine.rows import TALL, WIDTH

HALF_WIDTH, HALF_TALL = WIDTH // 2, TALL // 2
LEFT = 270
"""Half-size column from which the portrait is looked for."""
RATIOS, WIDTHS = (0.62, 0.98), (0.15, 0.36)
"""Width over height, and width over the card's, of a portrait."""
USUAL, SPREAD = 0.79, 0.13
USUAL_WIDTH, SPREAD_WIDTH = 0.25, 0.06
ALONG, REACH = 9, 3
"""The card's fine lines are averaged over this many pixels along an edge, and this many on either side."""
CLEAR = 0.03
"""A change of colour, in shares of the card's lightness, that makes an edge clear."""
RIM = 12
CLOSE = 0.06
"""How far, in shares of its width, an edge of the portrait may be from where it was seen."""
PEAKS, FEWEST = 26, 0.003
QUALITY = 92


def find(flat: Image, seen: Points | None = None) -> Points | None:
    """The portrait's box on the flattened card (1012 by 638), or None if nothing there has four edges.

    `seen` are its corners there as the finder of corners sees them: the edges are looked for near them.
    """
    small = cv2.resize(flat, (HALF_WIDTH, HALF_TALL), interpolation=cv2.INTER_AREA)[:, LEFT:]
    lab = np.asarray(cv2.cvtColor(np.ascontiguousarray(small), cv2.COLOR_BGR2LAB), np.float32)
    clear = max(2.5, CLEAR * float(np.median(lab[..., 0])))
    across = _changes(lab, clear)
    down = _changes(lab.transpose(1, 0, 2), clear).T
    columns = _peaks(_longest(across, 0.3))
    rows = _peaks(_longest(down.T, 0.3))
    guess = None if seen is None else _around(seen)
    if guess is not None:
        columns, rows = np.union1d(columns, guess[[0, 2]]), np.union1d(rows, guess[[1, 3]])
    boxes = _boxes(columns, rows)
    if not len(boxes):
        return None
    worth = _worth(boxes, across, down)
    if guess is not None:
        worth = (worth + FEWEST) * _near(boxes, guess)
    best = int(worth.argmax())
    if guess is None and worth[best] < FEWEST:
        return None
    left, top, right, bottom = (float(v) for v in boxes[best])
    return quads.rectangle(left + LEFT, top, right + LEFT, bottom) * np.float32(2)


def _around(seen: Points) -> Classes:
    """Left, top, right, bottom of the corners seen, in the half-size columns and rows that are searched."""
    x, y = np.sort(seen[:, 0]) / 2 - LEFT, np.sort(seen[:, 1]) / 2
    box = np.array([x[:2].mean(), y[:2].mean(), x[2:].mean(), y[2:].mean()])
    return np.asarray(box.round(), np.int64).clip(1, [HALF_WIDTH - LEFT - 2, HALF_TALL - 2] * 2)


def _near(boxes: Classes, guess: Classes) -> Floats:
    """(n,): how near the boxes' edges are to the guessed ones."""
    slip = np.abs(boxes - guess).max(1) / max(1, int(guess[2] - guess[0]))
    return np.asarray(np.exp(-((slip / CLOSE) ** 2)), np.float32)


def jpeg(flat: Image, box: Points) -> bytes:
    """The portrait upright, as a JPEG."""
    left, top = (int(v) for v in np.clip(box.min(0).round(), 0, [WIDTH, TALL]))
    right, bottom = (int(v) for v in np.clip(box.max(0).round(), 0, [WIDTH, TALL]))
    _, data = cv2.imencode(".jpg", flat[top:bottom, left:right], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return bytes(data)


def _changes(lab: Floats, clear: float) -> Floats:
    """How clearly colour changes from left to right at the left edge of each pixel, 0 to 1."""
    smooth = np.asarray(cv2.blur(np.ascontiguousarray(lab), (REACH, ALONG)), np.float32)
    change = np.zeros(lab.shape[:2], np.float32)
    half = REACH // 2
    one, two, three = cv2.split(cv2.absdiff(smooth[:, REACH + 1 :], smooth[:, : -REACH - 1]))
    change[:, half + 1 : half + 1 + one.shape[1]] = cv2.max(one, cv2.max(two, three))
    return np.asarray(np.minimum(change / clear, 1.0), np.float32)


def _longest(changes: Floats, share: float) -> Floats:
    """For each column the best mean change over a stretch of this share of its height."""
    reach = max(3, int(share * changes.shape[0]))
    mean = np.asarray(cv2.blur(np.ascontiguousarray(changes), (1, reach)), np.float32)
    return np.asarray(mean[reach // 2 : -(reach // 2)].max(0), np.float32)


def _peaks(profile: Floats) -> Classes:
    """The places of the strongest local maxima."""
    grown = np.asarray(cv2.dilate(profile[None], np.ones((1, 5), np.uint8)))[0]
    places = np.flatnonzero(profile >= grown)
    places = places[(places > RIM) & (places < len(profile) - RIM)]
    return np.asarray(places[np.argsort(-profile[places])[:PEAKS]], np.int64)


def _boxes(columns: Classes, rows: Classes) -> Classes:
    """(n, 4): left, top, right, bottom of all rectangles of a portrait's size and shape."""
    left, right = _pairs(columns, *(share * HALF_WIDTH for share in WIDTHS))
    top, bottom = _pairs(rows, 0, HALF_TALL)
    across, down = (v.ravel() for v in np.meshgrid(np.arange(len(left)), np.arange(len(top)), indexing="ij"))
    shape = (right - left)[across] / (bottom - top)[down]
    fits = (shape > RATIOS[0]) & (shape < RATIOS[1])
    across, down = across[fits], down[fits]
    return np.stack([left[across], top[down], right[across], bottom[down]], axis=1)


def _pairs(places: Classes, least: float, most: float) -> tuple[Classes, Classes]:
    """Every two places that lie more than `least` and less than `most` apart, the lower first."""
    apart = places[None] - places[:, None]
    lower, upper = np.nonzero((apart > least) & (apart < most))
    return places[lower], places[upper]


def _worth(boxes: Classes, across: Floats, down: Floats) -> Floats:
    """(n,): how like a portrait's frame boxes are: four edges that end at the corners, a usual shape and size."""
    left, top, right, bottom = boxes.T
    wide, tall = right - left, bottom - top
    sides = [*_sides(across.T, left, right, top, bottom), *_sides(down, top, bottom, left, right)]
    support = np.prod([0.05 + 0.95 * side for side in sides], axis=0)
    shape = np.exp(-(((wide / tall - USUAL) / SPREAD) ** 2))
    size = np.exp(-(((wide / HALF_WIDTH - USUAL_WIDTH) / SPREAD_WIDTH) ** 2))
    return np.asarray(support * shape * size, np.float32)


def _sides(changes: Floats, one: Classes, other: Classes, start: Classes, end: Classes) -> list[Floats]:
    """For lines `one` and `other` of the map: how clear they are from start to end, less how clear beyond."""
    total = np.concatenate([np.zeros((len(changes), 1), np.float32), changes.cumsum(1)], axis=1)
    last = total.shape[1] - 1
    more = np.maximum((end - start) // 6, 4)
    before, after = np.maximum(start - 3 - more, 0), np.minimum(end + 3 + more, last)
    found = []
    for line in (one, other):
        inner = (total[line, end] - total[line, start]) / (end - start)
        outer = total[line, after] - total[line, np.minimum(end + 3, last)]
        outer = outer + total[line, np.maximum(start - 3, 0)] - total[line, before]
        found.append(np.clip(inner - 0.4 * outer / (2 * more), 0, 1))
    return found
