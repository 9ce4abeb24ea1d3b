"""Weighs what is known against what is seen: a known text may win only where the picture allows it."""

from collections.abc import Sequence

import numpy as np

from ocr_integration.engine import ctc
from ocr_integration.engine.text import Strip

BELIEF, EACH, DOUBT, MOST_BELIEF = 5.0, 2.0, 3.0, 13.0
"""How much less likely (natural logarithm) a known place may look than the reading: for one edit, each more,
where a letter was read in doubt, at most."""
CLEAR = 0.99


def allowed(
    strip: Strip, read: str, wanted: Sequence[tuple[str, int]], *, belief: float = BELIEF
) -> list[str]:
    """The wanted texts (each with its edits) that the strip allows in the reading's stead, likeliest first."""
    if not wanted or not len(strip.odds):
        return []
    scores = ctc.scores(strip, [read, *(text for text, _ in wanted)])
    doubt = DOUBT if min((glyph.odds for glyph in ctc.glyphs(strip)), default=0.0) < CLEAR else 0.0
    leeway = np.array([min(MOST_BELIEF, belief + EACH * (edits - 1) + doubt) for _, edits in wanted])
    fit = np.flatnonzero(scores[1:] - scores[0] + leeway > 0)
    return [wanted[i][0] for i in fit[np.argsort(-scores[1:][fit], kind="stable")]]


def likelier(
    strip: Strip, read: str, wanted: Sequence[tuple[str, int]], *, belief: float = BELIEF
) -> str | None:
    """The best of the `allowed` texts, or None if none comes near the reading."""
    return next(iter(allowed(strip, read, wanted, belief=belief)), None)
