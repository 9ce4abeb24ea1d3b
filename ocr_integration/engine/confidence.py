"""How sure a field is: the probability, 0 to 1, that it is read exactly."""

import math

from ocr_integration.engine.number import Found


def _logistic(value: float) -> float:
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, value)))), 4)


def of_number(found: Found) -> float:
    """From the number's likelihood and how far the next best is behind."""
    return _logistic(3.0 + 2.0 * found.score + 0.6 * min(found.margin, 8.0))


def of_date(found: Found) -> float:
    """As `of_number`."""
    return _logistic(3.0 + 2.0 * found.score + 0.6 * min(found.margin, 8.0))


def of_name(parts: list[Found]) -> float:
    """From the worst part of the name."""
    return min(_logistic(2.0 + 2.0 * part.score + 0.6 * min(part.margin, 6.0)) for part in parts)


def of_address(score: float) -> float:
    """From the address's log probability."""
    return _logistic(3.0 + 1.5 * score)
