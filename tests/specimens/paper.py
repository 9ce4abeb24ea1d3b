"""The tinted ground of a card with its fine lines, and what lies over the print: holograms, wear, seals."""

import math
import random

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.specimens.fonts import face

Picture = NDArray[np.uint8]
Layer = NDArray[np.float32]

WIDTH, HEIGHT = 1012, 638  # ID-1 at 300 dots an inch
SHIFT = 3  # fractional bits of cv2's drawing coordinates

SEAL_FACES = ("truetype/unfonts-core/UnGungseo.ttf", "truetype/baekmuk/batang.ttf")


def ground(rng: random.Random) -> Picture:
    """A pale two-colour ground under waves and rosettes; HEIGHT by WIDTH, BGR."""
    pale = rng.choice([(200, 246), (214, 250), (188, 236)])
    ends = [np.asarray([rng.uniform(*pale) for _ in range(3)], np.float32) for _ in range(3)]
    angle = rng.uniform(0, math.pi)
    y, x = np.mgrid[0 : HEIGHT // 4 + 1, 0 : WIDTH // 4 + 1].astype(np.float32)
    t = x / x.max() * math.cos(angle) ** 2 + y / y.max() * math.sin(angle) ** 2
    t = t[..., None]
    blend = ends[0] * (1 - t) + ends[1] * t + (ends[2] - ends[0]) * np.sin(t * math.pi) * 0.4
    base = cv2.resize(blend.astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
    base8 = np.clip(base, 0, 255).astype(np.uint8)
    lines = base8.copy()
    for _ in range(rng.randint(1, 3)):
        _waves(lines, rng)
    for _ in range(rng.randint(0, 3)):
        _rosette(lines, rng)
    if rng.random() < 0.3:
        _microtext(lines, rng)
    strength = rng.uniform(0.2, 0.7)
    return cv2.addWeighted(base8, 1 - strength, lines, strength, 0)


def _tint(rng: random.Random) -> tuple[int, int, int]:
    return (rng.randint(140, 225), rng.randint(140, 225), rng.randint(140, 225))


def _waves(picture: Picture, rng: random.Random) -> None:
    x = np.arange(-10, WIDTH + 20, 8, dtype=np.float32)
    tall, length, drift = rng.uniform(4, 26), rng.uniform(50, 400), rng.uniform(-0.15, 0.15)
    wave = tall * np.sin(x / length * 2 * math.pi) + 0.4 * tall * np.sin(x / length * 5.3) + drift * x
    pitch, tint = rng.uniform(7, 22), _tint(rng)
    turn = rng.uniform(0, 0.02)
    for row in np.arange(-160, HEIGHT + 160, pitch):
        y = row + wave * (1 + turn * row / 10)
        points = np.round(np.stack([x, y], 1) * 2**SHIFT).astype(np.int32)
        cv2.polylines(picture, [points], False, tint, 1, cv2.LINE_AA, SHIFT)


def _rosette(picture: Picture, rng: random.Random) -> None:
    turn = np.linspace(0, 2 * math.pi, 220)
    x, y, tint = rng.uniform(100, WIDTH - 100), rng.uniform(100, HEIGHT - 60), _tint(rng)
    petals, depth, size = rng.randint(3, 16), rng.uniform(0, 0.35), rng.uniform(50, 190)
    for ring in range(rng.randint(5, 14)):
        radius = size * (1 - ring * 0.06) * (1 + depth * np.sin(petals * turn + ring * 0.3))
        points = np.stack([x + radius * np.cos(turn), y + radius * np.sin(turn)], 1)
        cv2.polylines(
            picture, [np.round(points * 2**SHIFT).astype(np.int32)], True, tint, 1, cv2.LINE_AA, SHIFT
        )


def _microtext(picture: Picture, rng: random.Random) -> None:
    word, tint, size = (
        rng.choice(["KOREA ", "REPUBLIC OF KOREA ", "ROK "]) * 12,
        _tint(rng),
        rng.uniform(0.3, 0.5),
    )
    for row in range(rng.randint(0, 40), HEIGHT, rng.randint(36, 90)):
        cv2.putText(
            picture, word, (rng.randint(-90, 0), row), cv2.FONT_HERSHEY_PLAIN, size * 2, tint, 1, cv2.LINE_AA
        )


def hologram(picture: Layer, rng: random.Random, centre: tuple[float, float], size: float) -> None:
    """An iridescent film over part of the card, changed in place; print stays legible through it."""
    left, top = max(0, int(centre[0] - size)), max(0, int(centre[1] - size))
    right, bottom = min(WIDTH, int(centre[0] + size)), min(HEIGHT, int(centre[1] + size))
    y, x = np.mgrid[top:bottom, left:right].astype(np.float32)
    away = np.hypot(x - centre[0], y - centre[1]) / size
    phase = away * rng.uniform(6, 16) + x / rng.uniform(20, 90) + rng.uniform(0, 6)
    rainbow = np.stack([np.sin(phase), np.sin(phase + 2.1), np.sin(phase + 4.2)], 2)
    fade = np.clip(1 - away, 0, 1)[..., None] ** 0.5
    picture[top:bottom, left:right] += rainbow * fade * rng.uniform(6, 20)


def taegeuk(picture: Layer, centre: tuple[float, float], radius: float, rng: random.Random) -> None:
    """The colour-shifting taegeuk at the upper left of cards issued since 2020, changed in place."""
    big = int(radius + 2)
    y, x = np.mgrid[-big : big + 1, -big : big + 1].astype(np.float32)
    tilt = rng.uniform(-0.9, -0.2)
    u, v = x * math.cos(tilt) - y * math.sin(tilt), x * math.sin(tilt) + y * math.cos(tilt)
    upper = (v < 0) & (np.hypot(u - radius / 2, v) > radius / 2) | (np.hypot(u + radius / 2, v) < radius / 2)
    shift = rng.uniform(0, 1)
    red = np.asarray([90 + 60 * shift, 70 + 90 * shift, 215], np.float32)
    blue = np.asarray([200, 120 - 50 * shift, 60 + 80 * shift], np.float32)
    colour = np.where(upper[..., None], red, blue) + 14 * np.sin(u / 3)[..., None]
    mask = np.clip(radius - np.hypot(x, y), 0, 1)[..., None] * rng.uniform(0.55, 0.9)
    cx, cy = round(centre[0]), round(centre[1])
    region = picture[cy - big : cy + big + 1, cx - big : cx + big + 1]
    region += (colour - region) * mask


def seal(picture: Layer, rng: random.Random, office: str, x: float, y: float, size: int) -> None:
    """The issuing head's red seal with its upper left corner at (x, y), changed in place."""
    name = face(rng.choice(SEAL_FACES), max(8, size * 3 // 10))
    letters = (office.replace(" ", "")[-5:] + rng.choice(["인", "의인", "직인"]))[-9:]
    rows = 3 if len(letters) > 4 else 2
    mask = np.zeros((size, size), np.uint8)
    ring = max(2, size // rng.randint(14, 24))
    if rng.random() < 0.7:
        cv2.rectangle(mask, (1, 1), (size - 2, size - 2), 255, ring, cv2.LINE_AA)
    else:
        cv2.circle(mask, (size // 2, size // 2), size // 2 - 2, 255, ring, cv2.LINE_AA)
    columns = math.ceil(len(letters) / rows)
    for place, letter in enumerate(letters):
        column, row = columns - 1 - place // rows, place % rows
        drawn = name.getmask(letter)
        glyph = np.asarray(drawn, np.uint8).reshape(drawn.size[1], drawn.size[0])
        inner = size - 4 * ring
        cell = cv2.resize(
            glyph, (max(4, inner // columns - 2), max(4, inner // rows - 2)), interpolation=cv2.INTER_AREA
        )
        left, top = 2 * ring + column * inner // columns + 1, 2 * ring + row * inner // rows + 1
        region = mask[top : top + cell.shape[0], left : left + cell.shape[1]]
        np.maximum(region, cell[: region.shape[0], : region.shape[1]], out=region)
    inked = cv2.GaussianBlur(mask, (0, 0), 0.6).astype(np.float32) / 255
    patch = picture[int(y) : int(y) + size, int(x) : int(x) + size]
    ink = np.asarray([rng.randint(40, 90), rng.randint(30, 80), rng.randint(180, 225)], np.float32)
    strength = inked[: patch.shape[0], : patch.shape[1], None] * rng.uniform(0.55, 0.9)
    patch += (ink - patch) * strength


def wear(printed: Layer, blank: Layer, rng: random.Random, noise: np.random.Generator) -> Layer:
    """Print rubbed thin in places, with a few scratches; letters stay legible."""
    rough = noise.random((12, 20), dtype=np.float32)
    rubbed = cv2.resize(rough, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)[..., None]
    kept = np.clip(1.15 - rubbed * rng.uniform(0.3, 0.6), 0.45, 1)
    worn = blank + (printed - blank) * kept
    for _ in range(rng.randint(2, 9)):
        start = (rng.randint(0, WIDTH), rng.randint(0, HEIGHT))
        end = (start[0] + rng.randint(-160, 160), start[1] + rng.randint(-60, 60))
        shade = float(rng.randint(190, 250))
        cv2.line(worn, start, end, (shade, shade, shade), 1, cv2.LINE_AA)
    return worn
