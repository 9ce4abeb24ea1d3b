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
    house = (
        rng.choice(HOUSES) + rng.choice(["아파트", "아파트", "", "1차", "2단지"])
        if rng.random() < 0.7
        else "".join(rng.choices(HANGUL, k=rng.randint(2, 4))) + "아파트"
    )
    unit, tail, kind = "", f"({dong})" if dong else "", rng.random()
    if kind < 0.5:
        unit, tail = (
            f", {rng.randint(101, 130)}동 {rng.randint(1, 29)}{rng.randint(1, 12):02}호",
            f"({dong}, {house})" if dong else f"({house})",
        )
    elif kind < 0.75:
        unit = f", {rng.randint(1, 6)}0{rng.randint(1, 9)}호"
    second, kind = f"{road} {number}{unit}", rng.random()
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
    letters = rng.choices(HANGUL, k=rng.randint(2, 12))
    for _ in range(rng.choice([0, 1, 1, 2])):
        letters.insert(
            rng.randint(0, len(letters)), rng.choice([" ", ", ", str(rng.randint(0, 999)), "-", "(", ")"])
        )
    return "".join(letters).strip()


def text(rng):
    kind = rng.random()
    if kind < 0.02:
        return dense_hanja(rng)
    if kind < 0.22:
        hangul, hanja = name(rng)
        if not hanja or rng.random() < 0.12:
            return hangul
        if rng.random() < 0.06:
            return f"({hanja})"
        return hangul + rng.choice(["", " ", " "]) + f"({hanja})"
    makers = (
        (0.28, resident_number),
        (0.33, date),
        (0.85, lambda r: r.choice(address_lines(r))),
        (0.87, office),
        (1, wide),
    )
    return " ".join(next(make for limit, make in makers if kind < limit)(rng).split())
