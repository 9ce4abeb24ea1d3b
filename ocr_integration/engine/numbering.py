"""An address's numbers: `128-3, 108동 1007호`, `지하 12, B동 B104호`, `36, 4층` and shorter."""

import re

from ocr_integration.engine import ctc
from ocr_integration.engine.text import Strip

SYLLABLES = "가나다라마바사비지하산동호층"
LETTERS = frozenset("0123456789-,ABCDEFGH" + SYLLABLES)
HOUSE = r"(?:지하|산)?\d{1,4}(?:-\d{1,4})?"
BLOCK = r"(?:\d{1,4}|[A-Z]|[가나다라마바사])동"
FLAT = r"(?:[A-Z가나다라마비]|지하)?\d{1,4}호|(?:지하)?\d{1,2}층(?:\d{1,4}호)?"
WHOLE = re.compile(rf"({HOUSE}),?({BLOCK})?({FLAT})?,?")
BEGUN = re.compile(
    r"(?:지|지하|산)?(?:\d{1,4}(?:-(?:\d{1,4})?)?(?:,(?:(?:\d{1,4}|[A-Z]|[가나다라마바사])동?)?"
    r"(?:(?:[A-Z가나다라마비]|지하?)?(?:\d{1,4}(?:호|층(?:\d{1,4}호?)?)?)?)?)?)?"
)
ALLOWED = 9.0
"""How much less likely (natural logarithm) the numbers may look in their grammar than as read."""


def settled(strip: Strip, read: str) -> str | None:
    """The numbers in their grammar; None to leave them as read: they keep to it, or are something else."""
    if WHOLE.fullmatch(read) or sum(c.isdigit() for c in read) < len(read) / 2:
        return None
    beams = ctc.search(ctc.narrowed(strip, "".join(sorted(LETTERS)), same={".": ","}), _grow, hints=LETTERS)
    whole = [beam for beam in beams if WHOLE.fullmatch(beam.text)]
    if not whole or whole[0].score < float(ctc.scores(strip, [read])[0]) - ALLOWED:
        return None
    house, block, flat = (part or "" for part in WHOLE.fullmatch(whole[0].text).groups())  # type: ignore[union-attr]
    return house + (f", {block} {flat}".replace("  ", " ") if block or flat else "")


def _grow(text: str, letter: str) -> float:
    """Weight of the next letter: what has been written must still be able to become whole."""
    return 1.0 if BEGUN.fullmatch(text + letter) else 0.0
