"""Heartbeats: each part says now and then that it works; the supervisor, the pages and the doctor look."""

import time
from datetime import datetime, timedelta

from django.utils import timezone

from kyc.models import Heartbeat

STALE_AFTER = timedelta(seconds=30)
_said_at: dict[str, float] = {}


def beat(*, part: str, at_most_every: float = 0.0) -> None:
    """Says that the part works, unless this process said so less than `at_most_every` seconds ago."""
    if time.monotonic() - _said_at.get(part, float("-inf")) < at_most_every:
        return
    _said_at[part] = time.monotonic()
    Heartbeat.objects.update_or_create(part=part, defaults={"at": timezone.now()})


def parts() -> dict[str, datetime]:
    return dict(Heartbeat.objects.values_list("part", "at"))


def alive(part: str) -> bool:
    """Whether the part said so within the last half minute."""
    return Heartbeat.objects.filter(part=part, at__gte=timezone.now() - STALE_AFTER).exists()
