"""The next case: an officer is given the first one that is free, and it is theirs from that moment."""

from django.contrib.auth.models import User
from django.utils import timezone

from kyc.domain.lifecycle import IllegalMove
from kyc.domain.roles import Verb
from kyc.models import Case
from kyc.selectors import queue
from kyc.services import holding, refusals
from kyc.services.officers import allowed, require

TRIES = 20  # others take cases at the same moment; beyond this the queue is as good as empty


def claim_next(*, by: User) -> Case | None:
    """Takes the case that is due first and free; one that this officer holds already comes last.

    None where nothing waits. Raises NotAllowed.
    """
    require(by, Verb.REVIEW)
    now = timezone.now()
    waiting = Case.objects.filter(queue.needing(by.pk, seconds=allowed(by, Verb.SECOND), now=now))
    mine = queue.held_by(by.pk, now)
    for rows in (waiting.exclude(mine), waiting.filter(mine)):
        for case in rows.order_by(*queue.IN_ORDER)[:TRIES]:
            try:
                holding.claim(case=case, by=by)
            except (refusals.ReviewRefused, IllegalMove):
                continue
            return case
    return None
