"""Leases of reading jobs: compare-and-set on the row, with a fencing token and an expiry."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from kyc.domain.actors import Actor, Kind
from kyc.domain.lifecycle import State
from kyc.models import Case, Document, ReadingJob

RECOGNITION = Actor(Kind.SYSTEM, "recognition")
# Clocks of several machines agree this well. A lease that claims to end later was given before its clock was set back.
CLOCK_MARGIN = timedelta(seconds=60)
# No attempt is put off for longer (the breaker's longest rest and its spread); see CLOCK_MARGIN.
LONGEST_WAIT = timedelta(minutes=10)
READABLE = (State.QUEUED, State.READING, State.IN_REVIEW, State.SECOND_REVIEW)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to settle one job, as long as its token is the row's."""

    job_id: int
    token: int
    attempts: int
    deaths: int
    document: Document
    reader: str
    follows_a_death: bool = False

    @property
    def case(self) -> Case:
        return self.document.case


@transaction.atomic
def take(document_id: UUID, reader: str) -> Lease | None:
    """Takes the job if it is due and free; None where there is nothing to do or another was faster.

    A lease that ran out unreturned counts as a dead worker.
    """
    now = timezone.now()
    free = is_free(now)
    jobs = ReadingJob.objects.select_related("document__case")
    job = jobs.filter(free, is_due(now), document_id=document_id, reader=reader, settled_at=None).first()
    if job is None:
        return None
    died = 1 if job.lease_until is not None else 0
    taken = ReadingJob.objects.filter(free, pk=job.pk, token=job.token, settled_at=None).update(
        token=F("token") + 1,
        lease_until=now + duration(),
        attempts=F("attempts") + 1,
        deaths=F("deaths") + died,
    )
    if taken != 1:
        return None
    deaths = job.deaths + died
    lease = Lease(job.pk, job.token + 1, job.attempts + 1, deaths, job.document, reader, bool(died))
    lock_case(lease.case)
    if lease.case.status not in READABLE:
        settle(lease, error="Sinwon.CaseClosed")
        return None
    if lease.case.status is State.QUEUED:
        lease.case.move(State.READING, by=RECOGNITION)
    return lease


def due_readers(document_id: UUID) -> list[str]:
    """The readers that have a due and free job on the document, by name."""
    now = timezone.now()
    due = ReadingJob.objects.filter(is_free(now), is_due(now), document_id=document_id, settled_at=None)
    return list(due.order_by("reader").values_list("reader", flat=True))


def duration() -> timedelta:
    return timedelta(seconds=settings.READING_LEASE_SECONDS)


def is_free(now: datetime) -> Q:
    """Jobs that nobody holds: no lease, one that ran out, or one that no clock of today can have given."""
    impossible = Q(lease_until__gt=now + duration() + CLOCK_MARGIN)
    return Q(lease_until=None) | Q(lease_until__lt=now) | impossible


def is_due(now: datetime) -> Q:
    """Jobs whose time has come, and those put off until a time that no clock of today can have meant.

    One that nobody has taken yet is always due: it was made on another machine, whose clock may have been ahead.
    """
    return Q(next_attempt_at__lte=now) | Q(token=0) | Q(next_attempt_at__gt=now + LONGEST_WAIT)


def renew(lease: Lease) -> bool:
    """Prolongs the lease, if it still holds."""
    return _held(lease).update(lease_until=timezone.now() + duration()) == 1


def lock_case(case: Case) -> None:
    """The case as it stands now, held until the transaction ends.

    Everywhere in the order job, case, audit chain: two workers that settle the last two jobs of a document at once
    see each other, and nobody waits in a circle.
    """
    case.refresh_from_db(from_queryset=Case.objects.select_for_update())


def settle(lease: Lease, *, error: str = "") -> bool:
    """Ends the job, if the lease still holds; False tells a worker that woke too late to write nothing."""
    return _held(lease).update(settled_at=timezone.now(), lease_until=None, last_error=error) == 1


def put_back(lease: Lease, *, error: str, after: timedelta, counted: bool) -> bool:
    """Gives the job back, due again `after`; an attempt that reached no reader is not counted."""
    return (
        _held(lease).update(
            lease_until=None,
            last_error=error,
            next_attempt_at=timezone.now() + after,
            attempts=F("attempts") - (0 if counted else 1),
        )
        == 1
    )


def _held(lease: Lease) -> QuerySet[ReadingJob]:
    return ReadingJob.objects.filter(
        pk=lease.job_id, token=lease.token, settled_at=None, lease_until__gte=timezone.now()
    )
