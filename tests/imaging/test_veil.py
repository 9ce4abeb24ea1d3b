"""The veil: what is covered is gone from the bytes, and every picture says who looked and when."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kyc.imaging import likeness, veil
from kyc.selectors.places import USUAL, Places

CARDS = Path(__file__).parents[1] / "cards"
TRUTH = {card["file"]: card for card in json.loads((CARDS / "truth.json").read_text())}
BOX = ((0.05, 0.36), (0.45, 0.36), (0.45, 0.44), (0.05, 0.44))


def _zone(picture: veil.Picture, corners: list[list[float]]) -> veil.Picture:
    flat = veil.flattened(picture, corners)
    height, width = flat.shape[:2]
    return flat[int(0.37 * height) : int(0.43 * height), int(0.06 * width) : int(0.44 * width)]


def _flat(picture: veil.Picture, corners: veil.Quad) -> NDArray[np.float64]:
    return np.asarray(_zone(picture, corners).astype(float).mean(2).ravel())


@pytest.mark.parametrize("name", ["clean-001.jpg", "photo-003.jpg"])
def test_what_is_covered_has_nothing_in_common_with_what_was_there(name: str) -> None:
    picture, corners = veil.opened((CARDS / name).read_bytes()), TRUTH[name]["corners"]
    before = _flat(picture, corners)
    assert before.std() > 15, "there was a number"
    # One veil's noise may look like anything (some 250 grains: 0.06 by chance); what all have in common may not.
    veils = [veil.covered(picture, corners, [BOX]) for _ in range(20)]
    assert abs(np.mean([np.corrcoef(before, _flat(one, corners))[0, 1] for one in veils])) < 0.06
    covered = veils[0]
    untouched = veil.flattened(covered, corners)[: int(0.2 * 1021)]
    assert np.array_equal(untouched, veil.flattened(picture, corners)[: int(0.2 * 1021)])


def test_two_numbers_leave_the_same_veil_but_for_noise() -> None:
    """The zone keeps one colour alone: white and black letters of one mean cannot be told apart."""
    ground = np.full((638, 1012, 3), 200, np.uint8)
    corners = [[0, 0], [1011, 0], [1011, 637], [0, 637]]
    veils = []
    for words in ("531004-1980189", "820701-2345678"):
        picture = ground.copy()
        cv2.putText(picture, words, (70, 265), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (60, 60, 60), 3)
        veils.append(_zone(veil.covered(picture, corners, [BOX]), corners).astype(int))
    assert np.abs(veils[0] - veils[1]).max() <= 40, "only noise differs"


def test_the_whole_picture_is_covered_where_nobody_knows_where_the_card_lies() -> None:
    picture = veil.opened((CARDS / "photo-003.jpg").read_bytes())
    covered = veil.covered(picture, None, Places().zones)
    assert max(covered[:, :, channel].std() for channel in range(3)) < 12
    assert Places().guessed


def test_where_the_box_is_missing_or_elsewhere_the_usual_place_is_covered_too() -> None:
    corners = ((0.0, 0.0), (100.0, 0.0), (100.0, 63.0), (0.0, 63.0))
    elsewhere = ((0.05, 0.8), (0.4, 0.8), (0.4, 0.9), (0.05, 0.9))
    assert Places(corners, {}).zones == (USUAL,)
    assert Places(corners, {"rrn": elsewhere}).zones == (elsewhere, USUAL)  # type: ignore[dict-item]
    assert Places(corners, {"rrn": BOX}).zones == (BOX,)  # type: ignore[dict-item]


def test_the_mark_is_in_the_pixels_and_differs_for_each_officer() -> None:
    picture = veil.opened((CARDS / "photo-003.jpg").read_bytes())
    one, other = (veil.marked(picture, f"{name} 2026-11-25 13:00:00") for name in ("kim #1", "lee #2"))
    assert (np.abs(one.astype(int) - picture).max(2) > 15).mean() > 0.005, "it can be seen"
    assert np.abs(one.astype(int) - picture).max() < 120, "and what lies below it too"
    assert not np.array_equal(one, other)


def _again(jpeg: bytes, *, quality: int, scale: float = 1.0, light: int = 0) -> bytes:
    picture = cv2.convertScaleAbs(veil.opened(jpeg), alpha=1.0, beta=light)
    smaller = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", smaller, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def _equal(one: bytes, other: bytes) -> int:
    pairs = zip(likeness.bands(one), likeness.bands(other), strict=True)
    return sum(mine == theirs for mine, theirs in pairs)


def test_the_same_picture_is_known_again_and_another_card_is_not() -> None:
    cards = {path.name: path.read_bytes() for path in sorted(CARDS.glob("*.jpg"))[::3]}
    for name, jpeg in cards.items():
        assert _equal(jpeg, _again(jpeg, quality=60)) >= likeness.ENOUGH, name
        assert _equal(jpeg, _again(jpeg, quality=85, scale=0.5)) >= likeness.ENOUGH, name
        for other, theirs in cards.items():
            assert name == other or _equal(jpeg, theirs) < likeness.ENOUGH, (name, other)
