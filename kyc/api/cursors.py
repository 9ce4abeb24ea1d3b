"""Cursors of a list: signed for one host, so that they lead nowhere else and nobody can write one."""

from datetime import datetime
from uuid import UUID

from django.core import signing

from kyc.models import ApiKey, Verification


class BadCursor(Exception):
    """Not one of ours, or of another host's list."""


def write(key: ApiKey, last: Verification) -> str:
    return signing.dumps([last.created_at.isoformat(), last.case_id.hex], salt=_salt(key))


def read(key: ApiKey, cursor: str) -> tuple[datetime, UUID]:
    """Raises BadCursor."""
    try:
        at, case_id = signing.loads(cursor, salt=_salt(key))
        return datetime.fromisoformat(at), UUID(case_id)
    except (signing.BadSignature, ValueError, TypeError) as e:
        raise BadCursor from e


def _salt(key: ApiKey) -> str:
    return f"sinwon.cursor.{key.host_id}.{key.sandbox}"
