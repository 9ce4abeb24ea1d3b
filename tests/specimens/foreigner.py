"""The front of a foreigner's residence card (외국인등록증) as issued since 2023-04-01, with an invented holder.

The design of that day: the colour portrait on the right, no sex, a QR code (Ministry of Justice, 2023-03-28). How its
lines stand is our drawing after the fields that the notice names. Holders are 17 or older.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tests.specimens import paper, people, portrait
from tests.specimens.card import write
from tests.specimens.fonts import COMMON, HELD_OUT
from tests.specimens.paper import Picture

FIRST_ISSUE, LAST_ISSUE = date(2023, 4, 1), date(2026, 10, 31)
SURNAMES = ("NGUYEN", "TRAN", "WANG", "KIM", "SMITH", "IVANOVA", "GARCIA", "RAI", "OCHIR", "KHAN")
GIVEN = (
    "THI MAI",
    "VAN DUC",
    "XIAO LI",
    "ANNA",
    "JOHN PAUL",
    "MARIA",
    "BAT ERDENE",
    "OLGA",
    "SURESH",
    "AISHA",
)
COUNTRIES = ("VIETNAM", "CHINA P. R.", "MONGOLIA", "NEPAL", "RUSSIA", "U. S. A.", "PHILIPPINES", "PAKISTAN")
STATUS = (
    "재외동포 (F-4)",
    "결혼이민 (F-6)",
    "유학 (D-2)",
    "비전문취업 (E-9)",
    "거주 (F-2)",
    "특정활동 (E-7)",
)
OFFICES = ("서울출입국·외국인청장", "부산출입국·외국인청장", "수원출입국·외국인청장", "인천출입국·외국인청장")


@dataclass(frozen=True, slots=True)
class Foreigner:
    """What is printed on one card."""

    name: str
    number: str
    female: bool
    birthday: date
    country: str
    status: str
    issued: date
    office: str


@dataclass(frozen=True, slots=True)
class Front:
    picture: Picture
    holder: Foreigner
    photo_box: tuple[int, int, int, int]


def invent(rng: random.Random) -> Foreigner:
    """A holder who does not exist: the twelfth digit is 0, which says no kind of registration."""
    issued = FIRST_ISSUE + timedelta(days=rng.randint(0, (LAST_ISSUE - FIRST_ISSUE).days))
    born = date(rng.randint(1950, issued.year - 18), rng.randint(1, 12), rng.randint(1, 28))
    female = rng.random() < 0.5
    digit = {(False, False): "5", (False, True): "6", (True, False): "7", (True, True): "8"}[
        born.year >= 2000, female
    ]
    twelve = f"{born:%y%m%d}{digit}{rng.randint(0, 9999):04}0"
    number = f"{twelve[:6]}-{twelve[6:]}{people.check_digit(twelve)}"
    name = f"{rng.choice(SURNAMES)} {rng.choice(GIVEN)}"
    return Foreigner(
        name, number, female, born, rng.choice(COUNTRIES), rng.choice(STATUS), issued, rng.choice(OFFICES)
    )


def draw(rng: random.Random, noise: np.random.Generator, *, held_out: bool = False) -> Front:
    """The card at 1012 by 638, BGR."""
    holder = invent(rng)
    sheet = paper.ground(rng)
    box = _portrait(sheet, rng, holder)
    _code(sheet, noise, (box[0] + 70, box[3] + 24), 96)
    image = Image.fromarray(sheet)
    pen = ImageDraw.Draw(image)
    faces = HELD_OUT if held_out else HELD_OUT + COMMON
    body, shade = rng.choice(faces), rng.randint(15, 55)
    ink, left, top = (shade, shade, shade), rng.randint(48, 76), rng.randint(32, 46)
    end = write(pen, (left, top), "외국인등록증", body, rng.randint(48, 58), ink)
    write(pen, (end + 14, top + 26), "RESIDENCE CARD", body, 22, ink)
    size = rng.randint(36, 42)
    rows = (
        ("외국인등록번호", holder.number, size),
        ("성명", holder.name, size - 4),
        ("국가/지역", holder.country, 30),
        ("체류자격", holder.status, 30),
        ("발급일자", f"{holder.issued:%Y.%m.%d.}", 32),
    )
    down, pitch = top + 96, rng.randint(80, 86)
    for label, value, tall in rows:
        write(pen, (left, down), label, body, 19, ink)
        write(pen, (left + 6, down + 24), value, body, tall, ink)
        down += pitch
    write(pen, (left + 40, 562), holder.office, body, 34, ink)
    picture = np.asarray(image).astype(np.float32)
    paper.seal(picture, rng, holder.office, left + 430, 552, 60)
    return Front(np.clip(picture, 0, 255).astype(np.uint8), holder, box)


def _portrait(sheet: Picture, rng: random.Random, holder: Foreigner) -> tuple[int, int, int, int]:
    wide = rng.randint(240, 268)
    left, top, tall = 972 - wide, rng.randint(96, 130), round(wide * 1.26)
    head = portrait.draw(rng, holder.female, holder.issued.year - holder.birthday.year)
    sheet[top : top + tall, left : left + wide] = cv2.resize(head, (wide, tall), interpolation=cv2.INTER_AREA)
    return left, top, left + wide, top + tall


def _code(sheet: Picture, noise: np.random.Generator, at: tuple[int, int], side: int) -> None:
    """Something like a QR code that says nothing."""
    cells = (noise.random((21, 21)) < 0.5).astype(np.uint8) * 255
    code = cv2.resize(cells, (side, side), interpolation=cv2.INTER_NEAREST)
    sheet[at[1] : at[1] + side, at[0] : at[0] + side] = code[..., None]
