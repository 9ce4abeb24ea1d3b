"""What a session knows of the person behind it: whether both factors were shown, and how lately a proof was given.

Whatever shows a full number, exports, or decides on serious findings asks `fresh` first, by `kyc.admin.proof`: it asks
for a new proof on the spot and loses nothing of what was typed.
"""

import time
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase

PASSED, FRESH, ROW = "officer_passed", "officer_fresh_at", "officer_session"


def passed(session: SessionBase, account: User) -> bool:
    """Whether this very account showed its second factor in this session."""
    return bool(session.get(PASSED) == account.pk)


def record(session: SessionBase, account: User, row: UUID) -> None:
    """Both factors were shown: the session gets a new key, so that one planted before is worth nothing."""
    session.cycle_key()
    session[PASSED], session[ROW] = account.pk, str(row)
    refresh(session)


def row_of(session: SessionBase) -> UUID | None:
    told = session.get(ROW)
    return UUID(told) if told else None


def refresh(session: SessionBase) -> None:
    session[FRESH] = time.time()


def fresh(session: SessionBase) -> bool:
    """Whether the last proof of who sits there is young enough for a grave step."""
    age = time.time() - float(session.get(FRESH, 0))
    return 0 <= age < settings.OFFICER_PROOF_MINUTES * 60
