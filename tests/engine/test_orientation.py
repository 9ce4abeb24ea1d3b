"""A card is read whichever way it lies."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from ocr_integration.engine import CardEngine
from tests import specimens
from tests.engine.conftest import CARDS

NUMBER = "600811-2984882"


@pytest.fixture(scope="module")
def photo() -> bytes:
    return (CARDS / "photo-000.jpg").read_bytes()


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_card_is_read_in_any_of_four_orientations(engine: CardEngine, photo: bytes, turns: int) -> None:
    picture = cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_COLOR)
    turned = cv2.imencode(".png", np.rot90(picture, -turns))[1].tobytes()
    card = engine.read(turned, photo=False)
    assert card.fields["ID"].text == NUMBER
    assert card.geometry.rotation == turns * 90


def test_the_orientation_in_exif_is_followed(engine: CardEngine, photo: bytes) -> None:
    stored = Image.open(io.BytesIO(photo)).transpose(Image.Transpose.ROTATE_90)
    exif = stored.getexif()
    exif[0x0112] = 6
    sent = io.BytesIO()
    stored.save(sent, "JPEG", quality=92, exif=exif)
    card = engine.read(sent.getvalue(), photo=False)
    assert card.fields["ID"].text == NUMBER
    assert card.geometry.rotation == 0


@pytest.mark.parametrize("generation", ["2006", "2020"])
def test_a_tilted_card_of_either_generation_is_read(engine: CardEngine, generation: str) -> None:
    drawn = specimens.draw(31, "photo", generation=generation, held_out=True, roll=24.0, scene="wood")
    card = engine.read(drawn.jpeg(), photo=False)
    assert (card.fields["ID"].text, card.fields["DateOfIssue"].text) == (drawn.rrn, drawn.issued)


def test_a_twelve_megapixel_photo_is_read(engine: CardEngine) -> None:
    drawn = specimens.draw(32, "photo", frame=(4032, 3024))
    card = engine.read(drawn.jpeg(), photo=False)
    assert card.fields["ID"].text == drawn.rrn
    corners = np.array(drawn.corners)
    slip = np.abs(np.array(card.geometry.corners) - corners).max()
    assert slip < 0.02 * np.linalg.norm(corners[1] - corners[0])
