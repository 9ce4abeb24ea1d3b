"""Which moves of a case its customer is written of, and when; the steps between are nobody's business outside."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from kyc.domain.lifecycle import State


class Event(StrEnum):
    """What a mail is about. Stored with each mail: never rename one."""

    RECEIVED = "received"
    ANOTHER_PICTURE = "another_picture"
    DECIDED = "decided"  # approved or rejected: which of them stands behind the link alone
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CODE = "code"  # a one-time code for another device


EVENTS: Mapping[State, Event] = MappingProxyType(
    {
        State.IN_REVIEW: Event.RECEIVED,
        State.RETAKE: Event.ANOTHER_PICTURE,
        State.APPROVED: Event.DECIDED,
        State.REJECTED: Event.DECIDED,
        State.WITHDRAWN: Event.WITHDRAWN,
        State.EXPIRED: Event.EXPIRED,
    }
)

PATIENCE = timedelta(minutes=2)
"""Who still sits before the page reads it there: a mail of what may be over in a minute waits so long."""


def event_of(origin: State, to: State) -> Event | None:
    """None where the customer is to hear nothing: a case sent back by a second officer was received long ago."""
    if to is State.IN_REVIEW and origin is State.SECOND_REVIEW:
        return None
    return EVENTS.get(to)


def wait_before(event: Event) -> timedelta:
    return PATIENCE if event is Event.ANOTHER_PICTURE else timedelta(0)


def is_over(event: Event, state: State) -> bool:
    """Whether a mail that waited says what is not so any more."""
    if event is Event.RECEIVED:
        return state not in (State.IN_REVIEW, State.SECOND_REVIEW)
    return event is not Event.CODE and EVENTS.get(state) is not event
