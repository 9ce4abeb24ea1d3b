"""The resident number (주민등록번호, RRN): `YYMMDD-GNNNNNN`. Its parts, check digit and masked form."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kyc.domain.errors import Fault, UnparsableError
from kyc.domain.text import dashes, tidy

RANDOM_DIGITS_SINCE = date(2020, 10, 5)
"""Numbers given or changed from this day on have six random digits and need not satisfy the check digit."""

_CENTURIES = {"9": 1800, "0": 1800}
_CENTURIES |= dict.fromkeys("1256", 1900)
_CENTURIES |= dict.fromkeys("3478", 2000)
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_LONGEST = 32


class RrnError(UnparsableError):
    """The text is not a resident number."""


class SexError(UnparsableError):
    """The text names no sex."""


class Sex(StrEnum):
    """As the number's century digit states it."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True, repr=False)
class Rrn:
    """A resident number whose date exists. `str()` shows it in full, its repr is masked."""

    front: str
    back: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{6}", self.front) or not re.fullmatch(r"[0-9]{7}", self.back):
            raise RrnError(Fault.FORM)
        try:
            date(self._year, int(self.front[2:4]), int(self.front[4:6]))
        except ValueError as error:
            raise RrnError(Fault.IMPOSSIBLE_DATE) from error

    def __str__(self) -> str:
        return f"{self.front}-{self.back}"

    def __repr__(self) -> str:
        return f"Rrn({self.masked})"

    @property
    def _year(self) -> int:
        return _CENTURIES[self.back[0]] + int(self.front[:2])

    @property
    def birthday(self) -> date:
        """The date of birth, its century from the digit after the hyphen."""
        return date(self._year, int(self.front[2:4]), int(self.front[4:6]))

    @property
    def sex(self) -> Sex:
        """Odd is male, even female."""
        return Sex.MALE if int(self.back[0]) % 2 else Sex.FEMALE

    @property
    def foreign(self) -> bool:
        """Whether it is a foreigner's number (5 to 8), which stands on another document."""
        return self.back[0] in "5678"

    @property
    def area(self) -> str:
        """The two digits that were an area code until 2020: information, never an error."""
        return self.back[1:3]

    @property
    def check_digit_holds(self) -> bool:
        """Whether the last digit fits the eleven rule. Says nothing of foreign or random numbers."""
        digits = [int(digit) for digit in self.front + self.back]
        total = sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=False))
        return digits[12] == (11 - total % 11) % 10

    @property
    def masked(self) -> str:
        """`820701-2******`, the only form a screen shows unasked."""
        return f"{self.front}-{self.back[0]}******"


_NUMBER = re.compile(r"([0-9]{6})\s?[-.~_]?\s?([0-9]{7})")
_HIDDEN = re.compile(r"[0-9]{6}\s?[-.~_]?\s?[0-9]?\s?[*xX●•■█○◯✱×#]{4,7}")


def parse(text: str) -> Rrn:
    """The number of `820701-2345678`, with any dash or none, in any width of digit, spaced or not.

    Raises `RrnError`: IMPOSSIBLE_DATE if its date is none, MASKED if its last digits are hidden, else FORM.
    The check digit is not judged here.
    """
    try:
        tidied = dashes(tidy(text, longest=_LONGEST))
    except UnparsableError as error:
        raise RrnError(error.fault) from error
    match = _NUMBER.fullmatch(tidied) or _NUMBER.fullmatch(tidied.replace(" ", ""))
    if match:
        return Rrn(*match.groups())
    raise RrnError(Fault.MASKED if _HIDDEN.fullmatch(tidied.replace(" ", "")) else Fault.FORM)


_SEXES = {
    **dict.fromkeys(("男", "남", "남자", "남성", "m", "male"), Sex.MALE),
    **dict.fromkeys(("女", "여", "여자", "여성", "f", "female"), Sex.FEMALE),
}


def parse_sex(text: str) -> Sex:
    """男, 남, M or 女, 여, F, and the words in full. Raises `SexError`."""
    try:
        tidied = tidy(text, longest=_LONGEST)
    except UnparsableError as error:
        raise SexError(error.fault) from error
    sex = _SEXES.get(tidied.lower())
    if sex is None:
        raise SexError(Fault.FORM)
    return sex


def conceal(text: str) -> str:
    """A text known to be a number, or part of one, with every digit after the seventh hidden."""
    shown, digits = "", 0
    for character in text:
        digits += character.isdecimal()
        shown += "*" if character.isdecimal() and digits > 7 else character
    return shown


# Digits of any script, what may stand between them unseen, and every mark used to part the two halves.
_GAP = r"[\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*"
_MARKS = r"[-.,:;/|·~_=+*‐‑‒–—―−﹣－ー─━ㅡ．，／～＿]"
_PAIR = rf"\d{_GAP}\d{_GAP}"
_DATE = rf"{_PAIR}{_MARKS}?{_GAP}{_PAIR}{_MARKS}?{_GAP}{_PAIR}"
_LOOKS_LIKE_A_NUMBER = re.compile(rf"{_DATE}{_MARKS}{{0,3}}{_GAP}\d(?:{_GAP}\d){{6}}")


def mask_all(text: str) -> str:
    """The text with everything that looks like a resident number masked, for comments and others' words.

    Six digits and seven, joined, spaced or parted by marks, the six also as a date (82.07.01), in the
    digits of any script, even where the date is none: hiding too much costs less than showing one number.
    """
    return _LOOKS_LIKE_A_NUMBER.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    digits = "".join(str(int(character)) for character in match.group() if character.isdecimal())
    return f"{digits[:6]}-{digits[6]}******"
