"""Spoils a drawn line as a phone, wear and neighbours would."""

import math

import cv2
import numpy as np


def worn(rng, nrng, grey, box):
    """Neighbouring rows' ink, a seal across letters, a screen's moire, speckled print."""
    left, top, right, bottom = box
    tall, (height, width) = bottom - top, grey.shape
    if rng.random() < 0.25:
        source = grey.copy()
        for offset in (-1, 1):
            if rng.random() < 0.6:
                moved = np.roll(
                    source, (int(offset * tall * rng.uniform(1.12, 1.5)), rng.randint(-60, 60)), (0, 1)
                )
                edge = int(top - 0.02 * tall) if offset < 0 else int(bottom + 0.02 * tall)
                if offset < 0:
                    grey[: max(0, edge)] = np.minimum(grey[: max(0, edge)], moved[: max(0, edge)])
                else:
                    grey[edge:] = np.minimum(grey[edge:], moved[edge:])
    if rng.random() < 0.12:
        seal = np.zeros_like(grey)
        cx, cy, r = (
            rng.uniform(left, right),
            (top + bottom) / 2 + rng.uniform(-tall, tall),
            tall * rng.uniform(0.6, 1.6),
        )
        cv2.rectangle(seal, (int(cx - r), int(cy - r)), (int(cx + r), int(cy + r)), 1.0, rng.randint(2, 5))
        for _ in range(rng.randint(3, 9)):
            a, b = (
                (cx + rng.uniform(-r, r), cy + rng.uniform(-r, r)),
                (cx + rng.uniform(-r, r), cy + rng.uniform(-r, r)),
            )
            cv2.line(
                seal,
                (int(a[0]), int(a[1])),
                (int(a[0]) if rng.random() < 0.5 else int(b[0]), int(b[1])),
                1.0,
                rng.randint(2, 5),
            )
        grey *= 1 - seal * rng.uniform(0.1, 0.45)
    if rng.random() < 0.1:
        y, x = np.mgrid[:height, :width]
        angle, period = rng.uniform(0, math.pi), rng.uniform(2.5, 9)
        grey += np.sin((x * math.cos(angle) + y * math.sin(angle)) * 2 * math.pi / period) * rng.uniform(
            4, 22
        )
    if rng.random() < 0.1:
        speckle = cv2.resize(
            nrng.random((height // 2 + 1, width // 2 + 1)).astype(np.float32), (width, height)
        )
        grey[speckle > rng.uniform(0.8, 0.95)] += rng.uniform(20, 90)
    return grey


def spoil(rng, nrng, grey, box):
    left, top, right, bottom = box
    tall = bottom - top
    grey = worn(rng, nrng, grey, box)
    low_x, low_y, high_x, high_y = (
        left - rng.uniform(0.02, 0.45) * tall,
        top - rng.uniform(0, 0.3) * tall,
        right + rng.uniform(0.02, 0.45) * tall,
        bottom + rng.uniform(0, 0.3) * tall,
    )
    corners = np.float32([[low_x, low_y], [high_x, low_y], [high_x, high_y], [low_x, high_y]]) + (
        nrng.normal(size=(4, 2)) * [0.05 * tall, 0.03 * tall]
    ).astype(np.float32)
    full = max(16, int((high_x - low_x) / (high_y - low_y) * 48 * rng.uniform(0.92, 1.08)))
    scale = rng.choice([1, 1, 1, 0.8, 0.6, 0.45])
    w, h = max(8, int(full * scale)), max(14, int(48 * scale))
    warp = cv2.getPerspectiveTransform(corners, np.float32([[0, 0], [w, 0], [w, h], [0, h]]))
    out = cv2.warpPerspective(grey, warp, (w, h), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    kind = rng.random()
    if kind < 0.5:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.3, 1.6) * max(0.6, scale))
    elif kind < 0.7:
        k = rng.randint(3, 6)
        kernel = np.zeros((k, k), np.float32)
        kernel[k // 2] = 1 / k
        kernel = cv2.warpAffine(
            kernel, cv2.getRotationMatrix2D((k / 2 - 0.5, k / 2 - 0.5), rng.uniform(0, 180), 1), (k, k)
        )
        out = cv2.filter2D(out, -1, kernel / max(kernel.sum(), 1e-3))
    if rng.random() < 0.4:
        out += np.linspace(-1, 1, w)[None] * rng.uniform(-50, 50)
    if rng.random() < 0.2:
        out += np.exp(
            -(((np.arange(w)[None] - rng.uniform(0, w)) / rng.uniform(20, 120)) ** 2)
        ) * rng.uniform(40, 170)
    out = (
        (out - 128) * rng.uniform(0.5, 1.1)
        + 128
        + rng.uniform(-40, 30)
        + nrng.normal(size=out.shape) * rng.uniform(0, 9)
    )
    out = np.clip(out, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        out = cv2.imdecode(cv2.imencode(".jpg", out, [1, rng.randint(35, 90)])[1], 0)
    return out if h == 48 else cv2.resize(out, (full, 48), interpolation=cv2.INTER_CUBIC)
