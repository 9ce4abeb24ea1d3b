"""What readers and keyboards vary: widths, dashes, brackets and spaces. Nothing else is changed."""

import re
import unicodedata

from kyc.domain.errors import Fault, UnparsableError

# Full-width forms (U+FF01 to U+FF5E) are their ASCII twins 0xFEE0 higher; NFKC would also rewrite much else.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("〔"): "(", ord("〕"): ")"}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣ー─━‧ㅡ"), "-")
# What shows nothing but breaks a comparison: zero-width marks, direction marks, the soft hyphen.
_INVISIBLE = dict.fromkeys(
    [0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
)
_SPACES = re.compile(r"\s+")


def tidy(text: str, *, longest: int) -> str:
    """NFC, half-width ASCII, single spaces, nothing invisible.

    Raises `UnparsableError`: EMPTY if nothing is left, TOO_LONG beyond `longest` characters,
    CHARACTERS where control characters or lone surrogates remain.
    """
    if len(text) > 4 * longest:
        raise UnparsableError(Fault.TOO_LONG)
    text = unicodedata.normalize("NFC", text.translate(_INVISIBLE).translate(_NARROW))
    text = _SPACES.sub(" ", text).strip()
    if not text:
        raise UnparsableError(Fault.EMPTY)
    if len(text) > longest:
        raise UnparsableError(Fault.TOO_LONG)
    if any(unicodedata.category(character) in {"Cc", "Cs", "Cn", "Co"} for character in text):
        raise UnparsableError(Fault.CHARACTERS)
    return text


def dashes(text: str) -> str:
    """Every kind of dash, and the hangul vowel that looks like one, as `-`. Only for fields of digits."""
    return text.translate(_DASHES)
