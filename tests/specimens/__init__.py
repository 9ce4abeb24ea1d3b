"""Draws invented Korean resident cards with their truth, for tests, the benchmark and the demo.

`draw(seed, level)` gives one card; the same seed and options give the same picture and truth again.
`draw_other(seed, kind)` gives something that is no resident card. Names, faces and numbers (area digits
97 to 99: nobody's) are invented; roads are real. Needs the Debian packages of `fonts.PACKAGES`.
`python -m tests.specimens OUTDIR --count N --level clean|photo|hard --seed S` writes cards and truth.json.
"""

import random
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.specimens import card, others, people, photo, scenes
from tests.specimens.conditions import Level, choose
from tests.specimens.fonts import FontsMissingError
from tests.specimens.others import Other
from tests.specimens.people import Forgery, Generation, Hanja, Holder
from tests.specimens.scenes import Scene

__all__ = [
    "FontsMissingError",
    "Forgery",
    "Generation",
    "Hanja",
    "Holder",
    "Level",
    "Other",
    "Scene",
    "Specimen",
    "Stranger",
    "draw",
    "draw_other",
]

Picture = NDArray[np.uint8]
Corner = tuple[float, float]
CLEAN_QUALITY = 92


@dataclass(frozen=True, slots=True, eq=False)
class Specimen:
    """One drawn card: strings in the vendor's notation, corners clockwise from the card's own upper left."""

    picture: Picture
    quality: int
    seed: int
    level: Level
    generation: Generation
    forgery: Forgery | None
    name: str
    rrn: str
    sex: str
    birthday: str
    address: str
    issued: str
    corners: tuple[Corner, ...]
    photo_box: tuple[int, int, int, int]  # left, top, right, bottom on a card of 1012 by 638

    def jpeg(self, quality: int | None = None) -> bytes:
        """The picture as JPEG, at the quality its level drew unless another is asked."""
        return _jpeg(self.picture, quality or self.quality)

    def truth(self) -> dict[str, Any]:
        """What is printed, under the vendor's keys, as in a `truth.json`."""
        return {
            "Name": self.name,
            "ID": self.rrn,
            "Sex": self.sex,
            "Birthday": self.birthday,
            "Address": self.address,
            "DateOfIssue": self.issued,
            "corners": [list(corner) for corner in self.corners],
            "photo_box_on_card": list(self.photo_box),
            "generation": self.generation.value,
            "forgery": self.forgery.value if self.forgery else None,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Stranger:
    """A picture that is no resident card's front."""

    picture: Picture
    kind: Other
    quality: int = 88

    def jpeg(self, quality: int | None = None) -> bytes:
        return _jpeg(self.picture, quality or self.quality)


def draw(
    seed: int,
    level: Level | str = Level.CLEAN,
    *,
    generation: Generation | str | None = None,
    overseas: bool | None = None,
    lot_number: bool | None = None,
    hanja: Hanja | str | None = None,
    forgery: Forgery | str | None = None,
    random_number: bool = False,
    holder: Holder | None = None,
    worn: bool | None = None,
    watermark: bool = False,
    held_out: bool = False,
    **shot: Any,
) -> Specimen:
    """One card. What is None is left to chance; `held_out` keeps to faces the reader never trained on.

    A `holder` is printed as given and overrules what would be asked of an invented one.
    `random_number` gives digits as since 2020-10-05: the check digit fails, the newer generation is implied.
    `shot` overrides any of `photo.Shot`'s conditions (`scene="wood"`, `turn=180`, `glare=0.5`, `screen=True`,
    …); with the level clean it has the card photographed under otherwise kind conditions.
    """
    level = Level(level)
    rng = random.Random(f"{seed}:card")
    if generation is None:
        generation = Generation.POLYCARBONATE if random_number else rng.choice(list(Generation))
    generation = Generation(generation)
    wishes = people.Wishes(
        generation=generation,
        forgery=Forgery(forgery) if forgery else None,
        hanja=Hanja(hanja) if hanja else None,
        lot_number=lot_number,
        random_number=random_number,
    )
    if holder is None:
        holder = people.invent(random.Random(f"{seed}:holder"), wishes)
    marks = card.Marks(
        generation=generation,
        overseas=rng.random() < 0.04 if overseas is None else overseas,
        worn=level is not Level.CLEAN and rng.random() < 0.2 if worn is None else worn,
        watermark=watermark,
        held_out=held_out,
    )
    front = card.draw(rng, np.random.default_rng(seed), holder, marks)
    picture, corners, quality = _photographed(front.picture, seed, level, shot)
    return Specimen(
        picture=picture,
        quality=quality,
        seed=seed,
        level=level,
        generation=generation,
        forgery=wishes.forgery,
        name=holder.name,
        rrn=holder.rrn,
        sex="女" if holder.female else "男",
        birthday=f"{holder.birthday:%d/%m/%Y}" if holder.birthday else "",
        address=" ".join(holder.address),
        issued=f"{holder.issued:%d/%m/%Y}",
        corners=corners,
        photo_box=front.photo_box,
    )


def draw_other(seed: int, kind: Other | str, **shot: Any) -> Stranger:
    """Something else than a resident card's front, photographed; `shot` overrides as in `draw`."""
    kind, rng, noise = Other(kind), random.Random(f"{seed}:other"), np.random.default_rng(seed)
    conditions = replace(choose(Level.PHOTO, rng), **_shot(shot))
    if kind is Other.CAT:
        return Stranger(others.cat(rng), kind)
    if kind is Other.TABLE:
        return Stranger(scenes.draw(conditions.scene, conditions.frame, rng, noise), kind)
    if kind is Other.HALF:
        return Stranger(draw(seed, Level.PHOTO, half=True, **shot).picture, kind)
    picture, _ = photo.take(others.DOCUMENTS[kind](rng), conditions, rng, noise)
    return Stranger(picture, kind, conditions.quality)


def _photographed(
    flat: Picture, seed: int, level: Level, shot: dict[str, Any]
) -> tuple[Picture, tuple[Corner, ...], int]:
    if level is Level.CLEAN and not shot:
        tall, wide = flat.shape[:2]
        return (
            flat,
            ((0.0, 0.0), (float(wide), 0.0), (float(wide), float(tall)), (0.0, float(tall))),
            CLEAN_QUALITY,
        )
    rng = random.Random(f"{seed}:{level}")
    conditions = replace(choose(level, rng), **_shot(shot))
    picture, corners = photo.take(flat, conditions, rng, np.random.default_rng([seed, 1]))
    return picture, tuple((round(float(x), 1), round(float(y), 1)) for x, y in corners), conditions.quality


def _shot(wishes: dict[str, Any]) -> dict[str, Any]:
    """Overrides of a Shot, the scene given as a member or by name. An unknown condition raises TypeError."""
    return {**wishes, "scene": Scene(wishes["scene"])} if "scene" in wishes else wishes


def _jpeg(picture: Picture, quality: int) -> bytes:
    _, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return encoded.tobytes()
