"""Dates as cards, readers and officers write them."""

import re
from datetime import date

from kyc.domain.errors import Fault, UnparsableError
from kyc.domain.text import dashes, tidy


class DateError(UnparsableError):
    """The text is not a date."""


_LONGEST = 32
_SEPARATOR = r"\s?[-./,]\s?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}}){_SEPARATOR}([0-9]{{1,2}}){_SEPARATOR}([0-9]{{1,2}})(?:\s?\.)?")
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}}){_SEPARATOR}([0-9]{{1,2}}){_SEPARATOR}([0-9]{{4}})(?:\s?\.)?")
_SPACED = re.compile(r"([0-9]{4}) ([0-9]{1,2}) ([0-9]{1,2})")
_KOREAN = re.compile(r"([0-9]{4})\s?년\s?([0-9]{1,2})\s?월\s?([0-9]{1,2})\s?일")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def parse(text: str) -> date:
    """The date of `01/07/1982` (day first, the API's way), `1982/07/01`, `1982.07.01.`, `1982. 7. 1`,
    `1982-07-01`, `1982년 7월 1일`, `19820701`. Full-width digits and odd spaces are fine.

    A year that no card can have, as 8207, is still a date: a finding judges it. Raises `DateError`:
    FORM for another shape (`297802`), IMPOSSIBLE_DATE for a day that no calendar has.
    """
    try:
        tidied = dashes(tidy(text, longest=_LONGEST))
    except UnparsableError as error:
        raise DateError(error.fault) from error
    for pattern in (_YEAR_FIRST, _SPACED, _KOREAN, _COMPACT):
        if match := pattern.fullmatch(tidied):
            year, month, day = match.groups()
            return _date(year, month, day)
    if match := _DAY_FIRST.fullmatch(tidied):
        day, month, year = match.groups()
        return _date(year, month, day)
    raise DateError(Fault.FORM)


def years_after(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes the 28th where needed. Never beyond year 9999."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _date(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise DateError(Fault.IMPOSSIBLE_DATE) from error
