"""An address's numbers: `128-3, 108동 1007호` and shorter."""

import re

from ocr_integration.engine import ctc
from ocr_integration.engine.text import Strip

LETTERS = frozenset("0123456789-,동호")
WHOLE = re.compile(r"\d{1,4}(-\d{1,4})?,?((\d{1,4}동)?\d{1,4}호)?,?")
BEGUN = re.compile(r"\d{1,4}(-(\d{1,4})?)?(,(\d{1,4}(동(\d{1,4}호?)?|호)?)?)?")
ALLOWED = 9.0
"""How much less likely (natural logarithm) the numbers may look in their grammar than as read."""
PLAIN = re.compile(r"(\d+(?:-\d+)?),?(\d+동)?(\d+호)?")


def settled(strip: Strip, read: str) -> str | None:
    """The numbers in their grammar; None to leave them as read: they keep to it, or are something else."""
    if WHOLE.fullmatch(read) or sum(c.isdigit() for c in read) < len(read) / 2:
        return None
    beams = ctc.search(ctc.narrowed(strip, "".join(sorted(LETTERS)), same={".": ","}), _grow, hints=LETTERS)
    whole = [beam for beam in beams if WHOLE.fullmatch(beam.text)]
    if not whole or whole[0].score < float(ctc.scores(strip, [read])[0]) - ALLOWED:
        return None
    house, block, flat = (part or "" for part in PLAIN.match(whole[0].text).groups())  # type: ignore[union-attr]
    return house + (f", {block} {flat}".replace("  ", " ") if block or flat else "")


def _grow(text: str, letter: str) -> float:
    """Weight of the next letter: what has been written must still be able to become whole."""
    so_far = text + letter
    return 1.0 if BEGUN.fullmatch(so_far) else 0.0
