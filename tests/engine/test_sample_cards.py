"""What is read on the twenty clean and photographed sample cards."""

import re
from pathlib import Path

import numpy as np
import pytest

from ocr_integration.engine import CardEngine, CardRead, Unreadable
from tests.engine.conftest import CARDS, Truth

Cards = list[tuple[Truth, CardRead]]


@pytest.mark.parametrize("field", ["ID", "Sex", "Birthday", "DateOfIssue"])
def test_every_figure_is_read_right(read_cards: Cards, field: str) -> None:
    wrong = [truth["file"] for truth, card in read_cards if card.fields[field].text != truth[field]]
    assert wrong == []


def test_names_with_their_hanja_are_read_right_on_nineteen_of_twenty(read_cards: Cards) -> None:
    right = sum(card.fields["Name"].text == truth["Name"] for truth, card in read_cards)
    assert right >= 0.95 * len(read_cards)


def test_addresses_are_read_right_on_nineteen_of_twenty(read_cards: Cards) -> None:
    right = sum(
        re.sub(r"[\s,.]", "", card.fields["Address"].text) == re.sub(r"[\s,.]", "", str(truth["Address"]))
        for truth, card in read_cards
    )
    assert right >= 0.95 * len(read_cards)


def test_a_number_read_right_is_said_on_the_wire(read_cards: Cards) -> None:
    assert all(card.wire()["ID"] == truth["ID"] for truth, card in read_cards)


def test_the_portrait_is_an_upright_jpeg(read_cards: Cards) -> None:
    assert all(card.photo_jpeg.startswith(b"\xff\xd8\xff") for _, card in read_cards)


def test_the_portrait_box_is_found_within_three_percent(read_cards: Cards) -> None:
    near = 0
    for truth, card in read_cards:
        left, top, right, bottom = truth["photo_box_on_card"]  # type: ignore[misc]
        found = np.array(card.photo_box or ((0, 0),) * 4) * [1012, 638]
        slip = np.abs(np.array([*found.min(0), *found.max(0)]) - [left, top, right, bottom])
        near += bool((slip < 0.03 * np.array([right - left, bottom - top] * 2)).all())
    assert near >= 0.85 * len(read_cards)


def test_corners_lie_within_one_percent_of_the_cards_width(read_cards: Cards) -> None:
    near = 0
    for truth, card in read_cards:
        corners = np.array(truth["corners"])
        width = np.linalg.norm(corners[1] - corners[0])
        near += bool(np.abs(np.array(card.geometry.corners) - corners).max() < 0.01 * width)
    assert near >= 0.9 * len(read_cards)


def test_every_field_read_has_its_place_on_the_card(read_cards: Cards) -> None:
    for _, card in read_cards:
        assert all(len(detail.box) == 4 for detail in card.fields.values() if detail.text)


def test_hard_pictures_give_the_right_number_or_none(engine: CardEngine) -> None:
    said = {path.name: _number_said(engine, path) for path in sorted(CARDS.glob("hard-00[0-4].jpg"))}
    assert set(said.values()) <= {
        "",
        "971217-1975213",
        "911124-2975593",
        "761210-2993961",
        "870318-1979425",
        "511105-2998050",
    }
    assert sum(bool(number) for number in said.values()) >= 4


def _number_said(engine: CardEngine, path: Path) -> str:
    try:
        return engine.read(path.read_bytes(), photo=False).wire()["ID"]
    except Unreadable:
        return ""
