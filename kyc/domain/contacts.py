"""An e-mail address as customers type it on a phone: mended where the meaning is plain, else refused for a reason."""

import re
import unicodedata
from enum import StrEnum

from kyc.domain.errors import UnparsableError
from kyc.domain.text import tidy

LONGEST = 254  # RFC 5321: a path of 256 with its brackets
LONGEST_LOCAL, LONGEST_LABEL = 64, 63
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_FULL_STOPS = str.maketrans(dict.fromkeys("。｡．", "."))


class ContactFault(StrEnum):
    EMPTY = "empty"
    LONG = "long"
    NO_AT = "no_at"
    NO_ENDING = "no_ending"
    CHARACTERS = "characters"


class ContactError(ValueError):
    """The text is no e-mail address. Carries the reason, never the text."""

    def __init__(self, fault: ContactFault) -> None:
        super().__init__(f"no e-mail address: {fault}")
        self.fault = fault


def normalise(text: str) -> str:
    """The address in ASCII, its domain in small letters (one in hangul as `xn--`).

    Full-width letters, blanks anywhere, what shows nothing and a pasted `mailto:` are mended. Raises ContactError.
    """
    plain = _plain(text)
    local, at, domain = plain.rpartition("@")
    if not at or not local or not domain:
        raise ContactError(ContactFault.NO_AT)
    if len(local) > LONGEST_LOCAL:
        raise ContactError(ContactFault.LONG)
    if not _LOCAL.fullmatch(local):
        raise ContactError(ContactFault.CHARACTERS)
    address = f"{local}@{_domain(domain)}"
    if len(address) > LONGEST:
        raise ContactError(ContactFault.LONG)
    return address


def _plain(text: str) -> str:
    if not text.strip():
        raise ContactError(ContactFault.EMPTY)
    try:
        plain = "".join(tidy(text, longest=2 * LONGEST).translate(_FULL_STOPS).split())
    except UnparsableError as e:
        raise ContactError(ContactFault.CHARACTERS) from e
    return plain[len("mailto:") :] if plain.lower().startswith("mailto:") else plain


def _domain(text: str) -> str:
    if any(not (unicodedata.category(sign)[0] in "LMN" or sign in "-.") for sign in text):
        raise ContactError(ContactFault.CHARACTERS)
    try:
        domain = text.encode("idna").decode().lower()
    except UnicodeError as e:
        raise ContactError(ContactFault.NO_ENDING if ".." in f".{text}." else ContactFault.CHARACTERS) from e
    labels = domain.split(".")
    if len(labels) < 2 or len(labels[-1]) < 2 or labels[-1].isdecimal() or "" in labels:
        raise ContactError(ContactFault.NO_ENDING)
    if any(len(label) > LONGEST_LABEL or not _LABEL.fullmatch(label) for label in labels):
        raise ContactError(ContactFault.CHARACTERS)
    return domain
