"""The counter: an officer opens a case for a customer who stands there, or invites one by a link that runs out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from kyc.domain.roles import Verb
from kyc.domain.sources import Source
from kyc.models import AuditEntry, Case, Document
from kyc.services import intake, links, officers, pictures

SHORTEST = 1  # days


class WrongDays(ValueError):
    """An invitation lasts at least a day, and no longer than its case."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """`token` is a secret of the customer's: shown once, kept nowhere."""

    case: Case
    token: str
    until: datetime


def take_picture(
    *, by: User, upload: bytes, shown: Sequence[intake.ShownText], locale: str, address: str | None
) -> Document:
    """A case with the picture that the officer took, after the customer read the notices.

    Raises NotAllowed; PictureRefused and StorageDown before any case is there.
    """
    officers.require(by, Verb.SUBMIT)
    picture = intake.clean(upload)
    actor = officers.actor(by)
    case = intake.new_case(locale=locale, channel=Case.Channel.STAFF)
    stored = pictures.store(case=case, picture=picture, source=Source.STAFF)
    with transaction.atomic():
        intake.enter(case=case, by=actor)
        intake.record_texts(case=case, shown=shown, locale=locale, address=address, by=actor)
        return pictures.queue(stored=stored, by=actor)


@transaction.atomic
def invite(*, by: User, locale: str, days: int) -> Invitation:
    """A case that waits for its customer, and the link to it. Raises NotAllowed, WrongDays."""
    officers.require(by, Verb.SUBMIT)
    if not SHORTEST <= days <= settings.CASE_EXPIRY_DAYS:
        raise WrongDays
    actor = officers.actor(by)
    case = intake.open_case(by=actor, locale=locale)
    until = timezone.now() + timedelta(days=days)
    AuditEntry.append("case.invited", by=actor, case_id=case.pk, data={"until": until.isoformat()})
    return Invitation(case, links.invitation(case, until), until)
