"""What makes a face somebody's: eyes, brows, nose, mouth, glasses."""

import random

import cv2
import numpy as np

from tests.specimens.strokes import HEIGHT, WIDTH, Canvas, Face, oval, paint, poly, times


def features(canvas: Canvas, rng: random.Random, f: Face, female: bool, age: int) -> None:
    gap, wide, tall = f.half * rng.uniform(0.4, 0.46), f.half * rng.uniform(0.19, 0.23), rng.uniform(4.6, 7.2)
    slant, brow = rng.uniform(-2.5, 1.5), rng.uniform(2.6, 4.0) if female else rng.uniform(4.0, 6.2)
    for side in (-1, 1):
        x, y = f.x + side * gap, f.y - 2
        paint(canvas, oval(x, y - 5, wide + 4, 8, 10), times(f.skin, 0.86), soft=4, strength=0.7)
        paint(canvas, oval(x, y, wide, tall, tall * 0.8), (238, 240, 242), soft=0.8)
        paint(canvas, oval(x, y, tall * 0.98, tall * 0.98), (30, 36, 48), soft=0.8)
        paint(canvas, oval(x - 1.6, y - 2, 1.3, 1.3), (250, 250, 250), soft=0.5)
        lid = poly(
            (x - wide, y + 1),
            (x - wide * 0.4, y - tall),
            (x + wide * 0.4, y - tall),
            (x + wide, y + 1),
            (x + wide * 0.4, y - tall - 2.4),
            (x - wide * 0.4, y - tall - 2.4),
        )
        paint(canvas, lid, (34, 34, 42), soft=0.8)
        out, inn = side * wide * 1.35, -side * wide * 1.05
        rise = y - 22
        paint(
            canvas,
            poly(
                (x + inn, rise + 2),
                (x, rise - 3 + slant * 0.3),
                (x + out, rise + 3 + slant),
                (x, rise + brow - 3),
                (x + inn, rise + brow + 2),
            ),
            times(f.hair, 1.15),
            soft=1.4,
            strength=0.85,
        )
        if age > 45:
            paint(canvas, oval(x, y + 13, wide, 1.4), times(f.skin, 0.74), soft=2, strength=0.8)
    _nose_and_mouth(canvas, rng, f, female, age)


def _nose_and_mouth(canvas: Canvas, rng: random.Random, f: Face, female: bool, age: int) -> None:
    tip, wing = f.y + rng.uniform(34, 40), rng.uniform(10, 14)
    side = rng.choice((-1, 1))
    paint(
        canvas,
        poly(
            (f.x + side * 5, f.y - 6),
            (f.x + side * 9, tip - 4),
            (f.x + side * 13, tip),
            (f.x + side * 6, tip),
        ),
        times(f.skin, 0.84),
        soft=4,
    )
    paint(canvas, oval(f.x, tip - 7, 6, 6), times(f.skin, 1.06), soft=4)
    paint(canvas, oval(f.x, tip + 4, wing, 2.4), times(f.skin, 0.72), soft=2.6)
    for x in (-1, 1):
        paint(canvas, oval(f.x + x * wing * 0.55, tip + 2, 3.2, 1.8), (70, 80, 112), soft=1.2)
        if age > 40:
            start = (f.x + x * (wing + 4), tip)
            paint(
                canvas,
                poly(start, (f.x + x * (wing + 15), tip + 24), (f.x + x * (wing + 12), tip + 24)),
                times(f.skin, 0.8),
                soft=2.4,
            )
    y, wide, lip = tip + rng.uniform(24, 30), rng.uniform(19, 26), rng.uniform(4.5, 7.5)
    red = (f.skin[0] * 0.66, f.skin[1] * 0.6, f.skin[2] * (0.92 if female else 0.84))
    paint(
        canvas,
        poly(
            (f.x - wide, y),
            (f.x - 6, y - lip),
            (f.x, y - lip + 2),
            (f.x + 6, y - lip),
            (f.x + wide, y),
            (f.x, y + 1),
        ),
        times(red, 0.92),
        soft=1.1,
    )
    paint(canvas, oval(f.x, y, wide * 0.8, 0.5, lip * 1.2), red, soft=1.3)
    paint(canvas, oval(f.x, y, wide, 0.9, 1.1), times(red, 0.6), soft=0.9)
    paint(canvas, oval(f.x, y + lip * 2 + 1, wide * 0.6, 2), times(f.skin, 0.84), soft=3)


def glasses(canvas: Canvas, rng: random.Random, f: Face) -> None:
    tint, thick = rng.choice([(30, 30, 34), (60, 80, 110), (120, 120, 124)]), rng.choice([1.6, 2.4, 3.2])
    gap, wide, tall = f.half * 0.43, f.half * 0.32, rng.uniform(15, 20)
    layer = np.zeros((HEIGHT, WIDTH), np.uint8)
    for side in (-1, 1):
        rim = np.round(oval(f.x + side * gap, f.y, wide, tall, tall, 0.75) * 16).astype(np.int32)
        cv2.polylines(layer, [rim], True, 255, round(thick), cv2.LINE_AA, 4)
        arm = [(int(f.x + side * (gap + wide)), int(f.y - 4)), (int(f.x + side * (f.half + 4)), int(f.y - 6))]
        cv2.line(layer, arm[0], arm[1], 255, 2, cv2.LINE_AA)
    cv2.line(
        layer,
        (int(f.x - gap + wide), int(f.y - 3)),
        (int(f.x + gap - wide), int(f.y - 3)),
        255,
        2,
        cv2.LINE_AA,
    )
    mask = layer[..., None].astype(np.float32) / 255
    canvas += (np.asarray(tint, np.float32) - canvas) * mask
