"""The monthly review of who saw whose data: an auditor looks at the figures and signs them with a note."""

from datetime import date

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from kyc.domain import rrn
from kyc.domain.roles import Verb
from kyc.models import AccessReview, AuditEntry
from kyc.selectors import access
from kyc.services.officers import actor, require

DUE_DAY = 10  # of the month after
LONGEST_NOTE = 1000


class NotSigned(Exception):
    """The month cannot be signed: `code` says why (`note_missing`, `not_over`, `nothing`, `signed`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def unsigned() -> list[date]:
    """Finished months that nobody signed, oldest first."""
    signed = set(AccessReview.objects.values_list("month", flat=True))
    return [month for month in access.months() if month not in signed]


def overdue() -> list[date]:
    """Those that should have been signed by DUE_DAY of the month after."""
    today = timezone.localdate()
    return [month for month in unsigned() if today > access.after(month).replace(day=DUE_DAY)]


def sign(*, month: date, by: User, note: str) -> AccessReview:
    """Signs a finished month for good. Raises NotAllowed, NotSigned."""
    require(by, Verb.REVIEW_ACCESS)
    text = rrn.mask_all(note.replace("\0", "")).strip()[:LONGEST_NOTE]
    if not text:
        raise NotSigned("note_missing")
    if access.after(month) > timezone.localdate():
        raise NotSigned("not_over")
    figures = access.figures(month)
    if not figures["people"]:
        raise NotSigned("nothing")
    try:
        with transaction.atomic():
            if AccessReview.objects.filter(month=month).exists():
                raise NotSigned("signed")
            review = AccessReview.objects.create(month=month, by=by, note=text, figures=figures)
            told = {"month": figures["month"], "looks": figures["looks"], "people": len(figures["people"])}
            AuditEntry.append("access.reviewed", by=actor(by), data=told)
    except IntegrityError as e:  # another auditor was faster by a moment
        raise NotSigned("signed") from e
    return review
