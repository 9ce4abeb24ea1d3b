"""Rules of the name."""

from kyc.domain.facts import Field
from kyc.domain.rulebook import Card, Hit, Rulebook, Severity

USUAL_SYLLABLES = range(2, 6)

book = Rulebook()


@book.finding("name.missing", severity=Severity.LOW, fields=(Field.NAME,))
def missing(card: Card) -> Hit | None:
    """No name was read."""
    return None if card.raw.name.strip() else Hit()


@book.finding("name.unreadable", severity=Severity.LOW, fields=(Field.NAME,))
def unreadable(card: Card) -> Hit | None:
    """Something was read that is no name in this card's script: hangul with or without hanja, or Latin capitals."""
    return Hit(read=card.raw.name) if card.raw.name.strip() and card.facts.name is None else None


@book.finding("name.unusual", severity=Severity.LOW, fields=(Field.NAME,))
def unusual_length(card: Card) -> Hit | None:
    """Fewer than two or more than five syllables: possible, and worth a look."""
    name = card.facts.name
    if name and not name.latin and len(name.hangul.replace(" ", "")) not in USUAL_SYLLABLES:
        return Hit(read=name.hangul)
    return None


@book.finding("name.hanja_length", severity=Severity.LOW, fields=(Field.NAME,))
def hanja_length_differs(card: Card) -> Hit | None:
    """Each syllable has its character, unless the surname alone is in hanja."""
    name = card.facts.name
    if not name or not name.hanja:
        return None
    if len(name.hanja) in {len(name.hangul.replace(" ", "")), name.surname_length}:
        return None
    return Hit(hangul=name.hangul, hanja=name.hanja)
