"""Where everything stands on one card: a stranger's hand, within the tolerance of real cards."""

import random
from dataclasses import dataclass

from tests.specimens.fonts import COMMON, DISPLAY, HELD_OUT, able
from tests.specimens.people import Generation, Holder

Box = tuple[int, int, int, int]
FORMATS = (
    "{y}.{m:02}.{d:02}.",
    "{y}.{m:02}.{d:02}",
    "{y}. {m}. {d}.",
    "{y}.{m}.{d}.",
    "{y}. {m:02}. {d:02}.",
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Faces, sizes and places, in pixels of a 1012 by 638 card. Places are upper left corners of text."""

    title_face: str
    name_face: str
    hanja_face: str
    number_face: str
    address_face: str
    foot_face: str
    title: tuple[int, int]
    title_size: int
    title_gap: int
    name: tuple[int, int]
    name_size: int
    hanja_size: int
    hanja_brackets: str  # "{}" is the hanja
    number: tuple[int, int]
    number_size: int
    number_gap: int
    address: tuple[int, int]
    address_size: int
    address_pitch: float
    date: str
    foot_centre: int
    foot: int
    foot_size: int
    foot_from: int  # the leftmost the office may start: the laser image has its place to the left
    seal_size: int
    ink: tuple[int, int, int]
    photo: Box
    grey_photo: bool


def place(rng: random.Random, holder: Holder, generation: Generation, held_out: bool) -> Layout:
    """A layout for the holder: faces that have every letter, sizes that leave no field over another."""
    faces = HELD_OUT if held_out else HELD_OUT + COMMON
    body = rng.choice(faces)
    mixed = rng.random() < 0.35
    new = generation is Generation.POLYCARBONATE
    left, top = rng.randint(48, 84), rng.randint(30, 50)
    name_top = top + rng.randint(100, 124)
    name_size, number_size = rng.randint(42, 54), rng.randint(40, 50)
    number_top = name_top + name_size + rng.randint(18, 32)
    address_top = number_top + number_size + rng.randint(20, 40)
    title_size = rng.randint(50, 66) if new else rng.randint(54, 74)
    photo_wide = rng.randint(226, 268)
    photo_tall = round(photo_wide * rng.uniform(1.2, 1.3))
    photo_left = min(rng.randint(664, 718), 972 - photo_wide)
    photo_top = rng.randint(88, 150)
    drawn_hanja = able(faces, holder.hanja or "金")
    shade = rng.randint(12, 62)
    return Layout(
        title_face=rng.choice([body, *(() if held_out else DISPLAY)]),
        name_face=body,
        hanja_face=body if body in drawn_hanja else rng.choice(drawn_hanja),
        number_face=rng.choice(faces) if mixed else body,
        address_face=rng.choice(faces) if mixed and rng.random() < 0.5 else body,
        foot_face=rng.choice(faces) if mixed and rng.random() < 0.4 else body,
        title=(left + (rng.randint(84, 110) if new else 0), top),
        title_size=title_size,
        title_gap=rng.randint(0, 12) if new else rng.randint(2, 26),
        name=(left + rng.randint(0, 28), name_top),
        name_size=name_size,
        hanja_size=round(name_size * rng.uniform(0.66, 0.96)),
        hanja_brackets=rng.choice(["({})", "({})", " ({})", "({})"]),
        number=(left + rng.randint(-4, 8), number_top),
        number_size=number_size,
        number_gap=rng.choice([0, 0, 1, 2, 4]),
        address=(left + rng.randint(-4, 8), address_top),
        address_size=rng.randint(28, 35),
        address_pitch=rng.uniform(1.2, 1.36),
        date=rng.choice(FORMATS).format(y=holder.issued.year, m=holder.issued.month, d=holder.issued.day),
        foot_centre=rng.randint(440, 500) if new else rng.randint(360, 500),
        foot=rng.randint(498, 514),
        foot_size=rng.randint(32, 40),
        foot_from=292 if new else 200,
        seal_size=rng.randint(54, 74),
        ink=(shade + rng.randint(-8, 8), shade + rng.randint(-8, 8), shade + rng.randint(-8, 8)),
        photo=(photo_left, photo_top, photo_left + photo_wide, photo_top + photo_tall),
        grey_photo=new and rng.random() < 0.35,
    )
