"""How sure a field is: the probability, 0 to 1, that it is read exactly.

The weights were set by eye on 190 drawn cards of faces never trained on (60 photographed, 130 hard), so that of the
fields said to be at least 99 % sure none or one was wrong. `python -m bench.reader` prints how they hold.
"""

import math

from ocr_integration.engine.number import Found

MOST_MARGIN = 8.0


def _logistic(value: float) -> float:
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, value)))), 4)


def of_number(found: Found) -> float:
    """From the number's log probability and how far the next best is behind."""
    return _logistic(1.0 + 2.0 * found.score + 0.9 * min(found.margin, MOST_MARGIN))


def of_date(found: Found) -> float:
    """As `of_number`: dates stand smaller, and under glare more often."""
    return _logistic(-1.0 + 1.5 * found.score + 1.2 * min(found.margin, MOST_MARGIN))


def of_name(parts: list[Found]) -> float:
    """From the worst part of the name."""
    return min(_logistic(-1.5 + 0.4 * part.score + 0.9 * min(part.margin, MOST_MARGIN)) for part in parts)


def of_address(score: float, *, known: bool) -> float:
    """From the address's log probability, and whether the gazetteer knows the place."""
    return _logistic((4.0 if known else 1.0) + 0.6 * score)
