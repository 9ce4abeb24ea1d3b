"""Where a value of a field came from. Each step is a row of its own; none is ever overwritten."""

from enum import StrEnum


class Step(StrEnum):
    """In the order in which they usually happen."""

    READ = "read"  # the reader's raw string
    NORMALISED = "normalised"  # the same in the product's notation, where it can be parsed
    CLAIMED = "claimed"  # what the customer says stands on the card
    CONFIRMED = "confirmed"  # an officer agreed with the value shown
    CORRECTED = "corrected"  # an officer typed another
    APPROVED = "approved"  # the value that the decision rests on


HUMAN = (Step.CONFIRMED, Step.CORRECTED)


class Outcome(StrEnum):
    """What an officer decides on a case."""

    APPROVE = "approve"
    REJECT = "reject"
    RETAKE = "retake"
