"""Raw strings to facts, typed values to canonical text, and nothing personal in a repr."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc.domain.errors import Fault
from kyc.domain.facts import Field, FieldError, RawFields, normalise, parse_facts
from tests.domain.strategies import ANYTHING

RAWS = st.builds(RawFields, *[ANYTHING] * 6)

GOOD = RawFields(
    name="홍길동（洪吉童）",
    rrn="８２０７０１－２９７０００１",
    sex="女",
    birthday="01/07/1982",
    address="서울특별시 종로구 은천로 93",
    issued="2015. 3. 1.",
)


def test_the_fields_stand_in_the_order_of_the_card() -> None:
    assert [str(field) for field in Field] == ["name", "rrn", "sex", "birthday", "address", "issued"]


@given(RAWS)
def test_facts_never_raise_and_agree_with_the_canonical_text(raw: RawFields) -> None:
    facts = parse_facts(raw)
    for field in Field:
        canonical = ""
        with suppress(FieldError):
            canonical = normalise(field, raw.text(field))
        assert canonical == facts.text(field)


@given(st.sampled_from(Field), ANYTHING)
def test_normalising_twice_changes_nothing(field: Field, text: str) -> None:
    try:
        once = normalise(field, text)
    except FieldError:
        return
    assert normalise(field, once) == once


def test_a_good_reading_becomes_canonical_text() -> None:
    facts = parse_facts(GOOD)
    assert [facts.text(field) for field in Field] == [
        "홍길동 (洪吉童)",
        "820701-2970001",
        "female",
        "1982-07-01",
        "서울특별시 종로구 은천로 93",
        "2015-03-01",
    ]


def test_null_and_missing_values_are_empty() -> None:
    raw = RawFields.of({Field.NAME: "홍길동", Field.ADDRESS: None})
    assert raw == RawFields(name="홍길동")
    assert parse_facts(RawFields()) == parse_facts(RawFields.of({}))


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (Field.NAME, "", "name.empty"),
        (Field.NAME, "HONG", "name.no_hangul"),
        (Field.RRN, "820701-234567", "rrn.form"),
        (Field.RRN, "820701-2******", "rrn.masked"),
        (Field.SEX, "?", "sex.form"),
        (Field.BIRTHDAY, "1982-02-30", "birthday.impossible_date"),
        (Field.ADDRESS, "주소" * 200, "address.too_long"),
        (Field.ISSUED, "297802", "issued.form"),
    ],
)
def test_a_typed_value_is_refused_under_a_stable_code(field: Field, text: str, code: str) -> None:
    with pytest.raises(FieldError) as refused:
        normalise(field, text)
    assert refused.value.code == code
    assert refused.value.field is field
    assert refused.value.fault in Fault
    assert text == "" or text not in str(refused.value)


def test_no_repr_shows_personal_data() -> None:
    shown = repr(GOOD) + repr(parse_facts(GOOD))
    assert not any(part in shown for part in ("홍길동", "2970001", "은천로", "1982"))
