"""Rules of the resident number, and of the birthday and sex that it states."""

from datetime import date

from kyc.domain import dates, rrn
from kyc.domain.errors import Fault
from kyc.domain.facts import Field
from kyc.domain.rulebook import Card, Hit, Rulebook, Severity

FIRST_CARDS = date(1999, 1, 1)
"""Resident cards of today's size have been issued since 1999."""

AGE_OF_CARD = 17
OLDEST = 120

book = Rulebook()


def plausible_issue(card: Card) -> date | None:
    """The date of issue where it can be one: neither before the first cards nor in the future."""
    issued = card.facts.issued
    return issued if issued and FIRST_CARDS <= issued <= card.today else None


def _fault(text: str) -> Fault | None:
    try:
        rrn.parse(text)
    except rrn.RrnError as error:
        return error.fault
    return None


@book.finding("rrn.missing", severity=Severity.HIGH, fields=(Field.RRN,))
def missing(card: Card) -> Hit | None:
    """No number was read."""
    return Hit() if _fault(card.raw.rrn) is Fault.EMPTY else None


@book.finding("rrn.masked", severity=Severity.INFO, fields=(Field.RRN,))
def masked(card: Card) -> Hit | None:
    """The last digits were hidden before the picture was taken in, as where no law allows reading them."""
    return Hit() if _fault(card.raw.rrn) is Fault.MASKED else None


@book.finding("rrn.unreadable", severity=Severity.HIGH, fields=(Field.RRN,))
def unreadable(card: Card) -> Hit | None:
    """Something was read that is not a number of six digits and seven."""
    known = {None, Fault.EMPTY, Fault.MASKED, Fault.IMPOSSIBLE_DATE}
    return None if _fault(card.raw.rrn) in known else Hit(read=rrn.conceal(card.raw.rrn))


@book.finding("rrn.impossible_date", severity=Severity.HIGH, fields=(Field.RRN,))
def impossible_date(card: Card) -> Hit | None:
    """The first six digits are no date of the century that the seventh states."""
    if _fault(card.raw.rrn) is Fault.IMPOSSIBLE_DATE:
        return Hit(read=rrn.conceal(card.raw.rrn))
    return None


@book.finding("rrn.check_digit", severity=Severity.HIGH, fields=(Field.RRN,))
def check_digit(card: Card) -> Hit | None:
    """The last digit does not fit. Strong on a card of before 2020-10-05 or of unknown date, weak later.

    Foreign numbers are never judged: the sources disagree on their formula.
    """
    number, issued = card.facts.rrn, plausible_issue(card)
    if number is None or number.foreign or number.check_digit_holds:
        return None
    random_digits = issued is not None and issued >= rrn.RANDOM_DIGITS_SINCE
    return Hit(
        severity=Severity.LOW if random_digits else Severity.HIGH,
        number=number.masked,
        issued=issued.isoformat() if issued else "",
    )


@book.finding("rrn.foreign", severity=Severity.HIGH, fields=(Field.RRN,))
def foreign(card: Card) -> Hit | None:
    """Digits 5 to 8 stand on a foreigner's card, which is another document."""
    number = card.facts.rrn
    return Hit(number=number.masked) if number and number.foreign and not card.type.foreign else None


@book.finding("rrn.native", severity=Severity.HIGH, fields=(Field.RRN,))
def native(card: Card) -> Hit | None:
    """A foreigner's card bears a foreigner's number."""
    number = card.facts.rrn
    return Hit(number=number.masked) if number and card.type.foreign and not number.foreign else None


@book.finding("rrn.future", severity=Severity.HIGH, fields=(Field.RRN,))
def future(card: Card) -> Hit | None:
    """The number states a birthday that has not come yet."""
    number = card.facts.rrn
    return Hit(stated=number.birthday.isoformat()) if number and number.birthday > card.today else None


@book.finding("rrn.age", severity=Severity.HIGH, fields=(Field.RRN,))
def too_old(card: Card) -> Hit | None:
    """The number states an age that nobody has: most likely a wrong century digit."""
    number = card.facts.rrn
    if number and dates.years_after(number.birthday, OLDEST) < card.today:
        return Hit(stated=number.birthday.isoformat())
    return None


@book.finding("rrn.underage", severity=Severity.HIGH, fields=(Field.RRN,))
def underage(card: Card) -> Hit | None:
    """The holder is younger than anyone who has a card."""
    number = card.facts.rrn
    if number and number.birthday <= card.today < dates.years_after(number.birthday, AGE_OF_CARD):
        return Hit(stated=number.birthday.isoformat())
    return None


@book.finding("rrn.birthday", severity=Severity.HIGH, fields=(Field.RRN, Field.BIRTHDAY))
def birthday_differs(card: Card) -> Hit | None:
    """The birthday read must be the one that the number states."""
    read, number = card.facts.birthday, card.facts.rrn
    if read and number and read != number.birthday:
        return Hit(read=read.isoformat(), stated=number.birthday.isoformat())
    return None


@book.finding("rrn.sex", severity=Severity.HIGH, fields=(Field.RRN, Field.SEX))
def sex_differs(card: Card) -> Hit | None:
    """The sex read must be the one that the number states."""
    read, number = card.facts.sex, card.facts.rrn
    if read and number and read != number.sex:
        return Hit(read=str(read), stated=str(number.sex))
    return None


@book.finding("sex.unreadable", severity=Severity.LOW, fields=(Field.SEX,))
def sex_unreadable(card: Card) -> Hit | None:
    """Something was read that names no sex. None read is nothing to look at: the number states it."""
    return Hit(read=card.raw.sex) if card.raw.sex.strip() and card.facts.sex is None else None


@book.finding("birthday.unreadable", severity=Severity.LOW, fields=(Field.BIRTHDAY,))
def birthday_unreadable(card: Card) -> Hit | None:
    """Something was read that is no date. None read is nothing to look at: the number states it."""
    unparsed = card.raw.birthday.strip() and card.facts.birthday is None
    return Hit(read=card.raw.birthday) if unparsed else None
