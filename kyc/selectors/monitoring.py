"""What those who watch from outside are told: numbers, codes and states, nothing of a person."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from kyc.models import AccountQuota, Case, Checkpoint, Decision, Heartbeat, ReaderCalls, ReadingJob
from kyc.selectors import queue

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Pictures that no reader settled yet. `oldest`: seconds since the oldest of them came."""

    total: int
    leased: int
    delayed: int
    oldest: float


@dataclass(frozen=True, slots=True)
class Account:
    """A reader's account: `ahead` seconds of its quota are given out, the breaker is open for `open_for` seconds."""

    reader: str
    ahead: float
    failures: int
    open_for: float
    reason: str


def reading_queue() -> Waiting:
    now = timezone.now()
    told = ReadingJob.objects.filter(settled_at=None).aggregate(
        total=Count("pk"),
        leased=Count("pk", filter=Q(lease_until__gte=now)),
        delayed=Count("pk", filter=Q(next_attempt_at__gt=now)),
        oldest=Min("document__received_at"),
    )
    oldest = (now - told["oldest"]).total_seconds() if told["oldest"] else 0.0
    return Waiting(told["total"], told["leased"], told["delayed"], max(oldest, 0.0))


def accounts() -> list[Account]:
    now = time.time()
    return [
        Account(
            row.reader,
            max(row.tat - now, 0.0),
            row.failures,
            max(row.open_until - now, row.probe_until - now, 0.0) if row.reason else 0.0,
            row.reason,
        )
        for row in AccountQuota.objects.order_by("reader")
    ]


def calls() -> Iterable[ReaderCalls]:
    return ReaderCalls.objects.order_by("reader", "code")


def part_ages() -> dict[str, float]:
    """Seconds since each part last said that it works."""
    now = timezone.now()
    return {row.part: (now - row.at).total_seconds() for row in Heartbeat.objects.order_by("part")}


def review_queue() -> tuple[int, int]:
    """Cases that wait for an officer, without drills, and those of them that are overdue."""
    now = timezone.now()
    told = Case.objects.filter(queue.waiting(), drill=False).aggregate(
        total=Count("pk"), overdue=Count("pk", filter=queue.overdue(now))
    )
    return told["total"], told["overdue"]


def decisions_of_a_day() -> dict[str, int]:
    """Decisions of the last 24 hours by outcome, without those of drills."""
    recent = Decision.objects.filter(at__gte=timezone.now() - DAY, case__drill=False)
    return dict(recent.values_list("outcome").annotate(count=Count("pk")))


def signed_at() -> datetime | None:
    """When the audit chain was signed last."""
    newest = Checkpoint.objects.order_by("-sequence").first()
    return newest.at if newest else None
