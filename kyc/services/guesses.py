"""Counting guesses, of passwords, second factors and links alike: who guesses wrong waits longer each time.

An attempt is counted before it is looked at and forgiven when it was right, so that a hundred guesses sent at once are
not a hundred guesses.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kyc.models import FailedSignIns

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(hours=24)


class Waiting(Exception):
    """Too many attempts failed. `left` says how long nobody may try."""

    def __init__(self, left: timedelta) -> None:
        super().__init__(f"too many attempts: wait {left}")
        self.left = left


@dataclass(frozen=True, slots=True)
class Count:
    """What an attempt is counted under, how many failures pass without a wait, and whether success forgets them all."""

    key: str
    free: int
    forgets: bool = False


def begin(counts: Sequence[Count]) -> None:
    """Counts an attempt under each key, always given in the same order. Raises Waiting."""
    now = timezone.now()
    with transaction.atomic():
        rows = [(_locked(count.key), count) for count in counts]
        until = max((row.wait_until for row, _ in rows if row.wait_until), default=now)
        if until > now:
            raise Waiting(until - now)
        for row, count in rows:
            _add(row, count.free, now)


def require_free(counts: Sequence[Count]) -> None:
    """Counts nothing; for what is far more often right than wrong. Raises Waiting."""
    if seconds := wait(counts):
        raise Waiting(timedelta(seconds=seconds))


@transaction.atomic
def right(counts: Sequence[Count]) -> None:
    """The attempt was no guess: what forgets is emptied, the others are as they were before it."""
    for count in counts:
        row = _locked(count.key)
        if count.forgets:
            row.delete()
            continue
        row.failures, row.wait_until = max(0, row.failures - 1), None
        row.save()


def wait(counts: Sequence[Count]) -> int:
    """Seconds until the next attempt is looked at."""
    now = timezone.now()
    keys = [count.key for count in counts]
    until = FailedSignIns.objects.filter(key__in=keys).aggregate(until=Max("wait_until"))["until"] or now
    return max(0, math.ceil((until - now).total_seconds()))


def forget(*keys: str) -> None:
    FailedSignIns.objects.filter(key__in=keys).delete()


def tidy() -> int:
    """Removes counts that are forgotten anyway; how many."""
    return FailedSignIns.objects.filter(last_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]


def wait_after(failures: int, free: int) -> timedelta:
    """Nothing for the first ones, then a minute, doubled each time up to an hour."""
    beyond = failures - free
    return min(FIRST_WAIT * 2 ** min(beyond, 10), LONGEST_WAIT) if beyond >= 0 else timedelta(0)


def neighbourhood(address: str) -> str:
    """One IPv4 address, or the /64 that one IPv6 subscriber has to choose from."""
    bits = 32 if ip_address(address).version == 4 else 64
    return str(ip_network((address, bits), strict=False))


def _add(row: FailedSignIns, free: int, now: datetime) -> None:
    if row.last_at is not None and row.last_at < now - FORGOTTEN_AFTER:
        row.failures = 0
    row.failures += 1
    row.last_at = now
    row.wait_until = now + wait_after(row.failures, free)
    row.save()


def _locked(key: str) -> FailedSignIns:
    return FailedSignIns.objects.select_for_update().get_or_create(key=key)[0]
