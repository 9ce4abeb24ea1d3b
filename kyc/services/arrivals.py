"""Arrivals: a customer begins. The start page carries a one-time key, so that a double click opens one case."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.db import IntegrityError
from django.utils.crypto import salted_hmac

from kyc.models import Case
from kyc.services import intake

SALT = "sinwon.begin"
KEY_LASTS = timedelta(hours=12)


class StaleKey(Exception):
    """The start page was open for too long, or its key is not ours: show the page again."""


def new_key() -> str:
    """The key that a start page carries in its form."""
    return TimestampSigner(salt=SALT).sign(secrets.token_hex(16))


def begin(*, key: str, locale: str) -> Case:
    """The case of this key, opened at the first call; the same key again gives the same case. Raises StaleKey."""
    try:
        nonce = TimestampSigner(salt=SALT).unsign(key, max_age=KEY_LASTS)
    except BadSignature as e:
        raise StaleKey("the key is not one of ours, or too old") from e
    case_id = UUID(bytes=salted_hmac(SALT, nonce, algorithm="sha256").digest()[:16], version=4)
    known = Case.objects.filter(pk=case_id).first()
    if known is not None:
        return known
    try:
        return intake.open_case(case_id=case_id, locale=locale)
    except IntegrityError:  # the other click was faster by a moment
        return Case.objects.get(pk=case_id)
