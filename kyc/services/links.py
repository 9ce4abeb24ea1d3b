"""The links to a case: signed, so that nothing need be stored and nobody can guess another's.

A customer's private link lasts as long as the case; an invitation by an officer says itself until when; one in a mail
shows the state and leads to no code, since the code would come to the very same mailbox.
"""

from datetime import datetime
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils import timezone

from kyc.models import Case
from kyc.services import guesses
from kyc.services.guesses import Count

SIGNER_SALT = "sinwon.case-link"
INVITATION_SALT = "sinwon.invitation"
MAIL_SALT = "sinwon.mail-link"
FREE = 60  # wrong links of an address before it waits: a mobile network's customers share one


class Expired(Exception):
    """The invitation has run out; whoever sent it makes a new one."""


def make(case: Case) -> str:
    """The token that stands in the link."""
    return Signer(salt=SIGNER_SALT).sign(case.pk.hex)


def invitation(case: Case, until: datetime) -> str:
    """The token of an invitation: the case, and the second at which it runs out."""
    return Signer(salt=INVITATION_SALT).sign(f"{case.pk.hex}-{int(until.timestamp()):x}")


def for_mail(case: Case) -> str:
    """The token of a link that is sent by mail."""
    return Signer(salt=MAIL_SALT).sign(case.pk.hex)


def follow(*, token: str, address: str | None, mailed: bool = False) -> Case | None:
    """As `resolve`; an address that tries many wrong links waits, for right ones too. Also raises guesses.Waiting."""
    counts = [Count(f"link:{guesses.neighbourhood(address)}", FREE)] if address else []
    guesses.require_free(counts)
    case = _signed(token, MAIL_SALT) if mailed else resolve(token)
    if case is None:
        guesses.begin(counts)
    return case


def resolve(token: str) -> Case | None:
    """The case of a link, or None for a forged or foreign one. Opening a link changes nothing. Raises Expired."""
    return _signed(token, SIGNER_SALT) or _invited(token)


def _signed(token: str, salt: str) -> Case | None:
    try:
        return Case.objects.filter(pk=UUID(Signer(salt=salt).unsign(token))).first()
    except (BadSignature, ValueError):
        return None


def _invited(token: str) -> Case | None:
    try:
        case_id, _, until = Signer(salt=INVITATION_SALT).unsign(token).partition("-")
        case = Case.objects.filter(pk=UUID(case_id)).first()
    except (BadSignature, ValueError):
        return None
    if int(until, 16) <= timezone.now().timestamp():
        raise Expired
    return case
