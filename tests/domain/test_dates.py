"""Dates in the notations of cards, readers and officers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc.domain.dates import DateError, parse, years_after
from kyc.domain.errors import Fault
from tests.domain.strategies import ANYTHING


@given(ANYTHING)
def test_no_string_makes_the_parser_raise_anything_but_its_own_error(text: str) -> None:
    try:
        day = parse(text)
    except DateError:
        return
    assert parse(day.isoformat()) == day


@given(st.dates(date(1000, 1, 1)))
def test_every_notation_of_a_day_is_that_day(day: date) -> None:
    year, month, number = day.year, day.month, day.day
    notations = [
        f"{number:02}/{month:02}/{year}",
        f"{year}/{month:02}/{number:02}",
        f"{year}.{month:02}.{number:02}.",
        f"{year}. {month}. {number}.",
        f"{year}-{month:02}-{number:02}",
        f"{year}년 {month}월 {number}일",
        f"{year}{month:02}{number:02}",
        f"{year} {month} {number}",
        f"{number}.{month}.{year}",
    ]
    assert [parse(notation) for notation in notations] == [day] * len(notations)


def test_full_width_digits_and_stops_are_read() -> None:
    assert parse("２０１５．０３．０１．") == date(2015, 3, 1)


def test_a_year_far_off_is_still_a_date() -> None:
    assert parse("01/01/8207") == date(8207, 1, 1)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.EMPTY),
        ("297802", Fault.FORM),
        ("2015.03", Fault.FORM),
        ("15.03.01", Fault.FORM),
        ("31/02/2015", Fault.IMPOSSIBLE_DATE),
        ("2015.13.01", Fault.IMPOSSIBLE_DATE),
        ("00000000", Fault.IMPOSSIBLE_DATE),
        ("2015.03.01" * 50, Fault.TOO_LONG),
    ],
)
def test_a_refusal_says_why(text: str, fault: Fault) -> None:
    with pytest.raises(DateError) as refused:
        parse(text)
    assert refused.value.fault is fault


@given(st.dates(), st.integers(0, 200))
def test_years_later_never_raises_and_is_never_earlier(day: date, years: int) -> None:
    assert years_after(day, years) >= day


def test_a_leap_day_comes_of_age_on_the_28th() -> None:
    assert years_after(date(2004, 2, 29), 17) == date(2021, 2, 28)
