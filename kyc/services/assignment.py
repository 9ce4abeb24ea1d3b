"""Assignment: cases are given to an officer, who finds them first; others are not offered them any more."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from kyc.domain.lifecycle import WITH_OFFICERS, State
from kyc.domain.roles import Verb
from kyc.models import AuditEntry, Case
from kyc.selectors import queue
from kyc.services.officers import actor, allowed, require


@dataclass(slots=True)
class Outcome:
    """How many cases were changed, and why the others were left as they were."""

    done: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


class CannotReview(Exception):
    """The account that should get the cases may not review any."""


def assign(*, cases: Iterable[UUID], to: User | None, by: User) -> Outcome:
    """Gives cases in review to an officer, or back to everybody. Raises NotAllowed, CannotReview."""
    require(by, Verb.ASSIGN)
    if to is not None and not allowed(to, Verb.REVIEW):
        raise CannotReview
    outcome = Outcome()
    for case_id in sorted(set(cases)):
        if code := _assign(case_id, to, by):
            outcome.skipped[code] += 1
        else:
            outcome.done += 1
    return outcome


@transaction.atomic
def _assign(case_id: UUID, to: User | None, by: User) -> str:
    """Why the case was left as it was, '' where it was given."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None or case.status not in WITH_OFFICERS:
        return "not_in_review"
    if to is not None and (code := _unfit(case, to)):
        return code
    if case.assigned_to_id != (to.pk if to else None):
        Case.objects.filter(pk=case.pk).update(assigned_to=to)
        told = {"to": to.pk if to else None}
        AuditEntry.append("case.assigned", by=actor(by), case_id=case.pk, data=told)
    return ""


def _unfit(case: Case, to: User) -> str:
    if case.claimed_by_other(to.pk):
        return "held"
    if case.status is State.SECOND_REVIEW:
        if not allowed(to, Verb.SECOND):
            return "cannot_second"
        if Case.objects.filter(queue.barred(to.pk), pk=case.pk).exists():
            return "own_proposal"
    return ""
