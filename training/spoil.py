"""Spoils a drawn line as a phone, wear and neighbours would. Pictures are grey float32, boxes left top right bottom."""

import math

import cv2
import numpy as np


def neighbours(rng, grey, box):
    """The ink of the rows above and below."""
    _, top, _, bottom = box
    tall, source = bottom - top, grey.copy()
    for offset in (-1, 1):
        if rng.random() < 0.6:
            shift = (int(offset * tall * rng.uniform(1.12, 1.5)), rng.randint(-60, 60))
            moved = np.roll(source, shift, (0, 1))
            edge = max(0, int(top - 0.02 * tall) if offset < 0 else int(bottom + 0.02 * tall))
            rows = slice(None, edge) if offset < 0 else slice(edge, None)
            grey[rows] = np.minimum(grey[rows], moved[rows])


def seal(rng, grey, box):
    """A seal across letters."""
    left, top, right, bottom = box
    tall, ink = bottom - top, np.zeros_like(grey)
    x, y = rng.uniform(left, right), (top + bottom) / 2 + rng.uniform(-tall, tall)
    r = tall * rng.uniform(0.6, 1.6)
    cv2.rectangle(ink, (int(x - r), int(y - r)), (int(x + r), int(y + r)), 1.0, rng.randint(2, 5))
    for _ in range(rng.randint(3, 9)):
        start = (int(x + rng.uniform(-r, r)), int(y + rng.uniform(-r, r)))
        end = (start[0] if rng.random() < 0.5 else int(x + rng.uniform(-r, r)), int(y + rng.uniform(-r, r)))
        cv2.line(ink, start, end, 1.0, rng.randint(2, 5))
    grey *= 1 - ink * rng.uniform(0.1, 0.45)


def raised(rng, grey):
    """Raised letters: light on one side of each stroke, shade on the other."""
    shift = (rng.choice([-1, 1]), rng.choice([-1, 1]))
    relief = np.roll(grey, shift, (0, 1)) - np.roll(grey, (-shift[0], -shift[1]), (0, 1))
    grey += relief * rng.uniform(0.15, 0.6)


def engraved(rng, nrng, grey):
    """Laser engraving: letters made of dots and lines, rather grey than black."""
    height, width = grey.shape
    y, x = np.mgrid[:height, :width]
    angle, period = rng.uniform(0, math.pi), rng.uniform(2, 4)
    screen = np.sin((x * math.cos(angle) + y * math.sin(angle)) * 2 * math.pi / period)
    screen = np.minimum(screen, np.sin((y * math.cos(angle) - x * math.sin(angle)) * 2 * math.pi / period))
    paper = np.median(grey)
    grey[:] = paper - (paper - grey) * (rng.uniform(0.6, 0.9) + rng.uniform(0, 0.25) * screen)


def sheen(rng, grey):
    """A hologram's bands across the line."""
    height, width = grey.shape
    y, x = np.mgrid[:height, :width]
    angle, period = rng.uniform(0, math.pi), rng.uniform(30, 200)
    wave = np.sin((x * math.cos(angle) + y * math.sin(angle)) * 2 * math.pi / period + rng.uniform(0, 6))
    grey += np.maximum(wave, 0) ** 2 * rng.uniform(10, 70)


def worn(rng, nrng, grey, box):
    """How it is printed; neighbouring rows' ink, a seal across letters, a screen's moire, speckled print."""
    height, width = grey.shape
    if rng.random() < 0.12:
        raised(rng, grey)
    if rng.random() < 0.06:
        engraved(rng, nrng, grey)
    if rng.random() < 0.08:
        sheen(rng, grey)
    if rng.random() < 0.25:
        neighbours(rng, grey, box)
    if rng.random() < 0.12:
        seal(rng, grey, box)
    if rng.random() < 0.1:
        y, x = np.mgrid[:height, :width]
        angle, period = rng.uniform(0, math.pi), rng.uniform(2.5, 9)
        wave = np.sin((x * math.cos(angle) + y * math.sin(angle)) * 2 * math.pi / period)
        grey += wave * rng.uniform(4, 22)
    if rng.random() < 0.1:
        grains = nrng.random((height // 2 + 1, width // 2 + 1)).astype(np.float32)
        grey[cv2.resize(grains, (width, height)) > rng.uniform(0.8, 0.95)] += rng.uniform(20, 90)
    return grey


def cut_out(rng, nrng, grey, box):
    """The line cut out askew, as (picture, its full width at 48 pixels high, scale): low scales lose detail."""
    left, top, right, bottom = box
    tall = bottom - top
    low = (left - rng.uniform(0.02, 0.45) * tall, top - rng.uniform(0, 0.3) * tall)
    high = (right + rng.uniform(0.02, 0.45) * tall, bottom + rng.uniform(0, 0.3) * tall)
    corners = np.float32([low, (high[0], low[1]), high, (low[0], high[1])])
    corners += (nrng.normal(size=(4, 2)) * [0.05 * tall, 0.03 * tall]).astype(np.float32)
    full = max(16, int((high[0] - low[0]) / (high[1] - low[1]) * 48 * rng.uniform(0.84, 1.14)))
    scale = rng.choice([1, 1, 1, 0.8, 0.6, 0.45])
    w, h = max(8, int(full * scale)), max(14, int(48 * scale))
    warp = cv2.getPerspectiveTransform(corners, np.float32([[0, 0], [w, 0], [w, h], [0, h]]))
    cut = cv2.warpPerspective(grey, warp, (w, h), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    return cut, full, scale


def blurred(rng, line, scale):
    """Out of focus, or shaken."""
    kind = rng.random()
    if kind < 0.5:
        return cv2.GaussianBlur(line, (0, 0), rng.uniform(0.3, 1.6) * max(0.6, scale))
    if kind >= 0.7:
        return line
    k = rng.randint(3, 6)
    kernel = np.zeros((k, k), np.float32)
    kernel[k // 2] = 1 / k
    spin = cv2.getRotationMatrix2D((k / 2 - 0.5, k / 2 - 0.5), rng.uniform(0, 180), 1)
    kernel = cv2.warpAffine(kernel, spin, (k, k))
    return cv2.filter2D(line, -1, kernel / max(kernel.sum(), 1e-3))


def lit(rng, nrng, line):
    """Unevenly lit, a glare, less contrast, noise."""
    across = np.arange(line.shape[1])[None]
    if rng.random() < 0.4:
        line = line + np.linspace(-1, 1, line.shape[1])[None] * rng.uniform(-50, 50)
    if rng.random() < 0.2:
        away = (across - rng.uniform(0, line.shape[1])) / rng.uniform(20, 120)
        line = line + np.exp(-(away**2)) * rng.uniform(40, 170)
    line = (line - 128) * rng.uniform(0.5, 1.1) + 128 + rng.uniform(-40, 30)
    return line + nrng.normal(size=line.shape) * rng.uniform(0, 9)


def spoil(rng, nrng, grey, box):
    """The line in `box` as a phone may see it, 8 bits, 48 pixels high."""
    line, full, scale = cut_out(rng, nrng, worn(rng, nrng, grey, box), box)
    line = np.clip(lit(rng, nrng, blurred(rng, line, scale)), 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        line = cv2.imdecode(cv2.imencode(".jpg", line, [1, rng.randint(35, 90)])[1], 0)
    return line if line.shape[0] == 48 else cv2.resize(line, (full, 48), interpolation=cv2.INTER_CUBIC)
