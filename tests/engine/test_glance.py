"""The glance: where the card lies and how good the picture is, quickly, and without a letter being read."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from ocr_integration.contract import OcrError
from ocr_integration.engine import CardEngine, Reason
from ocr_integration.gateway import Reader, glance
from tests import specimens


def _jpeg(picture: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()


def test_a_good_card_is_seen_where_it_lies(engine: CardEngine) -> None:
    card = specimens.draw(11, "photo", watermark=True)
    seen, reason = engine.glance(_jpeg(card.picture))
    assert reason is None
    assert seen.located
    assert np.abs(np.asarray(seen.corners) - card.corners).max() < 12
    assert seen.sharpness > 0.2
    assert seen.glare < 0.01


def test_glare_is_what_is_washed_out_and_not_white_paper(engine: CardEngine, cards: Path) -> None:
    shining = specimens.draw(11, "photo", watermark=True, glare=1.0).picture
    assert engine.glance(_jpeg(shining))[0].glare > 0.025
    # Brighter all over, as a webcam that widens its range makes it: every letter is still there.
    bright = np.clip(specimens.draw(11, "photo", watermark=True).picture.astype(float) * 1.16 - 18, 0, 255)
    assert engine.glance(_jpeg(bright.astype(np.uint8)))[0].glare < 0.015


def test_a_card_upside_down_is_as_sharp_as_upright(engine: CardEngine) -> None:
    upright = specimens.draw(13, "photo", watermark=True, turn=0).picture
    over = np.ascontiguousarray(upright[::-1, ::-1])
    first, second = (engine.glance(_jpeg(one))[0].sharpness for one in (upright, over))
    assert first == pytest.approx(second, rel=0.2)


def test_an_empty_table_shows_no_card(engine: CardEngine) -> None:
    table = np.random.default_rng(1).normal(120, 8, (960, 1280, 3)).clip(0, 255).astype(np.uint8)
    assert engine.glance(_jpeg(table))[1] is Reason.NO_CARD


def test_no_other_reader_is_asked_for_a_glance() -> None:
    abroad = Reader("tencent", "127.0.0.1:9", "http", "ap-singapore", "id", "key", local=False)
    with pytest.raises(OcrError) as refused:
        glance(b"x", reader=abroad)
    assert refused.value.code == "UnsupportedOperation"
