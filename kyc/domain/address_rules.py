"""Rules of the address."""

from kyc.domain import places
from kyc.domain.facts import Field
from kyc.domain.number_rules import plausible_issue
from kyc.domain.rulebook import Card, Hit, Rulebook, Severity

book = Rulebook()


@book.finding("address.missing", severity=Severity.LOW, fields=(Field.ADDRESS,))
def missing(card: Card) -> Hit | None:
    """No address was read on a card that prints one."""
    return None if card.raw.address.strip() or Field.ADDRESS not in card.type.fields else Hit()


@book.finding("address.unreadable", severity=Severity.LOW, fields=(Field.ADDRESS,))
def unreadable(card: Card) -> Hit | None:
    """Something was read that is no address at all."""
    return Hit(read=card.raw.address) if card.raw.address.strip() and card.facts.address is None else None


@book.finding("address.incomplete", severity=Severity.LOW, fields=(Field.ADDRESS,))
def incomplete(card: Card) -> Hit | None:
    """Region, district, road or number could not be told apart in it: often a misread syllable."""
    address = card.facts.address
    return Hit(missing=", ".join(address.missing)) if address and address.missing else None


@book.finding("address.unknown_region", severity=Severity.LOW, fields=(Field.ADDRESS,))
def unknown_region(card: Card) -> Hit | None:
    """No region ever had this name, as far as the list of this version goes."""
    address = card.facts.address
    if address and address.region and address.region not in places.KNOWN.keys() | places.SHORT_NAMES:
        return Hit(read=address.region)
    return None


@book.finding("address.renamed", severity=Severity.INFO, fields=(Field.ADDRESS,))
def renamed(card: Card) -> Hit | None:
    """The place has another name today. Right for a card, which keeps the name of its day."""
    address = card.facts.address
    change = address and places.successor(address.region, address.district, card.today)
    if change:
        return Hit(read=change.old, now=change.new, since=change.since.isoformat())
    return None


@book.finding("address.newer_than_card", severity=Severity.LOW, fields=(Field.ADDRESS, Field.ISSUED))
def newer_than_card(card: Card) -> Hit | None:
    """The place got this name only after the card was issued. One of the two is misread, or made up."""
    address, issued = card.facts.address, plausible_issue(card)
    change = address and issued and places.newer_than(address.region, address.district, issued)
    if issued and change:
        return Hit(read=change.new, since=change.since.isoformat(), issued=issued.isoformat())
    return None
