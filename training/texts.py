"""What stands on the lines: names with hanja, numbers, dates, addresses, offices, random syllables."""

import gzip
from pathlib import Path

from training.faces import HANGUL, HANJA
from training.words import GIVEN, HOUSES, SURNAMES

DATA = Path(__file__).parents[1] / "ocr_integration" / "engine" / "data"


ROWS = [
    row.split("\t") for row in gzip.decompress((DATA / "gazetteer.tsv.gz").read_bytes()).decode().splitlines()
]


RENAMED = {"강원도": "강원특별자치도", "전라북도": "전북특별자치도"}


READINGS = {
    syllable: known
    for syllable, _, letters in (
        row.rstrip("\n").partition("\t")
        for row in (DATA / "readings.tsv").read_text(encoding="utf-8").splitlines()
    )
    if (known := [c for c in letters if c in set(HANJA)])
}


SYLLABLES = list(READINGS)


def common(rng, letters):
    """One of `letters`, which stand the commonest first: the front more often, the end never forgotten."""
    return letters[int(len(letters) * rng.random() ** 2)]


def syllable_with_hanja(rng):
    kind = rng.random()
    if kind < 0.3:
        syllable = rng.choice(list(GIVEN))
        return syllable, rng.choice(GIVEN[syllable])
    if kind < 0.9:
        syllable = rng.choice(list(GIVEN)) if rng.random() < 0.4 else rng.choice(SYLLABLES)
        return syllable, common(rng, READINGS.get(syllable) or HANJA)
    return rng.choice(HANGUL), rng.choice(HANJA)


def name(rng):
    surname = rng.choice(list(SURNAMES))
    hangul, hanja = surname, SURNAMES[surname] if len(surname) > 1 else rng.choice(SURNAMES[surname])
    for _ in range(rng.choices([1, 2, 3], [6, 90, 4])[0]):
        syllable, letter = syllable_with_hanja(rng)
        hangul, hanja = hangul + syllable, hanja + letter
    return hangul, "" if rng.random() < 0.04 else hanja


def dense_hanja(rng):
    """Many hanja on one line: no card has it, but each letter is seen often enough."""
    letters = [
        rng.choice(HANJA) if rng.random() < 0.5 else common(rng, READINGS[rng.choice(SYLLABLES)])
        for _ in range(rng.randint(5, 10))
    ]
    return "(" + "".join(letters) + ")" if rng.random() < 0.5 else "".join(letters)


LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MARKS = (
    "SK_VIEW SK_Leaders'_VIEW IPARK I-PARK KCC LH GS_Xi XI S- DMC The_Park THE Park N e e- City A B C S K U-"
)
"""Latin letters in names of buildings; `_` is a space."""


def latin(rng):
    """A few Latin letters as builders use them."""
    if rng.random() < 0.55:
        return rng.choice(MARKS.replace("'", "").split()).replace("_", " ")
    letters = "".join(rng.choices(LATIN, k=rng.randint(1, 6)))
    return rng.choice(
        [letters, letters, letters.lower(), letters.capitalize(), letters[0] + "-" + letters[1:]]
    )


def block(rng):
    """Which building of an estate: a number, a letter, a syllable."""
    kind = rng.random()
    if kind < 0.6:
        return str(rng.randint(101, 130) if rng.random() < 0.7 else rng.randint(1, 2200))
    return rng.choice("ABCDEFGH") if kind < 0.85 else rng.choice("가나다라마바사")


def flat(rng):
    """Floor and room."""
    kind, room = rng.random(), f"{rng.randint(1, 29)}{rng.randint(1, 12):02}호"
    if kind < 0.45:
        return f"{block(rng)}동 {room}"
    if kind < 0.6:
        return room
    if kind < 0.75:
        return (
            rng.choice(["B", "비", "지하", "에이", "가"])
            + str(rng.randint(1, 3) * 100 + rng.randint(1, 9))
            + "호"
        )
    if kind < 0.9:
        return (
            rng.choice(["", "지하", "지상 "]) + f"{rng.randint(1, 20)}층" + rng.choice(["", "", f" {room}"])
        )
    return (
        f"{rng.choice(LATIN)}-{rng.randint(1, 1200)}호"
        if kind < 0.95
        else f"{rng.choice(LATIN)}{rng.randint(1, 1200)}"
    )


def building(rng):
    """The name of a building or an estate, some with Latin letters or digits."""
    kind = rng.random()
    if kind < 0.45:
        return rng.choice(HOUSES) + rng.choice(
            ["아파트", "아파트", "", "1차", "2단지", "타운", "빌", "빌라", "맨션"]
        )
    if kind < 0.65:
        return "".join(rng.choices(HANGUL, k=rng.randint(2, 5))) + rng.choice(["아파트", "빌라", "맨션", ""])
    return rng.choice(["{0}{1}", "{0}{1}", "{1}{0}", "{1} {0}", "{0}", "{1}{0}{1}"]).format(
        latin(rng), rng.choice(HOUSES)
    )


def lot_end(rng):
    """What may follow a lot number on an old card."""
    kind = rng.random()
    if kind < 0.5:
        return ""
    if kind < 0.75:
        return rng.choice([" {}통 {}반", " ({}/{})", " ({}/{})"]).format(
            rng.randint(1, 40), rng.randint(1, 9)
        )
    return (
        f" {rng.choice(HOUSES)}아파트 {rng.randint(101, 130)}동 {rng.randint(1, 20)}{rng.randint(1, 8):02}호"
    )


def address_lines(rng):
    where, road, dongs = rng.choice(ROWS)
    region, _, rest = where.partition(" ")
    if rng.random() < 0.6:
        region = RENAMED.get(region, region)
    town, _, dong = (rng.choice(dongs.split(",")) if dongs else "").rpartition(" ")
    first = " ".join(x for x in (region, rest, town) if x)
    number = str(rng.randint(1, 999 if rng.random() < 0.3 else 120)) + (
        f"-{rng.randint(1, 60)}" if rng.random() < 0.35 else ""
    )
    house = building(rng)
    unit, tail, kind = "", f"({dong})" if dong else "", rng.random()
    if kind < 0.5:
        unit, tail = f", {flat(rng)}", f"({dong}, {house})" if dong else f"({house})"
    elif kind < 0.75:
        unit = f", {flat(rng)}"
    if rng.random() < 0.03:
        number = rng.choice(["지하 ", "지하", "산 ", "산"]) + number
    second, kind = f"{road} {number}{unit}", rng.random()
    if dong and kind > 0.93:
        return [first, f"{dong} {number}{rng.choice(['번지', '번지', ''])}{lot_end(rng)}"]
    lines = (
        [first, second, tail]
        if kind < 0.7
        else [first + " " + second, tail]
        if kind < 0.85
        else [first, second + " " + tail]
    )
    return [line.strip() for line in lines if line.strip()]


def resident_number(rng):
    year, female = rng.randint(1940, 2009), rng.randint(0, 1)
    front = f"{year % 100:02}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    return f"{front}-{(1 if year < 2000 else 3) + female}{rng.randint(0, 999999):06}"


def date(rng):
    y, m, d = rng.randint(1999, 2030), rng.randint(1, 12), rng.randint(1, 31)
    return rng.choice(
        [
            f"{y}.{m:02}.{d:02}",
            f"{y}. {m}. {d}.",
            f"{y}.{m}.{d}.",
            f"{y}. {m:02}. {d:02}.",
            f"{y}.{m:02}.{d:02}.",
        ]
    )


def office(rng):
    where = rng.choice(ROWS)[0]
    return where + ("청장" if where.endswith("구") else "수" if where.endswith("군") else "장")


def wide(rng):
    letters = rng.choices(HANGUL, k=rng.randint(1, 12))
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        other = rng.choice([" ", ", ", str(rng.randint(0, 999)), "-", "(", ")", "/", latin(rng), latin(rng)])
        letters.insert(rng.randint(0, len(letters)), other)
    return "".join(letters).strip()


def bracketed(rng):
    """A name as the cards print it: hangul, hanja in brackets, only the surname's, or none."""
    hangul, hanja = name(rng)
    if not hanja or rng.random() < 0.1:
        return hangul
    kind = rng.random()
    if kind < 0.06:
        return f"({hanja})"
    if kind < 0.1:
        hanja = hanja[0] + hangul[1:]
    return hangul + rng.choice(["", " ", " "]) + f"({hanja})"


MAKERS = (
    (0.03, dense_hanja),
    (0.18, bracketed),
    (0.24, resident_number),
    (0.3, date),
    (0.77, lambda rng: rng.choice(address_lines(rng))),
    (0.78, office),
    (0.785, lambda rng: rng.choice(["주민등록증", "재외국민", "(재외국민)"])),
    (1, wide),
)
"""What a line says: up to this share of lines, made by this."""


def text(rng):
    kind = rng.random()
    return " ".join(next(make for limit, make in MAKERS if kind < limit)(rng).split())
