"""Signing in: who guesses passwords waits longer each time, and every sign-in and sign-out is in the audit chain.

An attempt is counted before the password is looked at and forgiven when it was right, so that a hundred guesses sent
at once are not a hundred guesses. Only account ids, addresses and buckets are kept, never a name or password as typed.
"""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address, ip_network

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kyc.domain.actors import Actor, Kind, officer
from kyc.models import AuditEntry, FailedSignIns
from kyc.vault.keys import keyring

SIGN_IN = Actor(Kind.SYSTEM, "sign-in")
# How many failures pass without a wait. Many officers may share one address.
FREE_OF_ACCOUNT, FREE_OF_ADDRESS = 5, 20
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(hours=24)
# Names that are no account share 65,536 buckets: they wait as an account would, and cannot be read back from the table.
BUCKET_BYTES = 2
# In a browser's new session: whose session ended in it, so that what they send late is kept for them alone.
ENDED_ACCOUNT = "officer_ended"


class Waiting(Exception):
    """Too many attempts failed. `left` says how long nobody may try."""

    def __init__(self, left: timedelta) -> None:
        super().__init__(f"too many attempts: wait {left}")
        self.left = left


class Ended(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed_out"
    IDLE = "idle"
    TOO_LONG = "too_long"


def begin(*, name: str, address: str | None) -> None:
    """Counts an attempt, before the password is looked at. Raises Waiting."""
    now = timezone.now()
    with transaction.atomic():
        counts = [(_locked(key), free) for key, free in _keys(name, address)]
        until = max((count.wait_until for count, _ in counts if count.wait_until), default=now)
        if until > now:
            raise Waiting(until - now)
        for count, free in counts:
            _add(count, free, now)


def succeeded(*, account: User, name: str, address: str | None) -> None:
    """The password was right: the account's count is forgotten, the address's is as it was before this attempt."""
    with transaction.atomic():
        for key, _ in _keys(name, address):
            count = _locked(key)
            if key == _account_key(account):
                count.delete()
                continue
            count.failures, count.wait_until = max(0, count.failures - 1), None
            count.save()
        AuditEntry.append("signin.succeeded", by=officer(account.pk), data={"address": address})


def failed(*, name: str, address: str | None) -> None:
    """The password was wrong or the account may not enter: recorded without the name, with the wait in seconds."""
    account = User.objects.filter(username=name).only("pk").first()
    now = timezone.now()
    keys = [key for key, _ in _keys(name, address)]
    until = FailedSignIns.objects.filter(key__in=keys).aggregate(until=Max("wait_until"))["until"] or now
    data = {
        "account": account.pk if account else None,
        "address": address,
        "wait": max(0, math.ceil((until - now).total_seconds())),
    }
    AuditEntry.append("signin.failed", by=SIGN_IN, data=data)


def ended(*, account: User, why: Ended) -> None:
    AuditEntry.append("signin.ended", by=officer(account.pk), data={"why": why.value})


def forgive(account: User) -> None:
    """Forgets an account's failures: it was given a new password."""
    FailedSignIns.objects.filter(key=_account_key(account)).delete()


def tidy() -> int:
    """Removes counts that are forgotten anyway; how many."""
    return FailedSignIns.objects.filter(last_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()[0]


def wait_after(failures: int, free: int) -> timedelta:
    """Nothing for the first ones, then a minute, doubled each time up to an hour."""
    beyond = failures - free
    return min(FIRST_WAIT * 2 ** min(beyond, 10), LONGEST_WAIT) if beyond >= 0 else timedelta(0)


def _add(count: FailedSignIns, free: int, now: datetime) -> None:
    if count.last_at is not None and count.last_at < now - FORGOTTEN_AFTER:
        count.failures = 0
    count.failures += 1
    count.last_at = now
    count.wait_until = now + wait_after(count.failures, free)
    count.save()


def _locked(key: str) -> FailedSignIns:
    return FailedSignIns.objects.select_for_update().get_or_create(key=key)[0]


def _keys(name: str, address: str | None) -> Iterator[tuple[str, int]]:
    """What an attempt is counted under, always in this order, and how many failures of each are free."""
    account = User.objects.filter(username=name).only("pk").first()
    bucket = keyring().index("signin", name)[:BUCKET_BYTES].hex()
    yield _account_key(account) if account else f"name:{bucket}", FREE_OF_ACCOUNT
    if address:
        yield f"address:{_neighbourhood(address)}", FREE_OF_ADDRESS


def _account_key(account: User) -> str:
    return f"account:{account.pk}"


def _neighbourhood(address: str) -> str:
    """One IPv4 address, or the /64 that one IPv6 subscriber has to choose from."""
    bits = 32 if ip_address(address).version == 4 else 64
    return str(ip_network((address, bits), strict=False))
