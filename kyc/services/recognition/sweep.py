"""The sweeper: rings again for every job that is due and that nobody holds."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from kyc.domain.lifecycle import IllegalMove, State
from kyc.models import Case, Document, Reading, ReadingJob
from kyc.selectors import values
from kyc.services.recognition import settlement
from kyc.services.recognition.leases import CLOCK_MARGIN, RECOGNITION, is_due, is_free

# A bell that was rung is given this long to be heard before it is rung again.
RING_AGAIN = timedelta(seconds=30)
AT_ONCE = 200
# A case that just moved is in somebody's hands; this is also how long one reader waits for another.
SETTLED_BY = timedelta(minutes=1)


def due_documents() -> list[UUID]:
    """Documents with a due and free job, marked as rung: at most AT_ONCE, the oldest first."""
    now = timezone.now()
    with transaction.atomic():
        due = list(
            ReadingJob.objects.filter(is_free(now), is_due(now), settled_at=None)
            .filter(_unheard(now))
            .order_by("next_attempt_at")
            .values_list("pk", "document_id")[:AT_ONCE]
        )
        ReadingJob.objects.filter(pk__in=[pk for pk, _ in due]).update(rung_at=now)
    return list(dict.fromkeys(document for _, document in due))


def release_stranded() -> int:
    """Returns cases whose worker died to the queue, so that their customers are told the truth; how many."""
    now = timezone.now()
    stranded = Case.objects.filter(state=State.READING, documents__jobs__lease_until__lt=now).exclude(
        documents__jobs__lease_until__gte=now
    )
    released = 0
    for case in stranded.distinct()[:AT_ONCE]:
        try:
            case.move(State.QUEUED, by=RECOGNITION, reason="lease_ran_out")
        except IllegalMove:  # a worker took it up again meanwhile
            continue
        released += 1
    return released


def conclude_stranded() -> int:
    """Moves on the cases that wait although every job is settled, or that one reader read and another keeps waiting.

    No path leads to the first; should one be found, its cases still reach an officer. The other reader's answer
    is added when it comes. Returns how many.
    """
    # Only of the newest picture, by which `settlement.conclude` goes: an older one's answer would match at every sweep.
    pictures = Document.objects.filter(case=OuterRef("pk")).order_by("-received_at")
    open_jobs = ReadingJob.objects.filter(document=OuterRef("newest"), settled_at=None)
    read = Reading.objects.filter(document=OuterRef("newest"), error_code="")
    stranded = Case.objects.alias(newest=Subquery(pictures.values("pk")[:1])).filter(
        ~Exists(open_jobs) | Exists(read),
        state__in=[State.QUEUED, State.READING],
        changed_at__lt=timezone.now() - SETTLED_BY,
    )
    concluded = 0
    for case in stranded.order_by("changed_at")[:AT_ONCE]:
        document = values.newest_document(case)
        concluded += document is not None and settlement.conclude(document, patient=False)
    return concluded


def _unheard(now: datetime) -> Q:
    """Never rung for, not for a while, or not since the job came free; or so late that a clock was set back."""
    since = Q(rung_at__lt=F("next_attempt_at")) | Q(rung_at__lt=F("lease_until"))
    return Q(rung_at=None) | Q(rung_at__lt=now - RING_AGAIN) | since | Q(rung_at__gt=now + CLOCK_MARGIN)
