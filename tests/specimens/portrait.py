"""An invented face as vector shapes with shading: no photograph of anybody is needed."""

import math
import random

import cv2
import numpy as np

from tests.specimens.features import features, glasses
from tests.specimens.strokes import HEIGHT, WIDTH, Canvas, Colour, Face, Picture, oval, paint, poly, times

SKINS: tuple[Colour, ...] = (
    (176, 204, 238),
    (160, 190, 228),
    (186, 212, 242),
    (142, 176, 218),
    (168, 200, 232),
)
HAIRS: tuple[Colour, ...] = (
    (24, 22, 26),
    (32, 34, 44),
    (40, 48, 66),
    (20, 24, 34),
    (96, 96, 100),
    (168, 168, 170),
)
CLOTHES: tuple[Colour, ...] = (
    (60, 46, 38),
    (46, 46, 50),
    (110, 84, 60),
    (70, 60, 120),
    (96, 110, 70),
    (150, 140, 132),
    (200, 190, 180),
    (90, 60, 40),
)
WALLS: tuple[Colour, ...] = (
    (246, 244, 242),
    (236, 232, 226),
    (230, 216, 200),
    (214, 214, 214),
    (240, 226, 214),
    (206, 190, 172),
)


def draw(rng: random.Random, female: bool, age: int) -> Picture:
    """A head and shoulders, HEIGHT by WIDTH, BGR, as an identity photograph shows them."""
    wall = np.asarray(rng.choice(WALLS), np.float32)
    shade = np.linspace(1.03, rng.uniform(0.88, 1), HEIGHT, dtype=np.float32)[:, None, None]
    canvas = np.ascontiguousarray(np.broadcast_to(wall * shade, (HEIGHT, WIDTH, 3)).astype(np.float32))
    grey_from = rng.randint(50, 75)
    face = Face(
        x=WIDTH / 2 + rng.uniform(-6, 6),
        y=HEIGHT * rng.uniform(0.43, 0.48),
        half=rng.uniform(66, 76) * (0.95 if female else 1),
        brow=rng.uniform(84, 94),
        jaw=rng.uniform(90, 106) * (0.95 if female else 1),
        square=rng.uniform(0.62, 0.8) if female else rng.uniform(0.72, 0.95),
        skin=rng.choice(SKINS),
        hair=rng.choice(HAIRS[4:]) if age > grey_from else rng.choice(HAIRS[:4]),
    )
    long_hair = female and rng.random() < 0.6
    _hair_behind(canvas, rng, face, long_hair, female)
    _body(canvas, rng, face)
    _head(canvas, rng, face)
    features(canvas, rng, face, female, age)
    _hair_before(canvas, rng, face, female)
    if rng.random() < 0.3:
        glasses(canvas, rng, face)
    return np.clip(cv2.GaussianBlur(canvas, (0, 0), 0.8), 0, 255).astype(np.uint8)


def _hair_behind(canvas: Canvas, rng: random.Random, f: Face, long_hair: bool, female: bool) -> None:
    lift = rng.uniform(8, 18)
    if long_hair:
        reach = rng.uniform(120, 210)
        paint(
            canvas,
            oval(f.x, f.y - 10, f.half + rng.uniform(16, 26), f.brow + lift, reach, 0.8),
            f.hair,
            soft=1.4,
        )
    elif female:
        paint(
            canvas,
            oval(f.x, f.y - 8, f.half + 15, f.brow + lift, rng.uniform(50, 92), 0.85),
            f.hair,
            soft=1.4,
        )
    else:
        paint(canvas, oval(f.x, f.y - 24, f.half + 5, f.brow - 18 + lift, 34, 0.9), f.hair, soft=1.4)


def _body(canvas: Canvas, rng: random.Random, f: Face) -> None:
    chin, cloth = f.y + f.jaw, rng.choice(CLOTHES)
    shoulder, slope = rng.uniform(128, 150), rng.uniform(26, 44)
    neck = f.half * rng.uniform(0.52, 0.64)
    top = chin + rng.uniform(16, 26)
    body = poly(
        (f.x - neck - 4, top),
        (f.x - shoulder * 0.7, top + slope * 0.6),
        (f.x - shoulder, top + slope * 1.7),
        (f.x - shoulder - 8, HEIGHT + 40),
        (f.x + shoulder + 8, HEIGHT + 40),
        (f.x + shoulder, top + slope * 1.7),
        (f.x + shoulder * 0.7, top + slope * 0.6),
        (f.x + neck + 4, top),
    )
    paint(canvas, body, cloth, soft=1.2)
    paint(
        canvas,
        poly((f.x + 70, top + 70), (f.x + 104, top + 90), (f.x + 112, 420), (f.x + 78, 420)),
        times(cloth, 0.75),
        soft=11,
    )
    paint(
        canvas,
        poly(
            (f.x - neck, chin - 34),
            (f.x + neck, chin - 34),
            (f.x + neck + 6, top + 8),
            (f.x, top + 44),
            (f.x - neck - 6, top + 8),
        ),
        times(f.skin, 0.9),
        soft=1.2,
    )
    paint(canvas, oval(f.x, chin - 2, neck + 6, 14, 20), times(f.skin, 0.66), soft=7, strength=0.8)
    if rng.random() < 0.6:
        _collar(canvas, rng, f, neck, top)


def _collar(canvas: Canvas, rng: random.Random, f: Face, neck: float, top: float) -> None:
    white = rng.choice([(244, 242, 240), (236, 224, 206), (214, 222, 240)])
    paint(
        canvas,
        poly((f.x - neck - 6, top), (f.x - neck - 26, top + 14), (f.x - 2, top + 96), (f.x, top + 44)),
        white,
        soft=0.8,
    )
    paint(
        canvas,
        poly((f.x + neck + 6, top), (f.x + neck + 26, top + 14), (f.x + 2, top + 96), (f.x, top + 44)),
        times(white, 0.95),
        soft=0.8,
    )
    if rng.random() < 0.5:
        tie = rng.choice([(60, 40, 120), (110, 60, 40), (50, 50, 60), (60, 90, 50)])
        paint(
            canvas,
            poly((f.x - 9, top + 40), (f.x + 9, top + 40), (f.x + 16, top + 130), (f.x - 16, top + 130)),
            tie,
        )


def _head(canvas: Canvas, rng: random.Random, f: Face) -> None:
    for side in (-1, 1):
        ear = oval(f.x + side * (f.half + 1), f.y + 8, 10, 20, 22)
        paint(canvas, ear, times(f.skin, 0.92))
        paint(canvas, oval(f.x + side * (f.half + 2), f.y + 9, 4, 11), times(f.skin, 0.74), soft=2)
    paint(canvas, oval(f.x, f.y, f.half, f.brow, f.jaw, f.square), f.skin, soft=1.0)
    light = rng.choice((-1, 1))
    paint(
        canvas,
        oval(f.x + light * f.half * 0.68, f.y + 6, f.half * 0.13, 52, 44),
        times(f.skin, 0.84),
        soft=9,
        strength=0.9,
    )
    paint(
        canvas,
        oval(f.x - light * f.half * 0.76, f.y + 8, f.half * 0.09, 50, 40),
        times(f.skin, 0.9),
        soft=7,
        strength=0.8,
    )
    paint(canvas, oval(f.x - light * 8, f.y - 44, 34, 20), times(f.skin, 1.07), soft=14, strength=0.8)
    for side in (-1, 1):
        paint(
            canvas,
            oval(f.x + side * f.half * 0.52, f.y + 30, 14, 12),
            (f.skin[0] * 0.9, f.skin[1] * 0.92, f.skin[2] * 1.02),
            soft=8,
            strength=0.7,
        )
    paint(canvas, oval(f.x, f.y + f.jaw - 12, 22, 5), times(f.skin, 0.86), soft=6, strength=0.7)


def _hair_before(canvas: Canvas, rng: random.Random, f: Face, female: bool) -> None:
    """The hair over the forehead: the space between the skull's outline and a hairline with a parting."""
    top, line = f.y - f.brow - rng.uniform(10, 18), f.y - rng.uniform(48, 64)
    parting = f.x + rng.uniform(-0.5, 0.5) * f.half
    turn = np.linspace(math.pi, 2 * math.pi, 40)
    skull = np.stack(
        [f.x + np.cos(turn) * (f.half + (12 if female else 6)), f.y - 14 + np.sin(turn) * (f.y - 14 - top)], 1
    )
    fringe = rng.random() < (0.45 if female else 0.25)
    low = f.y + (18 if female else -6)
    across = np.linspace(f.x + f.half + 2, f.x - f.half - 2, 40)
    away = np.abs(across - parting) / f.half
    edge = (
        line + 18 + 4 * np.sin(across / rng.uniform(2.5, 6))
        if fringe
        else line - 12 + 26 * np.minimum(away, 1.6) ** 1.6
    )
    sides = np.clip((np.abs(across - f.x) / f.half - 0.84) / 0.18, 0, 1)
    hairline = np.stack([across, edge * (1 - sides) + low * sides], 1)
    paint(canvas, np.concatenate([skull, hairline]).astype(np.float32), f.hair, soft=1.5)
    for _ in range(14):
        x = f.x + rng.uniform(-0.85, 0.85) * f.half
        start = top + 12 + 26 * (abs(x - f.x) / f.half) ** 2
        bend = (x - parting) * 0.22
        paint(
            canvas,
            poly((x, start), (x + bend, start + 14), (x + bend + 2.5, start + 14), (x + 2.5, start)),
            times(f.hair, 1.6),
            soft=2.2,
            strength=0.35,
        )
