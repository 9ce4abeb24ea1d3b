"""Whose turn it is: each account's quota and breaker, shared by every worker through one row of the database."""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from kyc.models import AccountQuota
from kyc.services.recognition.readers import LOCAL
from ocr_integration.quota import AccountState, Permit, Policy, Quota

T = TypeVar("T")

logger = logging.getLogger(__name__)

# The local reader costs nothing to ask again: a restarted one is found within seconds.
LOCAL_COOL_DOWN, LOCAL_LONGEST_COOL_DOWN = 3.0, 10.0


class NotNow(Exception):
    """The reader must not be called for `seconds`; `code` opened the breaker, '' where the quota is used up."""

    def __init__(self, seconds: float, code: str) -> None:
        super().__init__(f"not for {seconds:.1f} s")
        self.seconds, self.code = seconds, code


class RowStore:
    """The state of an account in its row; changed under the row's lock (SQLite's transactions have one writer)."""

    def change(self, account: str, step: Callable[[AccountState], tuple[AccountState, T]]) -> T:
        with transaction.atomic():
            rows = AccountQuota.objects.filter(reader=account)
            locked = rows.select_for_update() if connection.features.has_select_for_update else rows
            row = locked.first()
            if row is None:  # once in an account's life: the common way asks one query less
                AccountQuota.objects.get_or_create(reader=account)
                row = locked.get()
            before = AccountState(**{field.name: getattr(row, field.name) for field in fields(AccountState)})
            after, result = step(before)
            if after != before:
                AccountQuota.objects.filter(reader=account).update(**asdict(after))
        return result


def wait_for_turn(reader: str) -> Permit:
    """Returns when a call may be made; report its outcome. Raises NotNow where that is too far off to wait for."""
    quota = _quota(reader)
    permit = quota.acquire()
    wait = max(permit.at - time.time(), 0.0)
    if not permit.granted:
        raise NotNow(wait, permit.reason)
    time.sleep(min(wait, quota.policy.longest_wait))  # longer only where the clock was set back just now
    return permit


def report(reader: str, permit: Permit, code: str = "") -> None:
    """Tells quota and breaker how the call ended: '' for a reading, else the error's code.

    Where the row cannot be written nothing is raised: an answer that was paid for is not lost over it.
    """
    try:
        _quota(reader).report(permit, code)
    except DatabaseError as e:
        logger.warning("the quota of %s was not told of a call: %s", reader, type(e).__name__)


def _quota(reader: str) -> Quota:
    rate = settings.OCR_REQUESTS_PER_SECOND
    if reader == LOCAL:
        policy = Policy(per_second=rate, cool_down=LOCAL_COOL_DOWN, longest_cool_down=LOCAL_LONGEST_COOL_DOWN)
    else:
        policy = Policy(per_second=rate)
    return Quota(RowStore(), reader, policy)
