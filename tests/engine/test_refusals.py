"""What is no resident card's front is refused with a reason."""

import cv2
import numpy as np
import pytest

from ocr_integration.engine import CardEngine, Reason, Unreadable
from tests import specimens


def reason_for(engine: CardEngine, data: bytes) -> Reason:
    with pytest.raises(Unreadable) as refused:
        engine.read(data, photo=True)
    return refused.value.reason


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("back", Reason.BACK_OF_CARD),
        ("licence", Reason.NOT_A_RESIDENT_CARD),
        ("passport", Reason.NOT_A_RESIDENT_CARD),
        ("cat", Reason.NO_CARD),
        ("table", Reason.NO_CARD),
    ],
)
def test_another_picture_is_refused_for_what_it_is(engine: CardEngine, kind: str, reason: Reason) -> None:
    assert reason_for(engine, specimens.draw_other(1, kind).jpeg()) is reason


def test_half_a_card_is_refused(engine: CardEngine) -> None:
    assert reason_for(engine, specimens.draw_other(1, "half").jpeg()) in {Reason.CUT_OFF, Reason.NO_CARD}


@pytest.mark.parametrize("data", [b"", b"hello", b"GIF89a" + bytes(100), b"\xff\xd8\xff" + bytes(40)])
def test_what_is_no_png_or_jpeg_is_undecodable(engine: CardEngine, data: bytes) -> None:
    assert reason_for(engine, data) is Reason.UNDECODABLE


def test_a_blank_picture_holds_no_card(engine: CardEngine) -> None:
    blank = cv2.imencode(".png", np.full((600, 900, 3), 230, np.uint8))[1].tobytes()
    assert reason_for(engine, blank) is Reason.NO_CARD


def test_a_stamp_sized_picture_is_too_small(engine: CardEngine) -> None:
    tiny = cv2.imencode(".png", np.zeros((90, 140, 3), np.uint8))[1].tobytes()
    assert reason_for(engine, tiny) is Reason.TOO_SMALL
