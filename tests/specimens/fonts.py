"""The faces that cards are printed in, from Debian's packages; some are kept out of the reader's training."""

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

PACKAGES = (
    "fonts-nanum fonts-nanum-extra fonts-noto-cjk fonts-noto-cjk-extra fonts-unfonts-core fonts-baekmuk"
)
ROOT = Path("/usr/share/fonts")

_NANUM = "truetype/nanum/"
_UN = "truetype/unfonts-core/"
_BAEKMUK = "truetype/baekmuk/"
_NOTO = "opentype/noto/"

# Never shown to the recogniser while it learns: figures on these are honest ones.
HELD_OUT = (
    _UN + "UnDotum.ttf",
    _UN + "UnDotumBold.ttf",
    _BAEKMUK + "gulim.ttf",
    *(_NANUM + f"NanumSquare{weight}.ttf" for weight in ("R", "B")),
    *(_NANUM + f"NanumSquareRound{weight}.ttf" for weight in ("R", "B")),
    _NANUM + "NanumMyeongjoEcoR.ttf",
)
COMMON = (
    *(
        _NANUM + f"{name}.ttf"
        for name in (
            "NanumGothic",
            "NanumGothicBold",
            "NanumBarunGothic",
            "NanumBarunGothicBold",
            "NanumMyeongjo",
            "NanumMyeongjoBold",
            "NanumGothicEcoR",
        )
    ),
    *(_NOTO + f"NotoSansCJK-{weight}.ttc" for weight in ("Regular", "Medium", "Bold")),
    *(_NOTO + f"NotoSerifCJK-{weight}.ttc" for weight in ("Regular", "SemiBold")),
    *(_UN + f"{name}.ttf" for name in ("UnBatang", "UnBatangBold", "UnGraphic")),
    *(_BAEKMUK + f"{name}.ttf" for name in ("dotum", "batang")),
)
# Only ever a title: too heavy or too ornate for an address.
DISPLAY = (_BAEKMUK + "hline.ttf", _NANUM + "NanumGothicExtraBold.ttf", _UN + "UnGungseo.ttf")
KOREAN_IN_COLLECTION = 1  # Noto's collections hold Japanese first, Korean second


class FontsMissingError(RuntimeError):
    """A face is not on this machine; the message says what to install."""


@lru_cache(maxsize=512)
def face(name: str, size: int) -> ImageFont.FreeTypeFont:
    """A face of `ROOT` at a size in pixels. Raises FontsMissingError with the line that installs it."""
    path = ROOT / name
    if not path.exists():
        raise FontsMissingError(f"{path.name} is missing. Drawing cards needs: apt-get install -y {PACKAGES}")
    index = KOREAN_IN_COLLECTION if path.suffix == ".ttc" else 0
    return ImageFont.truetype(str(path), size, index=index)


@lru_cache(maxsize=16384)
def draws(name: str, letter: str) -> bool:
    """Whether the face has a glyph of its own for the letter, not the box that stands for a missing one."""
    probe = face(name, 24)
    glyph = probe.getmask(letter)
    return glyph.getbbox() is not None and bytes(glyph) != bytes(probe.getmask("\uffff"))


def able(names: tuple[str, ...], text: str) -> list[str]:
    """Those of the faces that draw every letter of the text."""
    return [name for name in names if all(draws(name, letter) for letter in text if letter != " ")]
