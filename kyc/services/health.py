"""Heartbeats: each part says now and then that it works; the supervisor, the pages and the doctor look."""

from datetime import datetime, timedelta

from django.utils import timezone

from kyc.models import Heartbeat

STALE_AFTER = timedelta(seconds=30)


def beat(*, part: str) -> None:
    Heartbeat.objects.update_or_create(part=part, defaults={"at": timezone.now()})


def parts() -> dict[str, datetime]:
    return dict(Heartbeat.objects.values_list("part", "at"))


def alive(part: str) -> bool:
    """Whether the part said so within the last half minute."""
    return Heartbeat.objects.filter(part=part, at__gte=timezone.now() - STALE_AFTER).exists()
