"""Tells why a picture is no readable resident card: another document, the back, cut off, blurred, nothing."""

from collections.abc import Sequence

from ocr_integration.engine import geometry, kinds, quads
from ocr_integration.engine.arrays import Image
from ocr_integration.engine.errors import Reason
from ocr_integration.engine.rectify import Flat
from ocr_integration.engine.rows import Line

TELLTALES = {
    Reason.NOT_A_RESIDENT_CARD: (
        "운전면허증",
        "자동차운전",
        "경찰청장",
        "적성검사",
        "PASSPORT",
        "REPUBLIC",
        "여권",
    ),
    Reason.BACK_OF_CARD: ("주소변동사항", "습득하신", "우체통", "변동사항"),
}
"""Words that stand on nothing but such a document."""
BLURRED = 0.11
NUMBER_SHARE, OUTSIDE = 0.4, 0.12
"""A number's length in shares of the card's width, and how much of the card may lie outside the picture."""


def another(texts: Sequence[str]) -> Reason | None:
    """The reason if some text shows that this is another document or the back; None if nothing does."""
    plain = [text.replace(" ", "") for text in texts]
    if kinds.told_by(plain) is not None:
        return None
    for reason, words in TELLTALES.items():
        if any(word in text for text in plain for word in words):
            return reason
    return None


def nothing_read(flats: Sequence[Flat], texts: Sequence[str]) -> Reason:
    """Why no number was found."""
    located = [flat for flat in flats if flat.located]
    if not located and sum(len(text) > 2 for text in texts) < 4:
        return Reason.NO_CARD
    if located and min(geometry.sharpness_of(flat.image) for flat in located[:1]) < BLURRED:
        return Reason.TOO_BLURRED
    return Reason.NUMBER_NOT_FOUND if texts else Reason.NO_CARD


def cut_off(image: Image, flat: Flat, number: Line) -> bool:
    """Whether a card without outline reaches so far beyond the picture that part of it must be missing."""
    if flat.located:
        return False
    source = quads.mapped(number.quad, flat.to_source)
    start, along = source[0], (source[1] - source[0]) / NUMBER_SHARE
    height, width = image.shape[:2]
    end = start + along * 0.92
    beyond = max(-end[0], -end[1], end[0] - width, end[1] - height)
    return bool(beyond > OUTSIDE * float((along**2).sum() ** 0.5))
