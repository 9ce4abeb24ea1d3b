"""What a host's system may ask of the product, what it is told without asking, and when it is told again."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from kyc.domain.lifecycle import State


class Scope(StrEnum):
    """What a key may do. Stored with each key: never rename one."""

    CREATE = "verifications:create"
    READ = "verifications:read"  # state and list, nothing of the person
    IDENTIFY = "methods:record"  # what else identified the person: a transfer, a video call
    UPLOAD = "pictures:upload"  # a picture on the customer's behalf
    ASK_AGAIN = "verifications:ask-again"
    WITHDRAW = "verifications:withdraw"
    ERASE = "verifications:erase"
    FIELDS = "fields:read"  # approved fields, the number masked
    NUMBERS = "numbers:read"  # the whole number, with a reason
    PICTURES = "pictures:read"  # the card's picture in the evidence, with a reason
    EVIDENCE = "evidence:read"


class Outcome(StrEnum):
    """How a case of the sandbox comes out."""

    APPROVED = "approved"
    REJECTED = "rejected"
    RETAKE = "retake"  # the first picture is refused, the next approved


TOLD: Mapping[State, str] = MappingProxyType(
    {
        state: f"verification.{state.value}"
        for state in (
            State.IN_REVIEW,
            State.RETAKE,
            State.APPROVED,
            State.REJECTED,
            State.WITHDRAWN,
            State.EXPIRED,
            State.ERASED,
        )
    }
)
"""The moves that a host is told of, and the name of each message; the steps between are nobody's business outside."""

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=20),
)
"""How long until a message that failed is sent again, three days in all; after the last it is dead."""


def wait_after(attempts: int) -> timedelta | None:
    """The wait after so many failed attempts; None where it was the last."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
