"""Idempotency: the same request under the same key gets the same answer, however often it is sent, and acts once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from kyc.models import Host, Repeat

REMEMBERED = timedelta(days=7)

Answer = dict[str, Any]


class OtherRequest(Exception):
    """The key was used for another request already."""


def once(*, host: Host, token: str, fingerprint: bytes, do: Callable[[], Answer]) -> tuple[Answer, bool]:
    """What `do` answers, kept in its own transaction; whether it was answered before. Raises OtherRequest.

    A refusal is not kept: what was refused once may be asked again. Without a token nothing is kept at all.
    """
    if not token:
        return do(), False
    known = _known(host, token, fingerprint)
    if known is not None:
        return known, True
    try:
        with transaction.atomic():
            row = Repeat.objects.create(host=host, token=token, fingerprint=fingerprint)
            row.answer = do()
            row.save(update_fields=["answer"])
    except IntegrityError:  # the same request, sent twice at once: the other one was faster
        known = _known(host, token, fingerprint)
        if known is None:
            raise
        return known, True
    return row.answer, False


def tidy() -> int:
    """Forgets answers that nobody asks for any more; how many."""
    return Repeat.objects.filter(at__lt=timezone.now() - REMEMBERED).delete()[0]


def _known(host: Host, token: str, fingerprint: bytes) -> Answer | None:
    row = Repeat.objects.filter(host=host, token=token).first()
    if row is None:
        return None
    if bytes(row.fingerprint) != fingerprint:
        raise OtherRequest
    answer: Answer = row.answer
    return answer
