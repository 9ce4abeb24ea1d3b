"""Pictures that are no resident card's front: the reader must refuse them, not guess."""

import math
import random
from enum import StrEnum

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tests.specimens import paper, people, portrait
from tests.specimens.card import write
from tests.specimens.paper import Picture

BODY = "truetype/nanum/NanumGothic.ttf"
BOLD = "truetype/nanum/NanumGothicBold.ttf"
INK = (40, 36, 34)


class Other(StrEnum):
    BACK = "back"
    LICENCE = "licence"
    PASSPORT = "passport"
    CAT = "cat"
    TABLE = "table"
    HALF = "half"


def holder(rng: random.Random) -> people.Holder:
    return people.invent(rng, people.Wishes(people.Generation.PLASTIC))


def back(rng: random.Random) -> Picture:
    """The back of the card: a table for changes of address and a thumbprint."""
    picture = paper.ground(rng)
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    write(draw, (60, 40), "주소변동사항", BOLD, 36, INK)
    for row in range(6):
        draw.line((50, 100 + row * 66, 640, 100 + row * 66), fill=(120, 110, 100), width=2)
    draw.line((200, 100, 200, 430), fill=(120, 110, 100), width=2)
    write(draw, (70, 116), "연월일", BODY, 26, INK)
    write(draw, (340, 116), "주   소", BODY, 26, INK)
    write(draw, (60, 470), "이 증을 습득하신 분은 우체통에 넣어 주십시오.", BODY, 24, INK)
    write(draw, (60, 520), "행정안전부", BODY, 30, INK)
    picture = np.asarray(image).copy()
    y, x = np.mgrid[-1:1:260j, -1:1:200j]
    ridges = np.sin((np.hypot(x * 1.1, y - 0.15) + 0.12 * np.sin(x * 5 + y * 3)) * 58) > 0
    print_ = ridges & (np.hypot(x, y) < 0.95)
    picture[120:380, 720:920][print_] = (90, 80, 80)
    return picture


def licence(rng: random.Random) -> Picture:
    """Like a driving licence: portrait on the left, a licence number above the resident number."""
    person, sheet = holder(rng), paper.ground(rng)
    head = cv2.resize(portrait.draw(rng, person.female, 40), (230, 290), interpolation=cv2.INTER_AREA)
    sheet[150:440, 50:280] = head
    image = Image.fromarray(sheet)
    draw = ImageDraw.Draw(image)
    write(draw, (310, 40), "자동차운전면허증", BOLD, 52, (120, 60, 30))
    write(draw, (700, 50), "(Driver's License)", BODY, 28, INK)
    write(
        draw,
        (310, 130),
        f"11-{rng.randint(10, 23)}-{rng.randint(100000, 999999)}-{rng.randint(10, 99)}",
        BOLD,
        46,
        INK,
    )
    write(draw, (310, 200), person.hangul, BODY, 40, INK)
    write(draw, (310, 256), person.rrn, BODY, 40, INK)
    for row, line in enumerate(person.address):
        write(draw, (310, 316 + row * 38), line, BODY, 28, INK)
    write(draw, (310, 440), "적성검사 2029.01.01. ~ 2029.12.31.", BODY, 26, INK)
    write(draw, (60, 470), "1종보통", BOLD, 36, INK)
    write(draw, (400, 540), f"{person.issued:%Y.%m.%d}  서울특별시경찰청장", BODY, 32, INK)
    return np.asarray(image).copy()


def passport(rng: random.Random) -> Picture:
    """Like a passport's data page, with two lines for machines."""
    sheet = paper.ground(rng)
    head = cv2.resize(portrait.draw(rng, rng.random() < 0.5, 35), (220, 280), interpolation=cv2.INTER_AREA)
    sheet[120:400, 50:270] = head
    image = Image.fromarray(sheet)
    draw = ImageDraw.Draw(image)
    write(draw, (50, 30), "여권  PASSPORT      대한민국  REPUBLIC OF KOREA", BOLD, 32, INK)
    number = f"M{rng.randint(10000000, 99999999)}"
    rows = (
        "PM   KOR   " + number,
        "HONG",
        "GILSOON",
        "REPUBLIC OF KOREA",
        "01 JUL 1982   F",
        "15 MAR 2021",
        "15 MAR 2031",
    )
    for row, line in enumerate(rows):
        write(draw, (310, 110 + row * 52), line, BODY, 32, INK)
    mono = "truetype/nanum/NanumGothicCoding.ttf"
    write(draw, (40, 520), "PMKORHONG<<GILSOON".ljust(44, "<"), mono, 42, INK)
    write(draw, (40, 570), f"{number}4KOR8207013F3103157".ljust(42, "<") + "08", mono, 42, INK)
    return np.asarray(image).copy()


def cat(rng: random.Random) -> Picture:
    """A cat, drawn."""
    tall, wide = 900, 1200
    picture = np.full(
        (tall, wide, 3), (rng.randint(120, 230), rng.randint(120, 230), rng.randint(120, 230)), np.uint8
    )
    fur = rng.choice([(60, 120, 200), (70, 70, 74), (200, 206, 212), (90, 140, 180)])
    dark = tuple(int(c * 0.7) for c in fur)
    x, y, r = rng.randint(480, 720), rng.randint(330, 400), rng.randint(170, 220)
    cv2.ellipse(
        picture, (x, y + int(2.0 * r)), (int(1.2 * r), int(1.5 * r)), 0, 0, 360, dark, -1, cv2.LINE_AA
    )
    for side in (-1, 1):
        ear = np.asarray(
            [
                (x + side * int(0.95 * r), y - int(1.3 * r)),
                (x + side * int(0.2 * r), y - int(0.85 * r)),
                (x + side * int(0.95 * r), y - int(0.2 * r)),
            ]
        )
        cv2.fillPoly(picture, [ear], fur, cv2.LINE_AA)
    cv2.circle(picture, (x, y), r, fur, -1, cv2.LINE_AA)
    for side in (-1, 1):
        eye = (x + side * int(0.4 * r), y - int(0.1 * r))
        cv2.ellipse(picture, eye, (int(0.18 * r), int(0.15 * r)), 0, 0, 360, (120, 220, 200), -1, cv2.LINE_AA)
        cv2.ellipse(picture, eye, (int(0.05 * r), int(0.14 * r)), 0, 0, 360, (10, 10, 10), -1, cv2.LINE_AA)
        for whisker in (-0.12, 0.02, 0.16):
            start = (x + side * int(0.2 * r), y + int(0.38 * r))
            end = (start[0] + side * int(1.2 * r * math.cos(whisker)), start[1] + int(r * whisker * 2))
            cv2.line(picture, start, end, (240, 240, 240), 2, cv2.LINE_AA)
    cv2.ellipse(
        picture,
        (x, y + int(0.25 * r)),
        (int(0.1 * r), int(0.07 * r)),
        0,
        0,
        360,
        (120, 110, 210),
        -1,
        cv2.LINE_AA,
    )
    for side in (-1, 1):
        cv2.ellipse(
            picture,
            (x + side * int(0.12 * r), y + int(0.34 * r)),
            (int(0.12 * r), int(0.1 * r)),
            0,
            0,
            180,
            (30, 30, 30),
            3,
            cv2.LINE_AA,
        )
    stripes = cv2.GaussianBlur(picture, (0, 0), 1.5)
    return cv2.add(stripes, cv2.randn(np.zeros(picture.shape, np.int16), 0, 5), dtype=cv2.CV_8U)


# Laid on a scene and photographed. CAT and TABLE are pictures of their own, HALF is a card of ours.
DOCUMENTS = {Other.BACK: back, Other.LICENCE: licence, Other.PASSPORT: passport}
