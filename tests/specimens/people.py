"""Invented holders: a name, a number that is nobody's, an address on a road that exists, a date of issue."""

import gzip
import random
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from tests.specimens.words import BUILDINGS, GIVEN, NATIVE, SURNAMES

GAZETTEER = Path(__file__).parents[2] / "ocr_integration" / "engine" / "data" / "gazetteer.tsv.gz"
FIRST_ISSUE = date(1999, 10, 1)
POLYCARBONATE_SINCE = date(2020, 1, 1)
RANDOM_NUMBERS_SINCE = date(2020, 10, 5)
LAST_ISSUE = date(2026, 10, 31)
RENAMED = {"강원도": "강원특별자치도", "전라북도": "전북특별자치도"}


class Generation(StrEnum):
    PLASTIC = "2006"
    POLYCARBONATE = "2020"


class Forgery(StrEnum):
    CHECK_DIGIT = "check_digit"
    IMPOSSIBLE_DATE = "impossible_date"
    CENTURY = "century"


class Hanja(StrEnum):
    FULL = "full"
    NONE = "none"
    SURNAME = "surname"


@dataclass(frozen=True, slots=True)
class Holder:
    """What is printed on one card. `birthday` is None where the printed number has none (a forgery)."""

    hangul: str
    hanja: str
    rrn: str
    female: bool
    birthday: date | None
    address: tuple[str, ...]
    issued: date
    office: str

    @property
    def name(self) -> str:
        return f"{self.hangul} ({self.hanja})" if self.hanja else self.hangul


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a caller may ask of the holder; the rest is left to chance."""

    generation: Generation
    forgery: Forgery | None = None
    hanja: Hanja | None = None
    lot_number: bool | None = None
    random_number: bool = False


@lru_cache(maxsize=1)
def roads() -> list[tuple[str, str, str]]:
    """Rows of the shipped gazetteer: region and district, road, towns (comma separated)."""
    with gzip.open(GAZETTEER, "rt", encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        return [(row[0], row[1], row[2] if len(row) > 2 else "") for row in rows]


def check_digit(twelve: str) -> int:
    """The thirteenth digit of a resident number (domain.md, section 2)."""
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    return (11 - sum(int(d) * w for d, w in zip(twelve, weights, strict=True)) % 11) % 10


def invent(rng: random.Random, wishes: Wishes) -> Holder:
    """A holder whom the wishes allow; the same generator state gives the same holder."""
    hangul, hanja = _name(rng, wishes.hanja)
    issued, born = _dates(rng, wishes)
    female = rng.random() < 0.5
    rrn, birthday, female = _number(rng, born, female, wishes)
    where, road, towns = rng.choice(roads())
    where = where.strip()
    if issued.year >= 2023:
        region, _, rest = where.partition(" ")
        where = f"{RENAMED.get(region, region)} {rest}".strip()
    lot = rng.random() < 0.1 and issued.year < 2012 if wishes.lot_number is None else wishes.lot_number
    town = rng.choice(towns.split(",")) if towns else ""
    address = _lot_address(rng, where, town) if lot and town else _road_address(rng, where, road, town)
    return Holder(hangul, hanja, rrn, female, birthday, address, issued, _office(rng, where))


def _name(rng: random.Random, wish: Hanja | None) -> tuple[str, str]:
    kind = wish or rng.choices([Hanja.FULL, Hanja.NONE, Hanja.SURNAME], [87, 11, 2])[0]
    surname = rng.choice(list(SURNAMES))
    surname_hanja = SURNAMES[surname] if len(surname) > 1 else rng.choice(SURNAMES[surname])
    if kind is not Hanja.FULL:
        given = rng.choice(NATIVE)
        return surname + given, surname_hanja + given if kind is Hanja.SURNAME else ""
    syllables = rng.choices(list(GIVEN), k=rng.choices([1, 2, 3], [7, 90, 3])[0])
    return surname + "".join(syllables), surname_hanja + "".join(rng.choice(GIVEN[s]) for s in syllables)


def _dates(rng: random.Random, wishes: Wishes) -> tuple[date, date]:
    first, last = FIRST_ISSUE, LAST_ISSUE
    if wishes.generation is Generation.PLASTIC:
        last = POLYCARBONATE_SINCE - timedelta(days=1)
    elif wishes.forgery is Forgery.CHECK_DIGIT:
        first, last = POLYCARBONATE_SINCE, RANDOM_NUMBERS_SINCE - timedelta(days=1)
    else:
        first = RANDOM_NUMBERS_SINCE if wishes.random_number else POLYCARBONATE_SINCE
    issued = first + timedelta(days=rng.randint(0, (last - first).days))
    youngest, oldest = issued.year - 18, max(1925, issued.year - 85)
    # The 29th to 31st are kept for the forger, but the 29th of a leap February is worth having too.
    return issued, date(rng.randint(oldest, youngest), rng.randint(1, 12), rng.randint(1, 28))


def _number(rng: random.Random, born: date, female: bool, wishes: Wishes) -> tuple[str, date | None, bool]:
    front = f"{born:%y%m%d}"
    century = (1 if born.year < 2000 else 3) + female
    birthday: date | None = born
    if wishes.forgery is Forgery.IMPOSSIBLE_DATE:
        month_day = rng.choice(["0230", "0231", "0431", "1301", "1532", "0631", "0012", "1100", "0945"])
        front, birthday = front[:2] + month_day, None
    elif wishes.forgery is Forgery.CENTURY:
        # Born after the card was issued: the century digit of the 2000s on a birth in the 1900s.
        born = born.replace(year=rng.randint(1940, 1980))
        front, century, birthday = f"{born:%y%m%d}", 3 + female, born.replace(year=born.year + 100)
    twelve = f"{front}{century}{rng.randint(97, 99)}{rng.randint(0, 999):03}"
    check = check_digit(twelve)
    if wishes.forgery is Forgery.CHECK_DIGIT or wishes.random_number:
        check = (check + rng.randint(1, 9)) % 10
    return f"{front}-{twelve[6:]}{check}", birthday, female


def _road_address(rng: random.Random, where: str, road: str, town: str) -> tuple[str, ...]:
    borough, _, village = town.rpartition(" ")
    first = f"{where} {borough}".strip()
    number = str(rng.randint(1, 400 if rng.random() < 0.8 else 2200))
    number += f"-{rng.randint(1, 60)}" if rng.random() < 0.25 else ""
    house, unit, kind = _building(rng), "", rng.random()
    tail = f"({village})" if village else ""
    if kind < 0.5:
        unit = f", {rng.randint(101, 130)}동 {rng.randint(1, 29)}{rng.randint(1, 12):02}호"
        tail = f"({village}, {house})" if village else f"({house})"
    elif kind < 0.65:
        unit = f", {rng.randint(1, 6)}0{rng.randint(1, 9)}호"
    second, layout = f"{road} {number}{unit}", rng.random()
    lines = (
        (first, second, tail)
        if layout < 0.65
        else (f"{first} {second}", tail)
        if layout < 0.85
        else (first, f"{second} {tail}")
    )
    return tuple(line.strip() for line in lines if line.strip())


def _lot_address(rng: random.Random, where: str, town: str) -> tuple[str, ...]:
    number = f"{'산 ' if rng.random() < 0.1 else ''}{rng.randint(1, 1400)}"
    number += f"-{rng.randint(1, 99)}" if rng.random() < 0.6 else ""
    number += rng.choice(["", "", "번지"])
    if rng.random() < 0.5:
        return where, f"{town} {number}"
    unit = f"{rng.randint(101, 130)}동 {rng.randint(1, 20)}{rng.randint(1, 6):02}호"
    return where, f"{town} {number}", f"{_building(rng)} {unit}"


def _building(rng: random.Random) -> str:
    return rng.choice(BUILDINGS) + rng.choice(["아파트", "아파트", "", "", "1차", "2단지", "3차"])


def _office(rng: random.Random, where: str) -> str:
    place = where if rng.random() < 0.8 else where.split(" ", 1)[-1]
    ending = {"구": "청장", "군": "수", "시": "장"}
    return place + ending.get(place[-1], "지사")
