"""Strings that a reader, a keyboard or an attacker could hand to a parser, and invented people."""

from datetime import date

from hypothesis import strategies as st

from kyc.domain.rrn import Rrn

WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
CENTURY_DIGITS = {1800: "90", 1900: "12", 2000: "34"}

# Everything Unicode has, and then texts that come close to what the parsers take.
ANYTHING = st.text(max_size=300) | st.text(
    alphabet="0123456789０１８２－-./,() （）년월일홍길동洪吉童서울특별시종로구은천로길번지"
    "산동리읍면男女MF*●\u200b\u00ad\n\t가힣",
    max_size=300,
)


def check_digit(twelve: str) -> str:
    """The check digit by the eleven rule, written out apart from the product."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, twelve, strict=True))
    return str((11 - total % 11) % 10)


@st.composite
def numbers(draw: st.DrawFn, first: date = date(1900, 1, 1), last: date = date(2008, 1, 1)) -> Rrn:
    """Invented resident numbers: an area that was never given out, and a right check digit."""
    birthday = draw(st.dates(first, last))
    century = draw(st.sampled_from(CENTURY_DIGITS[birthday.year // 100 * 100]))
    area = draw(st.sampled_from(["97", "98", "99"]))
    rest = draw(st.text("0123456789", min_size=3, max_size=3))
    twelve = f"{birthday:%y%m%d}{century}{area}{rest}"
    return Rrn(twelve[:6], twelve[6:] + check_digit(twelve))


SYLLABLES = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
IDEOGRAPHS = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
HANGUL_NAMES = st.text(SYLLABLES, min_size=2, max_size=5)
HANJA_NAMES = st.text(IDEOGRAPHS, min_size=2, max_size=5)
