"""Names as a card prints them: hangul, and hanja in brackets if the holder has them; a foreigner's in Latin letters."""

import re
from dataclasses import dataclass

from kyc.domain.errors import Fault, UnparsableError
from kyc.domain.text import tidy

_LONGEST = 60

COMPOUND_SURNAMES = frozenset(
    {"강전", "남궁", "독고", "동방", "망절", "사공", "서문", "선우"}
    | {"소봉", "어금", "장곡", "제갈", "황목", "황보"}
)
"""Surnames of two syllables (the census of 2015); every other surname has one."""

_HANGUL = r"[가-힣](?:[가-힣 ·]*[가-힣])?"
_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_NAME = re.compile(rf"({_HANGUL})\s?(?:[(\[]?\s?([{_HAN}가-힣 ]*[{_HAN}][{_HAN}가-힣 ]*)\s?[)\]]?)?")
_HAS_HANGUL = re.compile(r"[가-힣]")
_LATIN = re.compile(r"[A-Z]+(?:[ '-][A-Z]+)*")
_SPELLED_OUT = re.compile(r"[가-힣](?: [가-힣])+")


class NameError_(UnparsableError):  # noqa: N801  (NameError is Python's own)
    """The text is not a name as a card prints one."""


@dataclass(frozen=True, slots=True, repr=False)
class PersonName:
    """A name's two spellings, NFC. `hanja` is '' where the card prints none.

    The hanja may be the surname's alone (洪), or hold hangul where a syllable has none (金하늘).
    A foreigner's has neither, and stands in `latin`.
    """

    hangul: str
    hanja: str = ""
    latin: str = ""

    def __str__(self) -> str:
        return self.latin or (f"{self.hangul} ({self.hanja})" if self.hanja else self.hangul)

    def __repr__(self) -> str:
        return f"PersonName({len(self.hangul)} + {len(self.hanja)} + {len(self.latin)} characters)"

    @property
    def surname_length(self) -> int:
        """Syllables of the surname: 2 for a known compound one that leaves a given name, else 1."""
        return 2 if len(self.hangul) > 2 and self.hangul[:2] in COMPOUND_SURNAMES else 1


def parse(text: str) -> PersonName:
    """The name of `홍길동 (洪吉童)`, brackets in either width, closed or not, with or without spaces.

    A name spelled out (`홍 길 동`) is joined; other spaces inside a name stay. Raises `NameError_`:
    NO_HANGUL for a name in another script, CHARACTERS where something else stands among the syllables.
    """
    try:
        tidied = tidy(text, longest=_LONGEST)
    except UnparsableError as error:
        raise NameError_(error.fault) from error
    match = _NAME.fullmatch(tidied)
    if match is None:
        raise NameError_(Fault.CHARACTERS if _HAS_HANGUL.search(tidied) else Fault.NO_HANGUL)
    hangul, hanja = match.group(1), (match.group(2) or "").replace(" ", "")
    return PersonName(hangul.replace(" ", "") if _SPELLED_OUT.fullmatch(hangul) else hangul, hanja)


def parse_latin(text: str) -> PersonName:
    """The name of `Hong, Gildong` in capitals, commas and full stops left out. Raises `NameError_`: NO_LATIN."""
    try:
        tidied = tidy(text, longest=_LONGEST)
    except UnparsableError as error:
        raise NameError_(error.fault) from error
    plain = " ".join(re.sub(r"[.,]", " ", tidied).upper().split())
    if _LATIN.fullmatch(plain) is None:
        raise NameError_(Fault.NO_LATIN)
    return PersonName("", latin=plain)
