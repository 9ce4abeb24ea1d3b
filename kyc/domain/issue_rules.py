"""Rules of the date of issue."""

from kyc.domain import dates
from kyc.domain.facts import Field
from kyc.domain.number_rules import AGE_OF_CARD, FIRST_CARDS
from kyc.domain.rulebook import Card, Hit, Rulebook, Severity

book = Rulebook()


@book.finding("issued.missing", severity=Severity.LOW, fields=(Field.ISSUED,))
def missing(card: Card) -> Hit | None:
    """No date of issue was read."""
    return None if card.raw.issued.strip() else Hit()


@book.finding("issued.unreadable", severity=Severity.LOW, fields=(Field.ISSUED,))
def unreadable(card: Card) -> Hit | None:
    """Something was read that is no date."""
    unparsed = card.raw.issued.strip() and card.facts.issued is None
    return Hit(read=card.raw.issued) if unparsed else None


@book.finding("issued.future", severity=Severity.HIGH, fields=(Field.ISSUED,))
def future(card: Card) -> Hit | None:
    """The card claims to be issued after today."""
    issued = card.facts.issued
    return Hit(read=card.raw.issued) if issued and issued > card.today else None


@book.finding("issued.before_1999", severity=Severity.HIGH, fields=(Field.ISSUED,))
def before_the_first_cards(card: Card) -> Hit | None:
    """The card claims to be older than cards of this kind."""
    issued = card.facts.issued
    return Hit(read=card.raw.issued) if issued and issued < FIRST_CARDS else None


@book.finding("issued.too_early", severity=Severity.HIGH, fields=(Field.ISSUED, Field.RRN))
def holder_too_young(card: Card) -> Hit | None:
    """Nobody is given a card before they turn 17."""
    issued = card.facts.issued
    birthday = card.facts.rrn.birthday if card.facts.rrn else card.facts.birthday
    if issued and birthday and issued < dates.years_after(birthday, AGE_OF_CARD):
        return Hit(read=issued.isoformat(), birthday=birthday.isoformat())
    return None
