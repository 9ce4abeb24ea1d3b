"""The first page of an officer: what waits, in a few counted lines."""

from typing import Any

from django.utils import timezone

from kyc.domain.lifecycle import State
from kyc.domain.roles import Verb
from kyc.models import Case
from kyc.selectors import queue, readers
from kyc.services import access, anchoring
from kyc.services.officers import Account, allowed
from kyc.wording_review import reader as reader_words


def figures(account: Account) -> dict[str, Any]:
    """What the index shows; counts stop at `queue.MANY`."""
    if not allowed(account, Verb.SEE_CASES):
        return {"reviews": False, "sees_cases": False}
    now = timezone.now()
    reviews = allowed(account, Verb.REVIEW)
    waiting = Case.objects.filter(queue.waiting())
    told: dict[str, Any] = {
        "sees_cases": True,
        "reviews": reviews,
        "many": queue.MANY,
        "waiting": queue.at_most(waiting.filter(state=State.IN_REVIEW)),
        "second": queue.at_most(waiting.filter(state=State.SECOND_REVIEW)),
        "overdue": queue.at_most(waiting.filter(queue.overdue(now))),
        "readers": [(reader_words(state.name), state) for state in readers.states()],
        "reading": queue.at_most(Case.objects.filter(state__in=(State.QUEUED, State.READING))),
    }
    if allowed(account, Verb.REVIEW_ACCESS):
        told |= {"unsigned": access.overdue(), "unkept_since": anchoring.behind_since()}
    if reviews:
        needing = queue.needing(account.pk, seconds=allowed(account, Verb.SECOND), now=now)
        told["needed"] = queue.at_most(Case.objects.filter(needing))
        told["mine"] = queue.at_most(waiting.filter(queue.held_by(account.pk, now)))
    return told
