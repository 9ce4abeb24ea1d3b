"""Whether a picture will do, from its measures alone: told at once, before anybody reads the card. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What a customer can change about a picture. Stored and counted: never rename one. Words: `wording_pictures`."""

    NO_CARD = "no_card"
    CUT_OFF = "cut_off"
    FAR = "far"
    DARK = "dark"
    BLURRED = "blurred"
    GLARE = "glare"
    TILTED = "tilted"


@dataclass(frozen=True, slots=True)
class Measures:
    """What the glance of the local reader says of one picture. Corners, width and card in the picture's pixels."""

    width: int
    height: int
    card_seen: bool
    located: bool
    corners: tuple[tuple[float, float], ...]
    card_width: float
    tilt: float
    sharpness: float
    glare: float
    brightness: float

    def numbers(self) -> dict[str, object]:
        """For a plain column: nothing of what stands on the card."""
        return {
            "located": self.located,
            "corners": [list(corner) for corner in self.corners],
            "card_width": self.card_width,
            "tilt": self.tilt,
            "sharpness": self.sharpness,
            "glare": self.glare,
            "brightness": self.brightness,
        }


# How each was chosen stands in docs/decisions.md: the reader still reads nearly everything on this side of them.
NARROWEST = 400.0  # pixels from the card's left edge to its right one
DARKEST = 0.26
LEAST_SHARP = 0.075
MOST_GLARE = 0.025  # share of the card on which nothing is left to see
MOST_TILT = 42.0  # degrees
BEYOND = 0.04  # of the card's width outside the picture
TOLD_AT_ONCE = 2  # more than two things to change is no help


def faults(seen: Measures) -> tuple[Fault, ...]:
    """What to change, the gravest first; () where the picture will do."""
    if not seen.card_seen:
        return (Fault.DARK,) if seen.brightness < DARKEST else (Fault.NO_CARD,)
    wrong = {
        Fault.DARK: seen.brightness < DARKEST,
        Fault.CUT_OFF: seen.located and _beyond(seen) > BEYOND,
        Fault.FAR: seen.card_width < NARROWEST,
        Fault.TILTED: seen.located and seen.tilt > MOST_TILT,
        Fault.BLURRED: seen.sharpness < LEAST_SHARP,
        Fault.GLARE: seen.located and seen.glare > MOST_GLARE,
    }
    return tuple(fault for fault, holds in wrong.items() if holds)[:TOLD_AT_ONCE]


def _beyond(seen: Measures) -> float:
    """How far the outermost corner lies outside the picture, in shares of the card's width."""
    outside = [max(-x, -y, x - seen.width, y - seen.height) for x, y in seen.corners]
    return max(outside, default=0.0) / max(seen.card_width, 1.0)
