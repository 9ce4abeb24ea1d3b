"""What a threshold of confidence would have meant: how many cases for people, and how many errors past them."""

from collections.abc import Mapping
from dataclasses import dataclass

from kyc.domain.measures import SURE_STEPS, Share


@dataclass(frozen=True, slots=True)
class Threshold:
    """Had cases whose least certain field reaches `at` gone by without an officer.

    `reviewed` are the others; `faulty` those that would have gone by with an error, `errors` their wrong fields.
    """

    at: float
    reviewed: Share
    faulty: Share
    errors: int


@dataclass(slots=True)
class Step:
    """Cases whose least certain field lies in one step of confidence."""

    clean: int = 0
    faulty: int = 0
    errors: int = 0


def thresholds(steps: Mapping[float, Step], unsure: Step) -> list[Threshold]:
    """For every step that can be asked for, least first. `unsure` are cases whose reader gave no confidence."""
    whole = sum(step.clean + step.faulty for step in steps.values()) + unsure.clean + unsure.faulty
    found = []
    for at in SURE_STEPS:
        passed = [step for bound, step in steps.items() if bound >= at]
        by = sum(step.clean + step.faulty for step in passed)
        faulty, errors = sum(step.faulty for step in passed), sum(step.errors for step in passed)
        found.append(Threshold(at, Share(whole - by, whole), Share(faulty, by), errors))
    return found
