"""How each level is photographed: as printed, a decent phone picture, a phone in bad light."""

import random
from enum import StrEnum

from tests.specimens.photo import Shot
from tests.specimens.scenes import Scene


class Level(StrEnum):
    CLEAN = "clean"
    PHOTO = "photo"
    HARD = "hard"


FRAMES = ((1280, 960), (1600, 1200), (1600, 1200), (1920, 1440), (1920, 1080))
LEAST_CARD = 640  # pixels across, before foreshortening: below it, small hanja are legible to nobody


def choose(level: Level, rng: random.Random) -> Shot:
    """Conditions of a photograph at a level; PHOTO's are kind, HARD's are not."""
    return _hard(rng) if level is Level.HARD else _photo(rng)


def _frame(rng: random.Random) -> tuple[int, int]:
    wide, tall = rng.choice(FRAMES)
    return (tall, wide) if rng.random() < 0.2 else (wide, tall)


def _fill(rng: random.Random, frame: tuple[int, int], low: float, high: float, least: int) -> float:
    return max(rng.uniform(low, high), min(0.97, least / frame[0]))


def _photo(rng: random.Random) -> Shot:
    frame = _frame(rng)
    return Shot(
        frame=frame,
        fill=_fill(rng, frame, 0.5, 0.96, 700),
        turn=rng.choices([0, 90, 180, 270], [92, 3, 2, 3])[0],
        roll=rng.gauss(0, 4),
        pitch=rng.uniform(-14, 14),
        yaw=rng.uniform(-12, 12),
        scene=rng.choice(list(Scene)),
        glare=rng.uniform(0.1, 0.35) if rng.random() < 0.2 else 0,
        shadow=rng.uniform(0.1, 0.3) if rng.random() < 0.3 else 0,
        gradient=rng.uniform(0, 0.35),
        defocus=rng.uniform(0, 0.9),
        motion=rng.uniform(1, 2.5) if rng.random() < 0.15 else 0,
        noise=rng.uniform(0.5, 5),
        exposure=rng.uniform(0.78, 1.08),
        quality=rng.randint(78, 94),
        fingers=rng.random() < 0.12,
    )


def _hard(rng: random.Random) -> Shot:
    frame = _frame(rng)
    return Shot(
        frame=frame,
        fill=_fill(rng, frame, 0.3, 0.95, LEAST_CARD),
        turn=rng.choices([0, 90, 180, 270], [55, 9, 27, 9])[0],
        roll=rng.uniform(-25, 25),
        pitch=rng.uniform(-32, 32),
        yaw=rng.uniform(-30, 30),
        scene=rng.choice(list(Scene)),
        glare=rng.uniform(0.25, 0.7) if rng.random() < 0.5 else 0,
        shadow=rng.uniform(0.2, 0.6) if rng.random() < 0.4 else 0,
        gradient=rng.uniform(0.1, 0.8),
        defocus=rng.uniform(0.2, 2.1),
        motion=rng.uniform(2, 5) if rng.random() < 0.3 else 0,
        noise=rng.uniform(2, 12),
        exposure=rng.uniform(0.5, 1.15),
        quality=rng.randint(40, 80),
        fingers=rng.random() < 0.15,
    )
