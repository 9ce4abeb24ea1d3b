"""Rules of the reading itself: what the reader's knowledge made of what it saw."""

import re
from contextlib import suppress

from kyc.domain import rrn
from kyc.domain.facts import Field, FieldError, normalise
from kyc.domain.rulebook import Card, Hit, Rulebook, Severity

book = Rulebook()

SERIOUS = frozenset({Field.RRN, Field.ISSUED})
_NOT_LETTERS = re.compile(r"[\W_]+")


@book.finding("reading.knowledge_changed", severity=Severity.LOW, fields=tuple(Field))
def knowledge_changed(card: Card) -> list[Hit]:
    """The reader saw one thing and, knowing what cards hold, said another."""
    if card.unconstrained is None:
        return []
    hits = []
    for name in Field:
        decoded, seen = card.raw.text(name), card.unconstrained.text(name)
        if decoded.strip() and seen.strip() and essence(name, decoded) != essence(name, seen):
            hits.append(_hit(name, decoded, seen))
    return hits


def essence(name: Field, text: str) -> str:
    """What two readings of a field are compared by: its letters and digits, in the product's notation if it has one."""
    with suppress(FieldError):  # what cannot be parsed is compared as it stands
        text = normalise(name, text)
    return _NOT_LETTERS.sub("", text)


def _hit(name: Field, decoded: str, seen: str) -> Hit:
    severity = _severity(name, decoded, seen)
    if name is not Field.RRN:
        return Hit(severity=severity, fields=(name,), read=decoded, seen=seen)
    places = differing_places(name, decoded, seen)
    hidden = {"read": rrn.conceal(decoded), "seen": rrn.conceal(seen)}
    return Hit(severity=severity, fields=(name,), digits=places, **hidden)


def _severity(name: Field, decoded: str, seen: str) -> Severity:
    """Hanja settled by their syllable are right in 99 of 100: loud each time, they would teach officers not to look."""
    if name in SERIOUS:
        return Severity.HIGH
    hangul, also = (essence(name, text.partition("(")[0]) for text in (decoded, seen))
    return Severity.INFO if name is Field.NAME and hangul == also else Severity.LOW


def differing_places(name: Field, one: str, other: str) -> str:
    """Which characters of two texts differ, counted from 1: `3, 11`."""
    pairs = zip(essence(name, one), essence(name, other), strict=False)
    return ", ".join(str(place) for place, (left, right) in enumerate(pairs, start=1) if left != right)
