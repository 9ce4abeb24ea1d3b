"""The faces that lines are drawn in, and the letters that the recogniser knows.

Kept for measuring, never to be trained on: UnDotum, Baekmuk Gulim, NanumSquare*, NanumSquareRound*, NanumMyeongjoEco.
"""

import contextlib
import os
import unicodedata
from functools import cache
from pathlib import Path

from PIL import ImageFont

from training.words import GIVEN, SURNAMES

ROOT = "/usr/share/fonts/"
WEB_FACES = Path(os.environ.get("TRAINING_FACES", Path.home() / ".cache" / "sinwon" / "faces"))
"""Where `training.webfaces` puts faces that Debian does not carry; without them fewer faces are drawn."""


DEBIAN = {
    "truetype/nanum/": "NanumGothic NanumGothicBold NanumGothicExtraBold NanumGothicLight NanumGothicEcoR "
    "NanumGothicEcoBold NanumBarunGothic NanumBarunGothicBold NanumBarunGothicLight NanumBarunpenR "
    "NanumMyeongjo NanumMyeongjoBold NanumMyeongjoExtraBold NanumGothicCoding",
    "truetype/unfonts-core/": "UnBatang UnBatangBold UnGraphic UnGraphicBold UnGungseo UnDinaruLight UnPilgi",
    "truetype/unfonts-extra/": "UnShinmun UnTaza UnVada UnYetgul UnJamoDotum",
    "truetype/baekmuk/": "dotum batang",
    "truetype/alee/": "Bandal Bangwool",
    "truetype/lexi/": "LexiGulim LexiSaebomR",
    "truetype/woowa-bm/": "BMHANNAAir_ttf BMDOHYEON_ttf",
}
COLLECTIONS = {
    "opentype/noto/NotoSansCJK-": "Light DemiLight Regular Medium Bold",
    "opentype/noto/NotoSerifCJK-": "Light Regular Medium SemiBold Bold",
}
KOREAN_IN_COLLECTION = 1
CHINESE = [(ROOT + f"truetype/arphic/{name}.ttc", 0) for name in ("uming", "ukai")]
"""Faces for hanja alone."""

FONTS = (
    [(f"{ROOT}{folder}{name}.ttf", 0) for folder, names in DEBIAN.items() for name in names.split()]
    + [
        (f"{ROOT}{family}{weight}.ttc", KOREAN_IN_COLLECTION)
        for family, weights in COLLECTIONS.items()
        for weight in weights.split()
    ]
    + [(str(path), 0) for path in sorted(WEB_FACES.glob("*.ttf"))]
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


HANJA_FONTS = [font for font in FONTS + CHINESE if Path(font[0]).exists() and has_hanja(font)]


ALPHABET = list(" ()-.,·:/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") + HANGUL + HANJA
