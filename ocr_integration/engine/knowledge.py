"""Weighs what is known against what is seen: a known text may win only where the picture allows it."""

from collections.abc import Sequence

import numpy as np

from ocr_integration.engine import ctc
from ocr_integration.engine.text import Strip

BELIEF, EACH, DOUBT, MOST_BELIEF = 5.0, 2.0, 3.0, 13.0
"""How much less likely (natural logarithm) a known place may look than the reading: for one edit, each more,
where a letter was read in doubt, at most."""
CLEAR = 0.99


def likelier(
    strip: Strip, read: str, wanted: Sequence[tuple[str, int]], *, belief: float = BELIEF
) -> str | None:
    """The wanted text (with its edits) that the strip allows best, or None if none comes near the reading."""
    if not wanted or not len(strip.odds):
        return None
    scores = ctc.scores(strip, [read, *(text for text, _ in wanted)])
    doubt = DOUBT if min((glyph.odds for glyph in ctc.glyphs(strip)), default=0.0) < CLEAR else 0.0
    allowed = np.array([min(MOST_BELIEF, belief + EACH * (edits - 1) + doubt) for _, edits in wanted])
    lead = scores[1:] - scores[0] + allowed
    best = int(np.argmax(np.where(lead > 0, scores[1:], -np.inf)))
    return wanted[best][0] if lead[best] > 0 else None
