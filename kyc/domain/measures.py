"""What is measured, and how sure one may be of it: names of figures, and intervals of shares."""

import math
from dataclasses import dataclass
from enum import StrEnum

CERTAINTY = 1.959963984540054  # standard deviations that hold 95 % of a normal distribution


class Measure(StrEnum):
    """Stored with each day: never rename one. The key of each stands beside it."""

    ARRIVED = "arrived"  # pictures that came, each once
    DECIDED = "decided"  # outcome that took effect
    HOURS = "hours"  # from the picture to the decision: the lower bound of its step, in hours
    LOOKED = "looked"  # a second officer's answer: agreed, sent_back
    FIELD = "field"  # source, reader, field, right or wrong
    READERS = "readers"  # two readers: agree or differ, and the field
    FINDING = "finding"  # severity and code
    SURE = (
        "sure"  # source, reader, step of the least confidence, clean or faulty; the total is of wrong fields
    )
    BLIND = "blind"  # two people: same or differ, and the field


class Source(StrEnum):
    """By what a reading was judged."""

    REVIEW = "review"  # the value that an officer confirmed or corrected, seeing the reading
    BLIND = "blind"  # the value that two officers agreed on, one of whom saw no reading


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval at 95 %: also for small numbers and for shares near 0 and 1."""
        if not self.whole:
            return 0.0, 1.0
        share, square = self.part / self.whole, CERTAINTY**2 / self.whole
        middle = (share + square / 2) / (1 + square)
        reach = CERTAINTY * math.sqrt(share * (1 - share) / self.whole + square / (4 * self.whole))
        reach /= 1 + square
        return max(0.0, middle - reach), min(1.0, middle + reach)


HOUR_STEPS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 48.0, 72.0, 168.0)
"""Lower bounds, in hours, of the steps by which waiting is counted."""

SURE_STEPS = (
    0.0,
    0.5,
    0.6,
    0.7,
    0.8,
    0.85,
    0.9,
    0.92,
    0.94,
    0.95,
    0.96,
    0.97,
    0.98,
    0.985,
    0.99,
    0.995,
    0.999,
)
"""Lower bounds of the steps by which confidence is counted: the thresholds that can be asked for."""


def step(value: float, steps: tuple[float, ...]) -> float:
    """The greatest step that `value` reaches; the first where it reaches none."""
    return max((bound for bound in steps if bound <= value), default=steps[0])
