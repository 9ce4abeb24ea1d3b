"""The states of a case and the moves between them. `Case.move` is the only line that writes a state.

    started ──► queued ◄──► reading ──► in_review ◄──► second_review
       │          ▲ │          │          │   │           │   │
       │          │ └──────────┼─────────►│   ▼           │   ▼
       │          │            ▼          │  approved ◄───┘  approved
       │          └───────── retake ◄─────┴─ rejected        rejected
       │                       │
       ▼                       ▼
    expired                 expired          approved, rejected, withdrawn, expired ──► erased

The customer may withdraw from every open state. An appeal or a renewal is a new case linked to the old one.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a case stands. The values are stored and travel in URLs and exports: never rename one."""

    STARTED = "started"  # notices, consents and picture still to come
    QUEUED = "queued"  # a picture waits to be read
    READING = "reading"  # a worker holds the lease
    RETAKE = "retake"  # the customer is asked for another picture
    IN_REVIEW = "in_review"  # waits for, or is held by, an officer
    SECOND_REVIEW = "second_review"  # a different officer must agree
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ERASED = "erased"  # the key is destroyed; the audit stays


MOVES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.STARTED: frozenset({State.QUEUED, State.WITHDRAWN, State.EXPIRED}),
        State.QUEUED: frozenset({State.READING, State.IN_REVIEW, State.WITHDRAWN}),
        State.READING: frozenset({State.QUEUED, State.IN_REVIEW, State.RETAKE, State.WITHDRAWN}),
        State.RETAKE: frozenset({State.QUEUED, State.WITHDRAWN, State.EXPIRED}),
        State.IN_REVIEW: frozenset(
            {State.SECOND_REVIEW, State.APPROVED, State.REJECTED, State.RETAKE, State.WITHDRAWN}
        ),
        State.SECOND_REVIEW: frozenset(
            {State.APPROVED, State.REJECTED, State.IN_REVIEW, State.RETAKE, State.WITHDRAWN}
        ),
        State.APPROVED: frozenset({State.ERASED}),
        State.REJECTED: frozenset({State.ERASED}),
        State.WITHDRAWN: frozenset({State.ERASED}),
        State.EXPIRED: frozenset({State.ERASED}),
        State.ERASED: frozenset(),
    }
)

FINAL = frozenset({State.APPROVED, State.REJECTED, State.WITHDRAWN, State.EXPIRED, State.ERASED})
OPEN = frozenset(State) - FINAL
WITH_OFFICERS = frozenset({State.IN_REVIEW, State.SECOND_REVIEW})


class IllegalMove(Exception):
    """A case cannot go from `origin` to `to`. Not a permission error: nobody may do it."""

    def __init__(self, origin: State, to: State) -> None:
        super().__init__(f"a case cannot move from {origin} to {to}")
        self.origin = origin
        self.to = to

    def __reduce__(self) -> tuple[type["IllegalMove"], tuple[State, State]]:
        return type(self), (self.origin, self.to)


def check_move(origin: State, to: State) -> None:
    """Returns if a case may move from `origin` to `to`, else raises `IllegalMove`."""
    if to not in MOVES[origin]:
        raise IllegalMove(origin, to)
