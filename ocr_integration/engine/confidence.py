"""How sure a field is: the probability, 0 to 1, that it is read exactly.

The weights follow `python -m training.calibrate` on 510 drawn cards in faces never trained on (no number, 3 dates, 7
names and 9 addresses were wrong), less sharp where so few errors say little. The date's are those of an earlier, worse
reader. The number's are sharp on purpose: of 3,000 cards the two read wrong had a margin below 6, as had few others,
and a number in doubt is left empty on the wire. `docs/accuracy.md` shows how they hold on other cards.
"""

import math
from collections.abc import Callable, Mapping

from ocr_integration.engine.addresses import Address
from ocr_integration.engine.number import Found

MOST_MARGIN, LEAST_SCORE = 8.0, -20.0
Features = tuple[float, ...]


def _found(found: Found) -> Features:
    """How likely the text is (log probability), and how far the next best is behind."""
    return max(LEAST_SCORE, found.score), min(found.margin, MOST_MARGIN)


def _address(read: Address) -> Features:
    """How likely the text is, whether the gazetteer knows the place, whether its brackets are closed."""
    return max(LEAST_SCORE, read.score), float(read.known), float(read.closed)


FEATURES: Mapping[str, Callable[..., Features]] = {
    "of_number": _found,
    "of_date": _found,
    "of_name": _found,
    "of_address": _address,
}
NUMBER, DATE, NAME = (-10.5, 2.0, 2.2), (-1.0, 1.5, 1.2), (-0.9, 0.05, 1.18)
ADDRESS = (0.0, 0.4, 4.5, 1.0)
"""A constant, then a weight for each feature."""


def _sure(weights: Features, features: Features) -> float:
    value = weights[0] + sum(weight * feature for weight, feature in zip(weights[1:], features, strict=True))
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, value)))), 4)


def of_number(found: Found) -> float:
    """From the number's log probability and how far the next best is behind."""
    return _sure(NUMBER, _found(found))


def of_date(found: Found) -> float:
    """As `of_number`: dates stand smaller, and under glare more often."""
    return _sure(DATE, _found(found))


def of_name(found: Found) -> float:
    """As `of_number`, hangul and hanja together."""
    return _sure(NAME, _found(found))


def of_address(read: Address) -> float:
    """From the address's log probability, what the gazetteer knows of it, and whether it seems whole."""
    return _sure(ADDRESS, _address(read))
