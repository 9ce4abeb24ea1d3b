"""What a case's findings weigh in the queue: a grave one counts as due earlier, so that nothing waits for ever."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum

from kyc.domain.findings import Severity


class Risk(IntEnum):
    """The gravest finding on a case's newest picture. Stored: never renumber one."""

    NONE = 0
    INFO = 1
    LOW = 2
    HIGH = 3


_OF: Mapping[Severity, Risk] = {Severity.INFO: Risk.INFO, Severity.LOW: Risk.LOW, Severity.HIGH: Risk.HIGH}

HEAD_START: Mapping[Risk, timedelta] = {
    Risk.NONE: timedelta(0),
    Risk.INFO: timedelta(0),
    Risk.LOW: timedelta(hours=1),
    Risk.HIGH: timedelta(hours=4),
}
"""How much earlier than it is due a case comes to its turn. The queue's page says so: `wording_queue.ORDER`."""


def gravest(severities: Iterable[str]) -> Risk:
    return max((_OF[Severity(severity)] for severity in severities), default=Risk.NONE)


def turn(due: datetime, risk: Risk) -> datetime:
    """The moment by which the queue is ordered."""
    return due - HEAD_START[risk]
