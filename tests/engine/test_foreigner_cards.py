"""Foreigners' residence cards, drawn: told by their title, and each field read in its own place."""

import random

import cv2
import numpy as np
import pytest

from ocr_integration.engine.reader import CardEngine, CardRead
from tests.specimens import foreigner, photo
from tests.specimens.conditions import Level, choose
from tests.specimens.foreigner import Foreigner


def read(engine: CardEngine, seed: int, *, photographed: bool) -> tuple[CardRead, Foreigner]:
    """One card in a face never trained on, and what is printed on it."""
    rng = random.Random(seed)
    front = foreigner.draw(rng, np.random.default_rng(seed), held_out=True)
    picture = front.picture
    if photographed:
        picture, _ = photo.take(picture, choose(Level.PHOTO, rng), rng, np.random.default_rng([seed, 1]))
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    return engine.read(data.tobytes(), photo=True), front.holder


@pytest.mark.parametrize("photographed", [False, True], ids=["clean", "photo"])
def test_foreigners_cards_are_told_by_their_title_and_read(engine: CardEngine, photographed: bool) -> None:
    names = 0
    for seed in range(100, 108):
        card, holder = read(engine, seed, photographed=photographed)
        said = card.wire()
        assert card.kind == "foreigner"
        assert said["ID"] == holder.number
        assert said["DateOfIssue"] == f"{holder.issued:%d/%m/%Y}"
        assert said["Birthday"] == f"{holder.birthday:%d/%m/%Y}"
        assert said["Sex"] == ("女" if holder.female else "男")
        assert said["Address"] == ""
        assert card.photo_jpeg
        names += said["Name"] == holder.name
    assert names >= 5  # narrow letters are lost in some faces: an officer compares each
