"""The faces that lines are drawn in, and the letters that the recogniser knows.

Kept for measuring, never to be trained on: UnDotum, Baekmuk Gulim, NanumSquare*, NanumSquareRound*, NanumMyeongjoEco.
"""

import contextlib
import unicodedata
from functools import cache
from pathlib import Path

from PIL import ImageFont

from training.words import GIVEN, SURNAMES

ROOT = "/usr/share/fonts/"


FONTS = (
    [
        (ROOT + f"truetype/nanum/{n}.ttf", 0)
        for n in (
            "NanumGothic",
            "NanumGothicBold",
            "NanumGothicExtraBold",
            "NanumGothicLight",
            "NanumBarunGothic",
            "NanumBarunGothicBold",
            "NanumMyeongjo",
            "NanumMyeongjoBold",
        )
    ]
    + [
        (ROOT + f"opentype/noto/{n}.ttc", 1)
        for n in (
            "NotoSansCJK-DemiLight",
            "NotoSansCJK-Regular",
            "NotoSansCJK-Medium",
            "NotoSansCJK-Bold",
            "NotoSerifCJK-Regular",
            "NotoSerifCJK-Medium",
            "NotoSerifCJK-SemiBold",
        )
    ]
    + [
        (ROOT + f"truetype/unfonts-core/{n}.ttf", 0)
        for n in ("UnBatang", "UnBatangBold", "UnGraphic", "UnGraphicBold", "UnGungseo", "UnDinaruLight")
    ]
    + [(ROOT + f"truetype/baekmuk/{n}.ttf", 0) for n in ("dotum", "batang")]
    + [
        (ROOT + f"truetype/nanum/{n}.ttf", 0)
        for n in ("NanumGothicEcoR", "NanumBarunGothicLight", "NanumMyeongjoExtraBold", "NanumGothicCoding")
    ]
)


FONTS = [font for font in FONTS if Path(font[0]).exists()]


HANGUL = [bytes([a, b]).decode("euc_kr") for a in range(0xB0, 0xC9) for b in range(0xA1, 0xFF)]


def ks_hanja():
    found = set("".join(SURNAMES.values()) + "".join(GIVEN.values()))
    for high in range(0xCA, 0xFE):
        for low in range(0xA1, 0xFF):
            with contextlib.suppress(UnicodeDecodeError):
                found.add(unicodedata.normalize("NFKC", bytes([high, low]).decode("euc_kr")))
    return sorted(c for c in found if "\u4e00" <= c <= "\u9fff")


HANJA = ks_hanja()


def has_hanja(font):
    """Whether the font draws hanja: a missing glyph looks like any other missing glyph."""
    face = ImageFont.truetype(font[0], 32, index=font[1])
    return bytes(face.getmask("金")) != bytes(face.getmask("\uffff"))


@cache
def face_of(font):
    return ImageFont.truetype(font[0], 32, index=font[1])


@cache
def draws(font, letter):
    return bytes(face_of(font).getmask(letter)) not in (
        bytes(face_of(font).getmask("\uffff")),
        bytes(face_of(font).getmask(" ")),
    )


def font_for(rng, line, fonts):
    while True:
        font = rng.choice(fonts)
        if all(draws(font, c) for c in line if c != " "):
            return font


HANJA_FONTS = [font for font in FONTS if has_hanja(font)]


ALPHABET = list(" ()-.,·:/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") + HANGUL + HANJA
