"""One-time codes: with one from their mailbox, a customer sees the fields on another device than the first.

Link and mailbox together are the two factors, so a link that came by mail asks for no code (`links.for_mail`). A code
belongs to the browser that asked for it: nobody else can use its tries up.
"""

import hmac
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kyc.domain import text
from kyc.domain.actors import CUSTOMER
from kyc.domain.errors import UnparsableError
from kyc.domain.mails import Event
from kyc.models import AccessCode, AuditEntry, Case, Document, MailMessage
from kyc.selectors import values
from kyc.services import claims, contacts, guesses, pace
from kyc.services.guesses import Count
from kyc.vault.keys import keyring

PURPOSE = "access_code"
DIGITS, TRIES = 8, 5
LIVES = timedelta(minutes=10)
FREE = 60  # wrong codes of a network address before it waits: a mobile network's customers share one
KEPT_FOR = timedelta(days=1)


class NotOffered(Exception):
    """There are no fields to see now, or nobody vouches that the mailbox is the one of who sent the picture."""


class WrongCode(Exception):
    """`left` more tries with this code."""

    def __init__(self, left: int) -> None:
        super().__init__(f"a wrong code, {left} tries left")
        self.left = left


class CodeOver(Exception):
    """Too old, used, or tried too often: a new one must be asked for."""


def is_offered(case: Case) -> bool:
    """Whether a code would show anything: fields are to be looked at, and an address stands that may have them."""
    contact = contacts.of(case)
    document = values.newest_document(case)
    if not settings.MAILS or contact is None or document is None or contact.vouched_id != document.pk:
        return False
    return claims.is_open(case) and bool(values.current(case))


def ask(*, case: Case, address: str | None) -> AccessCode:
    """A code on its way to the customer's mailbox. Raises NotOffered, TooFast."""
    document = values.newest_document(case)
    if document is None or not is_offered(case):
        raise NotOffered
    pace.code(case=case, address=address)
    with transaction.atomic():
        code = AccessCode.objects.create(case=case, document=document, until=timezone.now() + LIVES)
        MailMessage.objects.create(case=case, code=code, event=Event.CODE)
        AuditEntry.append("code.asked", by=CUSTOMER, case_id=case.pk)
    return code


def digits(code: AccessCode) -> str:
    """Made of the keyring each time, so that no row, no broker and no backup of the database holds it."""
    made = int.from_bytes(keyring().index(PURPOSE, str(code.pk))[:16], "big")
    return f"{made % 10**DIGITS:0{DIGITS}d}"


def show(*, case: Case, code_id: UUID, typed: str, address: str | None) -> Document:
    """The picture whose fields the right code shows. A try is counted before it is looked at.

    Raises WrongCode, CodeOver, guesses.Waiting where this network address guessed too often.
    """
    counts = [Count(f"code:{guesses.neighbourhood(address)}", FREE)] if address else []
    guesses.require_free(counts)
    now = timezone.now()
    alive = AccessCode.objects.filter(pk=code_id, case=case, used_at=None, until__gt=now, tries__lt=TRIES)
    if alive.update(tries=F("tries") + 1) != 1:
        raise CodeOver
    code = AccessCode.objects.select_related("document").get(pk=code_id)
    if not hmac.compare_digest(digits(code).encode(), _plain(typed).encode()):
        guesses.begin(counts)
        if code.tries >= TRIES:
            AuditEntry.append("code.tried_out", by=CUSTOMER, case_id=case.pk)
            raise CodeOver
        raise WrongCode(TRIES - code.tries)
    if AccessCode.objects.filter(pk=code.pk, used_at=None).update(used_at=now) != 1:
        raise CodeOver  # the same code was sent twice at once
    AuditEntry.append("code.used", by=CUSTOMER, case_id=case.pk)
    return code.document


def tidy() -> int:
    """Forgets codes that are over since a day, with their mails; how many."""
    return AccessCode.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _plain(typed: str) -> str:
    """Blanks and dashes between, full-width digits: what keyboards make of it."""
    try:
        return text.dashes(text.tidy(typed, longest=40)).replace(" ", "").replace("-", "")
    except UnparsableError:
        return ""
