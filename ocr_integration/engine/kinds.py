"""The documents that this reader knows: by what title each is told, and where its name stands.

To add one is an entry here; what it means for a case stands in `kyc/domain/cards.py` under the same code.
"""

from collections.abc import Iterable
from dataclasses import dataclass

TITLED = 0.8
"""How much of its title a line must show, in order, to tell a document by it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One document's front. Every kind has a number of six digits and seven, and a date of issue below it."""

    code: str
    """Stored and sent: never rename one."""
    title: str
    centuries: str = "1234"
    """What the digit after the number's hyphen may be."""
    latin_name: bool = False
    """The name stands in Latin capitals below the number, else in hangul above it."""
    address: bool = True
    """Whether the front prints one, between number and date."""


RESIDENT = Kind("resident", "주민등록증")
FOREIGNER = Kind("foreigner", "외국인등록증", centuries="5678", latin_name=True, address=False)
KINDS: tuple[Kind, ...] = (RESIDENT, FOREIGNER)


def likeness(text: str, wanted: str) -> float:
    """The share of the wanted letters that the text holds in order."""
    at, hits = 0, 0
    for letter in wanted:
        place = text.find(letter, at)
        if place >= 0:
            at, hits = place + 1, hits + 1
    return hits / len(wanted)


def titled(text: str) -> float:
    """How like a title of any kind a line is."""
    return max(likeness(text, kind.title) for kind in KINDS)


def told_by(texts: Iterable[str]) -> Kind | None:
    """The kind whose title stands among the lines, None where none does."""
    plain = [text.replace(" ", "") for text in texts]
    found = [(likeness(text, kind.title), kind) for text in plain for kind in KINDS]
    best = max(found, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] >= TITLED else None
