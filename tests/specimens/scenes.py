"""What a card lies on: white paper, wood, cloth, a cluttered desk, a hand, tiles."""

import math
import random
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Layer = NDArray[np.float32]
Size = tuple[int, int]  # width, height


class Scene(StrEnum):
    PAPER = "paper"
    PLAIN = "plain"
    WOOD = "wood"
    CLOTH = "cloth"
    DESK = "desk"
    HAND = "hand"
    TILES = "tiles"
    DARK = "dark"


def draw(scene: Scene, size: Size, rng: random.Random, noise: np.random.Generator) -> Picture:
    """The scene without a card, BGR. It is drawn at half size: nobody's camera is focused on the table."""
    half = ((size[0] + 1) // 2, (size[1] + 1) // 2)
    small = DRAWN[scene](half, rng, noise)
    return cv2.resize(np.clip(small, 0, 255).astype(np.uint8), size, interpolation=cv2.INTER_LINEAR)


def _flat(size: Size, colour: tuple[float, float, float]) -> Layer:
    return np.full((size[1], size[0], 3), colour, np.float32)


def _clouds(size: Size, noise: np.random.Generator, across: int, down: int) -> Layer:
    """Smooth noise in -1..1, one channel kept as (h, w, 1)."""
    rough = noise.uniform(-1, 1, (down, across)).astype(np.float32)
    return cv2.resize(rough, size, interpolation=cv2.INTER_CUBIC)[..., None]


def _colour(rng: random.Random, low: int, high: int) -> tuple[float, float, float]:
    grey, dull = rng.uniform(low, high), rng.uniform(0.35, 1)
    blue, green, red = (grey * dull + rng.uniform(low, high) * (1 - dull) for _ in range(3))
    return (blue, green, red)


def _paper(size: Size, rng: random.Random, noise: np.random.Generator) -> Layer:
    white = rng.uniform(214, 250)
    sheet = _flat(size, (white - rng.uniform(0, 14), white - rng.uniform(0, 5), white))
    sheet += _clouds(size, noise, 6, 5) * 5 + _clouds(size, noise, size[0] // 2, size[1] // 2) * 2
    kind, pitch = rng.random(), rng.randint(18, 40)
    if kind < 0.4:
        ink = _colour(rng, 120, 210)
        for y in range(rng.randint(0, pitch), size[1], pitch):
            cv2.line(sheet, (0, y), (size[0], y), ink, 1)
    elif kind < 0.6:
        for y in range(rng.randint(0, pitch), size[1], pitch):
            x = rng.randint(0, 60)
            while x < size[0] - 60:
                word = rng.randint(10, 50)
                cv2.rectangle(sheet, (x, y), (x + word, y + pitch // 4), (90, 90, 90), -1)
                x += word + rng.randint(6, 12)
        sheet = cv2.blur(sheet, (5, 3))
    return sheet


def _plain(size: Size, rng: random.Random, noise: np.random.Generator) -> Layer:
    return _flat(size, _colour(rng, 40, 235)) + _clouds(size, noise, 5, 4) * rng.uniform(2, 14)


def _dark(size: Size, rng: random.Random, noise: np.random.Generator) -> Layer:
    return _flat(size, _colour(rng, 14, 60)) + _clouds(size, noise, size[0] // 3, size[1] // 3) * 5


def _wood(size: Size, rng: random.Random, noise: np.random.Generator) -> Layer:
    tone = np.asarray(
        rng.choice([(70, 110, 160), (96, 140, 186), (40, 62, 96), (150, 186, 212), (58, 84, 120)]), np.float32
    )
    grain = _clouds(size, noise, 5, size[1] // 5) * 0.6 + _clouds(size, noise, 30, size[1] // 2) * 0.4
    rings = np.sin(
        (_clouds(size, noise, 4, 6) * 9 + np.linspace(0, rng.uniform(20, 60), size[1])[:, None, None]) * 1.0
    )
    board = tone * (1 + 0.16 * grain + 0.07 * rings)
    plank = rng.randint(110, 260)
    for y in range(rng.randint(0, plank), size[1], plank):
        board[y : y + 2] *= 0.55
    board = board.astype(np.float32)
    return np.ascontiguousarray(cv2.resize(board.transpose(1, 0, 2), size)) if rng.random() < 0.4 else board


def _cloth(size: Size, rng: random.Random, noise: np.random.Generator) -> Layer:
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    pitch = rng.uniform(2.5, 6)
    weave = np.sin(x * 2 * math.pi / pitch) * np.sin(y * 2 * math.pi / pitch)
    sheet = _flat(size, _colour(rng, 30, 210)) * (1 + 0.08 * weave[..., None])
    sheet *= 1 + 0.28 * _clouds(size, noise, 4, 3)
    if rng.random() < 0.4:
        stripe, other = rng.randint(20, 70), np.asarray(_colour(rng, 30, 220), np.float32)
        for left in range(0, size[0], stripe * 2):
            sheet[:, left : left + stripe] = sheet[:, left : left + stripe] * 0.4 + other * 0.6
        if rng.random() < 0.5:
            for top in range(0, size[1], stripe * 2):
                sheet[top : top + stripe] = sheet[top : top + stripe] * 0.6 + other * 0.4
    return sheet


def _tiles(size: Size, rng: random.Random, noise: np.random.Generator) -> Layer:
    sheet = _flat(size, _colour(rng, 130, 235)) + np.abs(_clouds(size, noise, 12, 9)) * -30
    pitch, grout = rng.randint(90, 240), _colour(rng, 80, 160)
    for x in range(rng.randint(0, pitch), size[0], pitch):
        cv2.line(sheet, (x, 0), (x, size[1]), grout, 3)
    for y in range(rng.randint(0, pitch), size[1], pitch):
        cv2.line(sheet, (0, y), (size[0], y), grout, 3)
    return sheet


def _desk(size: Size, rng: random.Random, noise: np.random.Generator) -> Layer:
    """A table with sheets, books, pens and coins: rectangles that are not cards among them."""
    sheet = rng.choice([_wood, _plain, _dark])(size, rng, noise)
    for _ in range(rng.randint(3, 7)):
        centre = (rng.uniform(0, size[0]), rng.uniform(0, size[1]))
        kind = rng.random()
        if kind < 0.5:
            wide, tall = rng.uniform(0.2, 0.6) * size[0], rng.uniform(0.15, 0.5) * size[1]
        elif kind < 0.8:
            wide, tall = rng.uniform(0.3, 0.5) * size[0], rng.uniform(5, 11)
        else:
            radius = int(rng.uniform(14, 40))
            cv2.circle(sheet, (int(centre[0]), int(centre[1])), radius, _colour(rng, 90, 190), -1)
            cv2.circle(sheet, (int(centre[0]), int(centre[1])), radius - 3, _colour(rng, 110, 210), 2)
            continue
        box = cv2.boxPoints((centre, (wide, tall), rng.uniform(0, 180)))
        cv2.fillPoly(sheet, [(box + 5).astype(np.int32)], (25, 25, 28))
        cv2.fillPoly(sheet, [box.astype(np.int32)], _colour(rng, 30, 245))
    return cv2.GaussianBlur(sheet, (0, 0), 1.2)


def _hand(size: Size, rng: random.Random, noise: np.random.Generator) -> Layer:
    """An open palm with fingers before a room out of focus; the card is held over it."""
    room = cv2.GaussianBlur(_desk(size, rng, noise), (0, 0), 14)
    skin = np.asarray(rng.choice([(140, 170, 214), (120, 152, 198), (156, 186, 226)]), np.float32)
    mask = np.zeros((size[1], size[0]), np.uint8)
    x, y, unit = size[0] * rng.uniform(0.4, 0.6), size[1] * rng.uniform(0.6, 0.8), size[0] * 0.1
    cv2.ellipse(mask, (int(x), int(y)), (int(unit * 2.2), int(unit * 2.0)), 0, 0, 360, 255, -1)
    cv2.line(mask, (int(x), int(y)), (int(x + unit), int(size[1] + unit)), 255, int(unit * 2.6))
    for finger in range(4):
        start = (int(x + (finger - 1.5) * unit * 0.95), int(y - unit))
        reach = unit * (4.2 - abs(finger - 1.6) * 0.5)
        cv2.line(
            mask,
            start,
            (int(start[0] + (finger - 1.5) * unit * 0.5), int(start[1] - reach)),
            255,
            int(unit * 0.85),
        )
    soft = cv2.GaussianBlur(mask, (0, 0), 2).astype(np.float32)[..., None] / 255
    inner = cv2.GaussianBlur(mask, (0, 0), unit * 0.35).astype(np.float32)[..., None] / 255
    palm = skin * (0.62 + 0.4 * inner) * (1 + 0.05 * _clouds(size, noise, 14, 12))
    return room + (palm - room) * soft


DRAWN = {
    Scene.PAPER: _paper,
    Scene.PLAIN: _plain,
    Scene.DARK: _dark,
    Scene.WOOD: _wood,
    Scene.CLOTH: _cloth,
    Scene.TILES: _tiles,
    Scene.DESK: _desk,
    Scene.HAND: _hand,
}
