"""Resident numbers: their parts, their check digit and their masks."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc.domain.errors import Fault
from kyc.domain.rrn import Rrn, RrnError, Sex, SexError, conceal, mask_all, parse, parse_sex
from tests.domain.strategies import ANYTHING, numbers

FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")


@given(ANYTHING)
def test_no_string_makes_the_parser_raise_anything_but_its_own_error(text: str) -> None:
    try:
        number = parse(text)
    except RrnError:
        return
    assert parse(str(number)) == number


@given(ANYTHING)
def test_no_string_makes_the_sex_parser_raise_anything_but_its_own_error(text: str) -> None:
    with suppress(SexError):
        assert parse_sex(text) in Sex


@given(numbers())
def test_a_number_is_understood_in_every_usual_notation(number: Rrn) -> None:
    text = str(number)
    notations = [
        text,
        text.translate(FULL_WIDTH),
        text.replace("-", ""),
        text.replace("-", " - "),
        text.replace("-", "–"),
        text.replace("-", "ㅡ"),
        " ".join(text.replace("-", "")),
        f"\ufeff{text}\n",
    ]
    assert [parse(notation) for notation in notations] == [number] * len(notations)


@pytest.mark.parametrize(
    ("century", "year", "sex", "foreign"),
    [
        ("9", 1882, Sex.MALE, False),
        ("0", 1882, Sex.FEMALE, False),
        ("1", 1982, Sex.MALE, False),
        ("2", 1982, Sex.FEMALE, False),
        ("3", 2082, Sex.MALE, False),
        ("4", 2082, Sex.FEMALE, False),
        ("5", 1982, Sex.MALE, True),
        ("6", 1982, Sex.FEMALE, True),
        ("7", 2082, Sex.MALE, True),
        ("8", 2082, Sex.FEMALE, True),
    ],
)
def test_the_seventh_digit_states_century_sex_and_origin(
    century: str, year: int, sex: Sex, foreign: bool
) -> None:
    number = parse(f"820701-{century}970000")
    assert (number.birthday, number.sex, number.foreign) == (date(year, 7, 1), sex, foreign)


def test_the_vendors_sample_fails_its_check_digit_and_its_neighbour_holds() -> None:
    assert not parse("820701-2345678").check_digit_holds
    assert parse("820701-2345679").check_digit_holds


@given(numbers())
def test_the_check_digit_holds_for_exactly_one_last_digit(number: Rrn) -> None:
    last = [digit for digit in "0123456789" if Rrn(number.front, number.back[:6] + digit).check_digit_holds]
    assert last == [number.back[6]]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.EMPTY),
        (" \u200b\n", Fault.EMPTY),
        ("821301-2345678", Fault.IMPOSSIBLE_DATE),
        ("820230-2345678", Fault.IMPOSSIBLE_DATE),
        ("010229-3970000", Fault.IMPOSSIBLE_DATE),
        ("820701-234567", Fault.FORM),
        ("820701-23456789", Fault.FORM),
        ("82070l-2345678", Fault.FORM),
        ("٨٢٠٧٠١-٢٣٤٥٦٧٨", Fault.FORM),
        ("820701-2******", Fault.MASKED),
        ("820701-●●●●●●●", Fault.MASKED),
        ("8" * 1000, Fault.TOO_LONG),
    ],
)
def test_a_refusal_says_why(text: str, fault: Fault) -> None:
    with pytest.raises(RrnError) as refused:
        parse(text)
    assert refused.value.fault is fault


def test_a_leap_day_is_a_birthday_only_in_a_leap_year() -> None:
    assert parse("000229-3970000").birthday == date(2000, 2, 29)


@given(numbers())
def test_neither_repr_nor_error_shows_a_number(number: Rrn) -> None:
    assert number.back not in repr(number)
    assert number.masked == f"{number.front}-{number.back[0]}******"
    with pytest.raises(RrnError) as refused:
        parse(f"{number}0")
    assert number.back not in repr(refused.value) + str(refused.value)


def test_the_parts_are_judged_however_a_number_is_made() -> None:
    with pytest.raises(RrnError):
        Rrn("82-701", "2345678")


@pytest.mark.parametrize("text", ["男", "남", "남자", "M", "m", "Ｍ", "male"])
def test_a_man_in_every_notation(text: str) -> None:
    assert parse_sex(text) is Sex.MALE


@pytest.mark.parametrize("text", ["女", "여", "여자", "F", "f", " 女 ", "female"])
def test_a_woman_in_every_notation(text: str) -> None:
    assert parse_sex(text) is Sex.FEMALE


@given(
    number=numbers(), before=ANYTHING, after=ANYTHING, dash=st.sampled_from(["", "-", " - ", "－", "/", "\n"])
)
def test_a_number_in_free_text_is_masked(number: Rrn, before: str, after: str, dash: str) -> None:
    text = f"{before}\n번호 {number.front}{dash}{number.back} 확인\n{after}"
    shown = mask_all(text)
    assert number.back not in shown
    assert number.masked in shown


@pytest.mark.parametrize(
    "text",
    [
        "８２０７０１－２３４５６７８",
        "82.07.01-2345678",
        "8 2 0 7 0 1 2 3 4 5 6 7 8",
        "820701\u200b-\u200b2345678",
        "820701—2345678",
        "۸۲۰۷۰۱-۲۳۴۵۶۷۸",
    ],
)
def test_disguises_are_masked_too(text: str) -> None:
    assert mask_all(f"본인 {text}입니다") == "본인 820701-2******입니다"


@pytest.mark.parametrize(
    "text", ["2026-11-23", "010-1234-5678", "02-555-1234", "서울 93-1, 1203호", "820701"]
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert mask_all(text) == text


@given(ANYTHING)
def test_masking_never_raises_and_twice_is_once(text: str) -> None:
    once = mask_all(text)
    assert mask_all(once) == once


@given(st.text("0123456789-xl ", max_size=40))
def test_a_concealed_text_shows_at_most_seven_digits(text: str) -> None:
    shown = conceal(text)
    assert sum(character.isdigit() for character in shown) <= 7
    assert len(shown) == len(text)
