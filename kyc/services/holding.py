"""Who holds a case: one officer at a time, for as long as they work, never two."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kyc.domain.lifecycle import IllegalMove, State
from kyc.domain.roles import Verb
from kyc.models import AuditEntry, Case, Decision
from kyc.services.officers import actor, require
from kyc.services.refusals import HeldByOther, LookedAlready, NotHeld, NothingToSecond, OwnDecision


def claim(*, case: Case, by: User) -> None:
    """Takes the case for one officer, or renews it; a proposal only for who may answer it.

    Raises NotAllowed, HeldByOther, IllegalMove where it is not in review, and as `answerable`.
    """
    require(by, Verb.REVIEW)
    if case.status is State.SECOND_REVIEW:
        answerable(case, by)  # held by anybody else, it would be kept from those who may
    elif case.status is not State.IN_REVIEW:
        raise IllegalMove(case.status, State.IN_REVIEW)
    until = timezone.now() + timedelta(minutes=settings.CLAIM_MINUTES)
    free = Q(claimed_by=None) | Q(claim_expires__lt=timezone.now()) | Q(claimed_by=by)
    with transaction.atomic():
        before = case.claimed_by_id
        if (
            Case.objects.filter(free, pk=case.pk, state=case.state).update(claimed_by=by, claim_expires=until)
            != 1
        ):
            raise HeldByOther
        if before != by.pk:
            AuditEntry.append("case.claimed", by=actor(by), case_id=case.pk)
    case.claimed_by, case.claim_expires = by, until


def answerable(case: Case, by: User) -> Decision:
    """The proposal that waits for a second officer, whom it may be.

    Raises NotAllowed, NothingToSecond, OwnDecision, LookedAlready.
    """
    require(by, Verb.SECOND)
    decision = case.decisions.waiting().first()
    if decision is None:
        raise NothingToSecond
    if decision.by_id == by.pk:
        raise OwnDecision
    if decision.looks.filter(by=by).exists():
        raise LookedAlready
    return decision


@transaction.atomic
def release(*, case: Case, by: User) -> None:
    """Gives a claim back before it expires; nothing happens where it was not this officer's."""
    if Case.objects.filter(pk=case.pk, claimed_by=by).update(claimed_by=None, claim_expires=None):
        AuditEntry.append("case.released", by=actor(by), case_id=case.pk)
        case.claimed_by = case.claim_expires = None


def lock(case: Case) -> None:
    """The case as it stands now, held until the transaction ends: a stale page decides nothing."""
    case.refresh_from_db(from_queryset=Case.objects.select_for_update())


def hold(case: Case, by: User) -> None:
    """The officer may review, the case is in review, and this officer holds it; locked. Raises NotAllowed,
    IllegalMove, HeldByOther, NotHeld."""
    require(by, Verb.REVIEW)
    lock(case)
    if case.status is not State.IN_REVIEW:
        raise IllegalMove(case.status, State.IN_REVIEW)
    if case.claimed_by_other(by.pk):
        raise HeldByOther
    if case.claimed_by_id != by.pk:
        raise NotHeld
