"""Wrong readings for a drill: one likely slip in one field, of the kind that a reader makes and an officer must see."""

import random
import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from kyc.domain import dates, rrn
from kyc.domain.errors import UnparsableError
from kyc.domain.facts import Field

_FIRST, _LAST, _VOWELS, _ENDS = 0xAC00, 0xD7A3, 21, 28
# Vowels and endings that differ by one stroke, by their place in a syllable block.
_LIKE_VOWELS = {0: 2, 2: 0, 4: 6, 6: 4, 8: 12, 12: 8, 13: 17, 17: 13, 1: 5, 5: 1, 18: 20, 20: 18}
_LIKE_ENDS = {0: 4, 4: 21, 21: 4, 1: 24, 24: 1, 16: 21, 8: 7, 7: 8, 17: 26}
_LIKE_DIGITS = {
    "0": "86", "1": "74", "2": "73", "3": "85", "4": "91", "5": "63", "6": "85", "7": "12", "8": "36", "9": "48",
}  # fmt: skip
_HIDDEN = slice(8, 14)  # the digits of a number after the one that states the century, in `820701-2345678`
_CHECK = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


def plant(name: Field, text: str, rng: random.Random) -> str | None:
    """The text with one slip in it; None where this field, or this text, takes none."""
    slip = _SLIPS.get(name)
    planted = slip(text, rng) if slip else None
    return planted if planted != text else None


def _of_name(text: str, rng: random.Random) -> str | None:
    """A syllable of the given name, one stroke away."""
    hangul, bracket, rest = text.partition("(")
    places = [place for place, letter in enumerate(hangul) if place and _FIRST <= ord(letter) <= _LAST]
    rng.shuffle(places)
    for place in places:
        if like := _like(hangul[place]):
            return hangul[:place] + like + hangul[place + 1 :] + bracket + rest
    return None


def _like(syllable: str) -> str | None:
    code = ord(syllable) - _FIRST
    end, vowel, start = code % _ENDS, code // _ENDS % _VOWELS, code // _ENDS // _VOWELS
    if vowel in _LIKE_VOWELS:
        vowel = _LIKE_VOWELS[vowel]
    elif end in _LIKE_ENDS:
        end = _LIKE_ENDS[end]
    else:
        return None
    return chr(_FIRST + (start * _VOWELS + vowel) * _ENDS + end)


def _of_number(text: str, rng: random.Random) -> str | None:
    """A digit that looks like it; half of the time the last digit is made to fit, so that no rule notices."""
    try:
        number = str(rrn.parse(text))
    except UnparsableError:
        return None
    place = rng.choice(range(*_HIDDEN.indices(len(number) - 1)))
    number = number[:place] + rng.choice(_LIKE_DIGITS[number[place]]) + number[place + 1 :]
    if rng.random() < 0.5:
        digits = [int(digit) for digit in number if digit.isdigit()]
        total = sum(weight * digit for weight, digit in zip(_CHECK, digits, strict=False))
        number = number[:-1] + str((11 - total % 11) % 10)
    return number


def _of_address(text: str, rng: random.Random) -> str | None:
    """One digit of a house's or flat's number."""
    places = [match.start() for match in re.finditer(r"\d", text)]
    if not places:
        return None
    place = rng.choice(places)
    return text[:place] + rng.choice(_LIKE_DIGITS[text[place]]) + text[place + 1 :]


def _of_date(text: str, rng: random.Random) -> str | None:
    """A day later or earlier, in the reader's own notation."""
    try:
        day = dates.parse(text)
    except UnparsableError:
        return None
    return f"{day + timedelta(days=rng.choice([-10, -1, 1, 10])):%d/%m/%Y}"


_SLIPS: Mapping[Field, Callable[[str, random.Random], str | None]] = {
    Field.NAME: _of_name,
    Field.RRN: _of_number,
    Field.ADDRESS: _of_address,
    Field.ISSUED: _of_date,
}
FIELDS = tuple(_SLIPS)
