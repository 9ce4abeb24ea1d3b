"""The drawn cards are what the other tests stand on: their truth must be true."""

import json
import random
from datetime import date, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests import specimens
from tests.specimens import fonts, people
from tests.specimens.__main__ import main
from tests.specimens.offered import STATIC

SEEDS = range(60)


def printed(seed: int, **wishes) -> people.Holder:
    generation = wishes.pop("generation", people.Generation.PLASTIC)
    return people.invent(random.Random(seed), people.Wishes(generation, **wishes))


def check_holds(rrn: str) -> bool:
    digits = rrn.replace("-", "")
    return people.check_digit(digits[:12]) == int(digits[12])


def test_a_seed_gives_the_same_card_again():
    first, second = specimens.draw(5, "photo"), specimens.draw(5, "photo")
    assert first.truth() == second.truth()
    assert np.array_equal(first.picture, second.picture)


def test_numbers_are_nobodys_and_their_check_digit_holds():
    for seed in SEEDS:
        rrn = printed(seed).rrn
        assert int(rrn[8:10]) >= 97
        assert check_holds(rrn)


def test_sex_and_birthday_follow_from_the_number():
    for seed in SEEDS:
        holder = printed(seed, generation=people.Generation.POLYCARBONATE)
        assert holder.birthday is not None
        assert holder.rrn[:6] == f"{holder.birthday:%y%m%d}"
        assert int(holder.rrn[7]) == (1 if holder.birthday.year < 2000 else 3) + holder.female


@pytest.mark.parametrize("generation", list(people.Generation))
def test_issue_is_after_seventeen_years_and_within_the_generation(generation: people.Generation):
    for seed in SEEDS:
        holder = printed(seed, generation=generation)
        assert holder.issued.year - holder.birthday.year >= 18
        assert (holder.issued >= people.POLYCARBONATE_SINCE) == (generation == "2020")
        assert people.FIRST_ISSUE <= holder.issued <= people.LAST_ISSUE


def test_a_forged_check_digit_fails_on_a_card_that_must_satisfy_it():
    for seed in SEEDS:
        for generation in people.Generation:
            holder = printed(seed, generation=generation, forgery=people.Forgery.CHECK_DIGIT)
            assert not check_holds(holder.rrn)
            assert holder.issued < people.RANDOM_NUMBERS_SINCE


def test_a_forged_date_is_no_day_of_any_year():
    for seed in SEEDS:
        holder = printed(seed, forgery=people.Forgery.IMPOSSIBLE_DATE)
        with pytest.raises(ValueError, match=r"."):
            date(2000, int(holder.rrn[2:4]), int(holder.rrn[4:6]))
        assert holder.birthday is None
        assert check_holds(holder.rrn)


def test_a_forged_century_puts_the_birth_after_the_issue():
    for seed in SEEDS:
        holder = printed(seed, forgery=people.Forgery.CENTURY)
        assert holder.birthday > holder.issued
        assert check_holds(holder.rrn)


def test_random_numbers_stand_only_on_cards_issued_since_they_exist():
    for seed in range(8):
        specimen = specimens.draw(seed, random_number=True)
        assert not check_holds(specimen.rrn)
        assert datetime.strptime(specimen.issued, "%d/%m/%Y").date() >= people.RANDOM_NUMBERS_SINCE  # noqa: DTZ007


def test_a_given_holder_is_printed_as_given():
    holder = printed(4, hanja=people.Hanja.NONE)
    specimen = specimens.draw(9, generation="2006", holder=holder)
    assert (specimen.name, specimen.rrn) == (holder.hangul, holder.rrn)


def test_truth_is_in_the_vendors_notation():
    specimen = specimens.draw(3, hanja="full", forgery=None)
    hangul, hanja = specimen.name.split(" ")
    assert hanja.startswith("(")
    assert len(hanja) == len(hangul) + 2
    assert specimen.sex in {"男", "女"}
    assert specimen.birthday.count("/") == specimen.issued.count("/") == 2
    assert "  " not in specimen.address


def test_lot_number_addresses_name_no_road():
    assert not any("길 " in specimens.draw(seed, lot_number=True).address for seed in range(4))


@pytest.mark.parametrize("level", ["photo", "hard"])
@pytest.mark.parametrize("seed", range(5))
def test_the_card_lies_where_its_corners_say(level: str, seed: int):
    """Flattened by its corners, a photographed card looks like the same card drawn clean."""
    photographed = specimens.draw(seed, level, worn=False, glare=0, shadow=0, turn=180)
    flat = specimens.draw(seed, "clean", worn=False)
    tall, wide = flat.picture.shape[:2]
    onto = np.asarray([[0, 0], [wide, 0], [wide, tall], [0, tall]], np.float32)
    warp = cv2.getPerspectiveTransform(np.asarray(photographed.corners, np.float32), onto)
    seen = cv2.warpPerspective(photographed.picture, warp, (wide, tall))
    left, top, right, bottom = flat.photo_box
    heads = [
        cv2.cvtColor(p[top:bottom, left:right], cv2.COLOR_BGR2GRAY).ravel() for p in (seen, flat.picture)
    ]
    assert np.corrcoef(heads)[0, 1] > 0.9


def test_a_photographed_card_lies_within_the_frame():
    for seed in range(10):
        specimen = specimens.draw(seed, "hard")
        tall, wide = specimen.picture.shape[:2]
        assert all(0 <= x <= wide and 0 <= y <= tall for x, y in specimen.corners)


@pytest.mark.parametrize("kind", list(specimens.Other))
def test_other_pictures_are_drawn_too(kind: specimens.Other):
    stranger = specimens.draw_other(2, kind)
    assert (
        cv2.imdecode(np.frombuffer(stranger.jpeg(), np.uint8), cv2.IMREAD_COLOR).shape
        == stranger.picture.shape
    )


def test_every_scene_can_lie_under_a_card():
    for scene in specimens.Scene:
        assert specimens.draw(1, "photo", scene=scene, frame=(640, 480)).picture.shape == (480, 640, 3)


def test_a_missing_font_names_the_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(fonts, "ROOT", tmp_path)
    with pytest.raises(fonts.FontsMissingError, match="apt-get install -y fonts-nanum"):
        fonts.face("truetype/nanum/None.ttf", 31)


def test_the_command_writes_pictures_with_their_truth(tmp_path: Path):
    assert main([str(tmp_path), "--count", "2", "--level", "photo", "--seed", "7"]) == 0
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert [entry["file"] for entry in truth] == ["photo-000.jpg", "photo-001.jpg"]
    assert all((tmp_path / entry["file"]).stat().st_size > 10_000 for entry in truth)


def test_the_offered_specimens_are_small_and_told_of():
    offered = json.loads((STATIC / "index.json").read_text(encoding="utf-8"))
    assert len(offered) == 3
    for entry in offered:
        assert (STATIC / entry["file"]).stat().st_size <= 300 * 1024
        assert set(entry["alt"]) == {"en", "ko"}
