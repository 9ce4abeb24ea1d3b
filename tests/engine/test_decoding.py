"""Texts decoded from probabilities: what knowledge may change and what it must leave alone."""

from dataclasses import replace

import numpy as np
import pytest

from ocr_integration.engine import ctc, issued, names
from ocr_integration.engine.addresses import Addresses, spaced
from ocr_integration.engine.gazetteer import Gazetteer, nearest
from ocr_integration.engine.rows import Line
from ocr_integration.engine.text import Alphabet, Strip

LETTERS = Alphabet(
    (
        "",
        *dict.fromkeys(
            " ()-.,0123456789강원특별자치도충청북증평군중앙로길리장동홍길洪吉童종루구서울시맹면연배裵裴달達효孝"
        ),
    )
)


def strip_of(text: str, *, also: dict[int, tuple[str, float]] | None = None) -> Strip:
    """A strip on which `text` is plainly read; at some places another letter is seen with some probability."""
    odds = np.full((2 * len(text) + 1, len(LETTERS)), 1e-6, np.float32)
    odds[::2, 0] = 1
    for i, letter in enumerate(text):
        odds[2 * i + 1, LETTERS.index(letter)] = 0.999
        if also and i in also:
            other, share = also[i]
            odds[2 * i + 1, LETTERS.index(letter)] = 1 - share
            odds[2 * i + 1, LETTERS.index(other)] = share
    return Strip(odds / odds.sum(1, keepdims=True), LETTERS)


@pytest.fixture(scope="module")
def addresses() -> Addresses:
    return Addresses(Gazetteer())


def test_the_score_of_a_text_is_the_sum_over_all_ways_to_write_it() -> None:
    odds = np.array([[0.5, 0.5], [0.4, 0.6]], np.float32)
    one, two = np.exp(ctc.scores(Strip(odds, Alphabet(["", "a"])), ["a", ""]))
    assert one == pytest.approx(0.5 * 0.4 + 0.5 * 0.6 + 0.5 * 0.6, rel=1e-5)
    assert two == pytest.approx(0.5 * 0.4, rel=1e-5)


def test_a_letter_in_doubt_is_settled_by_the_gazetteer(addresses: Addresses) -> None:
    read = addresses.read([strip_of("충청북도 충평군", also={5: ("증", 0.1)}), strip_of("중앙로 12")])
    assert read.text.startswith("충청북도 증평군")
    assert read.plain.startswith("충청북도 충평군")


def test_a_place_that_is_not_in_the_gazetteer_stays_as_read(addresses: Addresses) -> None:
    read = addresses.read([strip_of("서울특별시 종루구"), strip_of("홍길로 12")])
    assert read.text == "서울특별시 종루구 홍길로 12"


def test_a_region_keeps_the_name_of_its_day(addresses: Addresses) -> None:
    for region in ("강원도", "강원특별자치도"):
        assert addresses.read([strip_of(f"{region} 원강시 1")]).text.startswith(region)


def test_the_nearest_places_are_found_by_their_beginning() -> None:
    edits, ends = nearest("중앙로12길192", ["중앙로12길", "중앙로", "동앙로"])
    assert edits.tolist() == [0, 0, 1]
    assert ends.tolist() == [6, 3, 3]


def test_every_renamed_region_is_known_by_both_names() -> None:
    known = Gazetteer().districts
    assert {"강원도 강릉시", "강원특별자치도 강릉시", "전북특별자치도 익산시", "전라북도 익산시"} <= set(
        known
    )
    assert {"경상북도 군위군", "대구광역시 군위군"} <= set(known)


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("동계로 128,108동( 고읍리,e편한세상 )", "동계로 128, 108동 (고읍리, e편한세상)"),
        ("  가  나 ", "가 나"),
    ],
)
def test_an_address_is_spaced_in_one_way(read: str, written: str) -> None:
    assert spaced(read) == written


def test_hanja_are_known_by_their_syllable_also_with_a_dropped_initial() -> None:
    assert "柳" in names.characters("유")
    assert "羅" in names.characters("나")
    assert "金" not in names.characters("유")


@pytest.mark.parametrize(
    ("text", "date"),
    [("2016.08.27.", True), ("2016.  8. 27.", True), ("122동 2509호", False), ("홍길동", False)],
)
def test_a_date_is_told_from_a_flat_number(text: str, date: bool) -> None:
    assert issued.looks_like_date(text) is date


def test_the_form_of_a_surname_is_the_one_that_our_own_recogniser_sees() -> None:
    line = Line(np.array([[0, 0], [9, 0], [9, 1], [0, 1]], np.float32))
    strip = strip_of("배달효(裵達孝)")
    other = strip_of("(裴達孝)")
    other.odds[:, LETTERS.index("裵")] = 0
    seen = replace(line, strip=strip, text="배달효(裵達孝)", hanja=other)
    found = names.read(seen, strip)
    assert found is not None
    assert found.text == "배달효 (裵達孝)"
