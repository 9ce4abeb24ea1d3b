"""Mails to customers: the rows are the queue, sent one after another by one worker at a time, until they are taken.

Each opening of an address stands in the disclosure register before the mail leaves. A mail may come twice (we crashed
before we wrote that it was taken), always with the same Message-ID. No log and no row holds an address.
"""

import logging
import os
import smtplib
import socket
import time
from email.utils import parseaddr
from functools import partial

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from kyc import wording_mail
from kyc.domain import mails
from kyc.domain.actors import Actor, Kind
from kyc.domain.hosts import wait_after
from kyc.domain.mails import Event
from kyc.domain.roles import Verb
from kyc.models import AuditEntry, Contact, MailMessage
from kyc.services import codes, disclosure, links, register
from kyc.services.officers import actor, require
from kyc.vault.keys import Refused
from ocr_integration.deadline import DeadlineExceeded, Line, within

logger = logging.getLogger(__name__)

MAILER = Actor(Kind.SYSTEM, "mailer")
ROUND_SECONDS = 20.0  # the mails hold a worker no longer
OVERTAKEN = "overtaken"  # what it says is not so any more, or there is no address
FOR_GOOD = 500  # from this status on a mail server means it for ever


def waiting() -> bool:
    """Whether a mail is due and no worker sends any at this moment: one mail server, one line to it."""
    now = timezone.now()
    if not settings.MAILS or MailMessage.objects.filter(lease_until__gt=now).exists():
        return False
    return MailMessage.objects.filter(due_at__lte=now).exists()


def empty() -> int:
    """Sends what is due, the oldest first, until one fails or the time is up; how many are dealt with."""
    until, dealt = time.monotonic() + ROUND_SECONDS, 0
    while time.monotonic() < until:
        message = _next()
        if message is None or not _deliver(message):
            break
        dealt += 1
    return dealt


@transaction.atomic
def replay(*, message: MailMessage, by: User) -> bool:
    """Sends a mail again that was given up, for three days once more; False for any other. Raises NotAllowed."""
    require(by, Verb.MANAGE_HOSTS)
    again = MailMessage.objects.filter(pk=message.pk, dead_at__isnull=False, code=None)
    if again.update(due_at=timezone.now(), attempts=0, dead_at=None) != 1:
        return False
    AuditEntry.append("mail.replayed", by=actor(by), case_id=message.case_id, data={"mail": str(message.pk)})
    return True


def _due() -> QuerySet[MailMessage]:
    return MailMessage.objects.filter(MailMessage.is_due())


def _next() -> MailMessage | None:
    """The next mail, under a lease that no other worker has. Codes go first: somebody waits for one."""
    urgent = _due().select_related("case", "code").order_by(F("code__until").asc(nulls_last=True), "due_at")
    for message in urgent[:5]:
        if message.take(_due(), call_seconds=settings.EMAIL_SECONDS):
            return message
    return None


def _deliver(message: MailMessage) -> bool:
    """Whether the next one may follow at once."""
    problem = _send(message)
    if problem == OVERTAKEN:
        message.overtaken()
        return True
    if not problem:
        message.delivered()
        return True
    attempts, hopeless = message.attempts + 1, problem in ("refused", "late")
    message.failed(problem, again_in=None if hopeless else wait_after(attempts))
    logger.warning("mail %s was not delivered (%s), attempt %d", message.pk, problem, attempts)
    return hopeless


def _send(message: MailMessage) -> str:
    """'' where the mail server took it, OVERTAKEN where there is nothing to send, else a code for why not."""
    event, case = Event(message.event), message.case
    contact = Contact.objects.filter(case=case).first()
    if contact is None or mails.is_over(event, case.status):
        return OVERTAKEN
    if message.code is not None and message.code.until <= timezone.now():
        return "late"
    try:
        address = disclosure.contact_of(case=case, by=MAILER, reason=f"mail {event}")
    except register.RegisterDown:
        return "register"
    except Refused:
        return "unreadable"
    if not address:  # it was taken back this very moment
        return OVERTAKEN
    return _hand_over(_written(message, contact, address))


def _written(message: MailMessage, contact: Contact, address: str) -> EmailMessage:
    event = Event(message.event)
    link = contact.site + reverse("kyc:mail_link", args=[links.for_mail(message.case)])
    sender = settings.EMAIL_FROM or "no-reply@localhost"
    with translation.override(message.case.locale):
        code = codes.digits(message.code) if message.code is not None else ""
        return EmailMessage(
            subject=" ".join(wording_mail.subject(event).split()),
            body=wording_mail.body(event, link=link, code=code),
            from_email=sender,
            to=[address],
            headers={
                "Message-ID": f"<{message.pk.hex}@{parseaddr(sender)[1].rpartition('@')[2]}>",
                "Auto-Submitted": "auto-generated",
            },
        )


def _hand_over(mail: EmailMessage) -> str:
    """An error's own text may quote the address: it is never logged."""
    line = Line()
    try:
        within(settings.EMAIL_SECONDS, partial(_speak, mail, line), line)
    except (DeadlineExceeded, TimeoutError):  # the whole of it, or one wait within it
        return "too_slow"
    except smtplib.SMTPRecipientsRefused as e:
        statuses = [status for status, _ in e.recipients.values()]
        return "refused" if statuses and min(statuses) >= FOR_GOOD else "not_taken"
    except smtplib.SMTPAuthenticationError:
        return "sign_in"
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError) as e:
        # smtplib calls a wait that ran out a lost connection.
        return "too_slow" if isinstance(e.__context__, TimeoutError) else "no_connection"
    except smtplib.SMTPException:
        return "not_taken"
    except (OSError, ValueError):
        return "no_connection"
    finally:
        line.close()
    return ""


def _speak(mail: EmailMessage, line: Line) -> None:
    with get_connection() as connection:
        wire = getattr(getattr(connection, "connection", None), "sock", None)
        if wire is not None:  # a plain duplicate, since one of TLS cannot be duplicated
            with socket.socket(fileno=os.dup(wire.fileno())) as held:
                line.hold(held)
        connection.send_messages([mail])
