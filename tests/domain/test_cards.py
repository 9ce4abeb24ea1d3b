"""What differs from document to document: names, numbers, and which fields there are."""

from datetime import date

import pytest

from kyc import wording
from kyc.domain import cards, facts, names
from kyc.domain.errors import Fault
from kyc.domain.facts import Field, FieldError, RawFields, normalise
from kyc.domain.findings import find
from ocr_integration.engine import kinds

TODAY = date(2026, 11, 25)
FOREIGN = RawFields(
    name="NGUYEN THI MAI", rrn="900101-6123406", sex="女", birthday="01/01/1990", issued="01/05/2024"
)


def codes(raw: RawFields, card: cards.CardType) -> set[str]:
    told = facts.parse_facts(raw, latin=card.latin_names)
    return {found.code for found in find(raw, told, TODAY, card=card)}


def test_a_good_foreigners_card_has_no_finding() -> None:
    assert codes(FOREIGN, cards.FOREIGNER) == set()


def test_the_same_fields_on_a_resident_card_are_wrong() -> None:
    assert codes(FOREIGN, cards.RESIDENT) >= {"rrn.foreign", "name.unreadable", "address.missing"}


def test_a_natives_number_on_a_foreigners_card_is_serious() -> None:
    native = RawFields(
        name="NGUYEN THI MAI", rrn="900101-2971230", sex="女", birthday="01/01/1990", issued="01/05/2024"
    )
    assert "rrn.native" in codes(native, cards.FOREIGNER)
    assert "rrn.native" not in codes(native, cards.RESIDENT)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("nguyen, thi mai", "NGUYEN THI MAI"),
        ("O'BRIEN  JEAN-LUC", "O'BRIEN JEAN-LUC"),
        ("SMITH J. R.", "SMITH J R"),
    ],
)
def test_latin_names_are_kept_in_capitals(typed: str, kept: str) -> None:
    assert normalise(Field.NAME, typed, latin=True) == kept
    assert normalise(Field.NAME, kept, latin=True) == kept
    assert "SMITH" not in repr(names.parse_latin(typed))


@pytest.mark.parametrize("typed", ["홍길동", "NGUYEN 2", "-", "王"])
def test_what_is_no_latin_name_is_refused_in_words(typed: str) -> None:
    with pytest.raises(FieldError) as refused:
        normalise(Field.NAME, typed, latin=True)
    assert refused.value.fault is Fault.NO_LATIN
    assert wording.error_words(Field.NAME, Fault.NO_LATIN)


def test_a_code_that_is_not_known_is_taken_for_a_resident_card() -> None:
    assert cards.of("") is cards.RESIDENT
    assert cards.of("passport") is cards.RESIDENT


def test_reader_rules_and_words_know_the_same_documents() -> None:
    assert {kind.code for kind in kinds.KINDS} == set(cards.TYPES) == set(wording.CARDS)
    for kind in kinds.KINDS:
        card = cards.of(kind.code)
        assert card.latin_names == kind.latin_name
        assert (Field.ADDRESS in card.fields) == kind.address
        assert card.foreign == (kind.centuries == "5678")
