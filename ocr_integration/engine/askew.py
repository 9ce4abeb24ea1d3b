"""Where the card must lie, told from the lines of text on the whole picture."""

from collections.abc import Sequence

import numpy as np

from ocr_integration.engine import quads
from ocr_integration.engine.arrays import Floats, Points
from ocr_integration.engine.corners import Outline
from ocr_integration.engine.locate import CARD_RATIO

LEAST_LINES = 3
TEXT_LEFT, TEXT_RIGHT, TEXT_TOP, TEXT_BOTTOM = 0.06, 0.66, 0.09, 0.9
"""Where a card's text usually lies, in shares of its width and height."""
ALIKE = 14.0


def directions(lines: Sequence[Points]) -> Floats:
    """Degrees, -90 to 90, of each line's baseline."""
    edges = np.array([(line[1] - line[0] + line[2] - line[3]) / 2 for line in lines])
    return np.asarray((np.degrees(np.arctan2(edges[:, 1], edges[:, 0])) + 90) % 180 - 90, np.float32)


def text_of(lines: Sequence[Points]) -> tuple[list[Points], float] | None:
    """The lines that run the way most text runs, and that way in degrees; None if there are too few."""
    long = [line for line in lines if quads.sides(line)[0] > 2.2 * quads.sides(line)[1]]
    if len(long) < LEAST_LINES:
        return None
    angles = directions(long)
    lengths = np.array([quads.sides(line)[0] for line in long])
    turns = np.abs((angles[:, None] - angles[None] + 90) % 180 - 90)
    support = ((turns < ALIKE) * lengths[None]).sum(1)
    middle = angles[int(np.argmax(support))]
    turn = (angles - middle + 90) % 180 - 90
    alike = np.abs(turn) < ALIKE
    if int(alike.sum()) < LEAST_LINES:
        return None
    angle = float(middle + np.average(turn[alike], weights=lengths[alike]))
    return [line for line, same in zip(long, alike, strict=True) if same], angle


def holding(outlines: Sequence[Outline], text: Sequence[Points], angle: float) -> list[Outline]:
    """The outlines that hold nearly all the text, their long side along it, best first."""
    middles = np.array([line.mean(0) for line in text])
    kept = []
    for outline in outlines:
        edge = outline.corners[1] - outline.corners[0]
        turn = (np.degrees(np.arctan2(edge[1], edge[0])) - angle + 90) % 180 - 90
        places = quads.mapped(middles, quads.mapping(outline.corners, 1, 1))
        inside = float(((places > 0.02) & (places < 0.98)).all(1).mean())
        if abs(turn) < ALIKE and inside > 0.85:
            kept.append(outline)
    return sorted(kept, key=lambda outline: -outline.score)


def around(text: Sequence[Points], angle: float) -> list[Points]:
    """Two guesses of the card's corners from its text alone: upright and upside down along the text's way."""
    turn = np.radians(angle)
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    places = np.concatenate(list(text)) @ axes.T
    low, high = places.min(0), places.max(0)
    guesses = []
    for flipped in (False, True):
        width = max(
            (high[0] - low[0]) / (TEXT_RIGHT - TEXT_LEFT),
            (high[1] - low[1]) / (TEXT_BOTTOM - TEXT_TOP) * CARD_RATIO,
        )
        height = width / CARD_RATIO
        if flipped:
            left, top = high[0] - width * (1 - TEXT_LEFT), high[1] - height * (1 - TEXT_TOP)
        else:
            left, top = low[0] - width * TEXT_LEFT, low[1] - height * TEXT_TOP
        corners = quads.rectangle(left, top, left + width, top + height) @ axes
        guesses.append(np.asarray(np.roll(corners, -2, axis=0) if flipped else corners, np.float32))
    return guesses
