"""Names: hangul, hanja, and the brackets between them."""

import unicodedata

import pytest
from hypothesis import given

from kyc.domain.errors import Fault
from kyc.domain.names import NameError_, PersonName, parse
from tests.domain.strategies import ANYTHING, HANGUL_NAMES, HANJA_NAMES


@given(ANYTHING)
def test_no_string_makes_the_parser_raise_anything_but_its_own_error(text: str) -> None:
    try:
        name = parse(text)
    except NameError_:
        return
    assert parse(str(name)) == name


@given(HANGUL_NAMES, HANJA_NAMES)
def test_brackets_of_any_width_and_spacing_part_hangul_from_hanja(hangul: str, hanja: str) -> None:
    notations = [
        f"{hangul} ({hanja})",
        f"{hangul}({hanja})",
        f"{hangul}（{hanja}）",
        f"{hangul} ( {hanja} )",
        f"{hangul} ({hanja}",
        f"{hangul}\n({hanja})",
        unicodedata.normalize("NFD", f"{hangul} ({hanja})"),
    ]
    assert [parse(notation) for notation in notations] == [PersonName(hangul, hanja)] * len(notations)
    assert str(parse(notations[1])) == f"{hangul} ({hanja})"


@given(HANGUL_NAMES)
def test_a_name_without_hanja_is_whole(hangul: str) -> None:
    assert parse(hangul) == PersonName(hangul, "")
    assert str(parse(hangul)) == hangul


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("홍길동(离吉)", "홍길동 (离吉)"),
        ("홍길동 (洪)", "홍길동 (洪)"),
        ("김하늘(金하늘)", "김하늘 (金하늘)"),
        ("홍 길 동", "홍길동"),
        ("홍 길 동 (洪 吉 童)", "홍길동 (洪吉童)"),
        ("응우옌 티 란", "응우옌 티 란"),
        ("이순신 (\uf9e1舜臣)", "이순신 (李舜臣)"),
    ],
)
def test_names_as_cards_print_them(text: str, shown: str) -> None:
    assert str(parse(text)) == shown


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.EMPTY),
        ("HONG GILDONG", Fault.NO_HANGUL),
        ("洪吉童", Fault.NO_HANGUL),
        ("홍길동1", Fault.CHARACTERS),
        ("홍길동 (洪吉童) 귀하", Fault.CHARACTERS),
        ("홍길동 (HONG)", Fault.CHARACTERS),
        ("ㅎㅗㅇ", Fault.NO_HANGUL),
        ("홍" * 61, Fault.TOO_LONG),
        ("홍길\x00동", Fault.CHARACTERS),
        ("홍길\ud800동", Fault.CHARACTERS),
    ],
)
def test_a_refusal_says_why(text: str, fault: Fault) -> None:
    with pytest.raises(NameError_) as refused:
        parse(text)
    assert refused.value.fault is fault


def test_compound_surnames_have_two_syllables_where_a_given_name_is_left() -> None:
    assert parse("남궁민수").surname_length == 2
    assert parse("선우").surname_length == 1
    assert parse("홍길동").surname_length == 1


def test_a_repr_shows_no_name() -> None:
    assert "홍" not in repr(parse("홍길동 (洪吉童)"))
