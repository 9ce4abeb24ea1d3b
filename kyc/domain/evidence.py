"""Ways to identify a person from afar, and what the government's authenticity check can say. Never rename one."""

from enum import StrEnum


class Method(StrEnum):
    """Methods of identification without meeting; a deployment's policy says how many kinds an approval needs."""

    CARD_COPY = "card_copy"  # the picture itself, its fields confirmed by an officer
    VIDEO = "video"
    DELIVERY = "delivery"
    EXISTING_ACCOUNT = "existing_account"
    BIOMETRIC = "biometric"


RECORDED = tuple(method for method in Method if method is not Method.CARD_COPY)
"""What an officer records; the card's copy is there with the picture."""


class CheckResult(StrEnum):
    MATCH = "match"
    MISMATCH = "mismatch"
    UNAVAILABLE = "unavailable"  # the service gave no answer: it may be asked again
