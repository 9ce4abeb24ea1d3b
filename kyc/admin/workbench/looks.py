"""Looks at what is hidden: the full number by work or for a typed reason, and the confirmed values for the check."""

import base64
from dataclasses import dataclass
from dataclasses import field as attribute

from django.contrib.auth.models import User
from django.http import HttpRequest

from kyc import wording, wording_review
from kyc.admin.requests import officer_of
from kyc.admin.workbench import evidence_form
from kyc.admin.workbench.page import Page
from kyc.domain.lifecycle import State
from kyc.models import Case
from kyc.origin import address_of
from kyc.selectors import evidence
from kyc.services import disclosure, register
from kyc.services.disclosure import Uncovered

SHOWS = frozenset({"reveal", "uncover", "check_values"})
SHORTEST_REASON = 4
SECONDS = 20  # for which work on the number's field uncovers it
CONFLICT, INVALID, UNAVAILABLE = 409, 422, 503


class Refusal(Exception):
    """Nothing is shown; `words` say what to do."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.words, self.status = str(wording_review.REFUSALS[code]), status


@dataclass(frozen=True, slots=True)
class Seen:
    """What this one answer shows. `fleeting`: it vanishes by itself."""

    uncovered: Uncovered | None = None
    fleeting: bool = False
    for_check: dict[str, str] = attribute(default_factory=dict, repr=False)

    def put_on(self, page: Page) -> None:
        page.fleeting, page.for_check = self.fleeting, self.for_check
        if self.uncovered is None:
            return
        page.number = self.uncovered.number
        for row in page.rows:
            if crop := self.uncovered.crops.get(row.field):
                row.crop, row.fleeting = as_data(crop), self.fleeting


def take(request: HttpRequest, case: Case, do: str) -> Seen:
    """Raises Refusal, NotAllowed, `Refused`."""
    try:
        if do == "check_values":
            return Seen(for_check=_for_check(request, case))
        if do == "uncover":
            return Seen(uncovered=at_work(request, case), fleeting=True)
        return Seen(uncovered=_for_reason(request, case))
    except register.RegisterDown as e:
        raise Refusal("register_down", UNAVAILABLE) from e
    except disclosure.NotWorking as e:
        raise Refusal("not_working", CONFLICT) from e
    except OSError as e:
        raise Refusal("storage_down", UNAVAILABLE) from e


def at_work(request: HttpRequest, case: Case, *, flat: bool = False) -> Uncovered:
    """For the officer who holds the case. Raises NotWorking, RegisterDown, NotAllowed, `Refused`, OSError."""
    return disclosure.uncovered(
        case=case,
        by=officer_of(request),
        reason=disclosure.REVIEW,
        address=address_of(request),
        flat=flat,
        read_only=hides(case, officer_of(request)),
    )


def as_data(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()


def hides(case: Case, by: User) -> bool:
    """Whether the first officer's values are hidden from this one: the page's own rule."""
    if case.status is not State.SECOND_REVIEW:
        return False
    page = Page(case=case, viewer=by)
    page.waiting = case.decisions.waiting().first()
    page.looks = list(page.waiting.looks.all()) if page.waiting else []
    return page.hides


def _for_reason(request: HttpRequest, case: Case) -> Uncovered:
    asked = evidence_form.parse(request)
    short = len("".join(asked.reveal_words.split())) < SHORTEST_REASON
    if asked.reveal_reason not in wording_review.VIEW_REASONS or short:
        raise Refusal("reveal_reason", INVALID)
    return disclosure.uncovered(
        case=case,
        by=officer_of(request),
        reason=f"{asked.reveal_reason}: {asked.reveal_words}",
        address=address_of(request),
        read_only=hides(case, officer_of(request)),
    )


def _for_check(request: HttpRequest, case: Case) -> dict[str, str]:
    if evidence.has_mismatch(case):
        raise Refusal("mismatch_stops", CONFLICT)
    shown = disclosure.values_for_check(case=case, by=officer_of(request), address=address_of(request))
    if not shown:
        raise Refusal("check_fields_open", INVALID)
    return {str(wording.FIELDS[name]): text for name, text in shown.items()}
