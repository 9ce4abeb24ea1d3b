"""A visit: which case this browser works on and which pictures it sent. Kept in the session, never in an address."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kyc.domain import trace
from kyc.models import Case, Document
from kyc.selectors import values

CASE, SENT, CHECKED = "case", "sent", "checked"
REMEMBERED = 30

View = Callable[[HttpRequest], HttpResponse]
CaseView = Callable[[HttpRequest, Case], HttpResponse]


def enter(request: HttpRequest, case: Case) -> None:
    """From now on this browser works on the case."""
    request.session[CASE] = case.pk.hex


def case_of(request: HttpRequest) -> Case | None:
    """The case this browser works on; None for a newcomer or where the session ended."""
    known = request.session.get(CASE)
    return Case.objects.filter(pk=UUID(known)).first() if known else None


def with_case(view: CaseView) -> View:
    """Gives the view its case; a browser that has none is told how to come back."""

    @wraps(view)
    def visited(request: HttpRequest) -> HttpResponse:
        case = case_of(request)
        if case is None:
            return render(request, "onboarding/lost.html", status=404)
        trace.work_on(case.pk)
        return view(request, case)

    return visited


def remember_sent(request: HttpRequest, document: Document) -> None:
    _remember(request, SENT, document)


def remember_checked(request: HttpRequest, document: Document) -> None:
    _remember(request, CHECKED, document)


def sent_from_here(request: HttpRequest, case: Case) -> bool:
    """Whether the newest picture came from this browser: only then are its fields shown here.

    A private link alone shows the state: whoever sent it, or was sent it, may be another person.
    """
    return _is_remembered(request, SENT, values.newest_document(case))


def checked_here(request: HttpRequest, case: Case) -> bool:
    """Whether the customer looked at what was read from the newest picture already."""
    return _is_remembered(request, CHECKED, values.newest_document(case))


def _remember(request: HttpRequest, what: str, document: Document) -> None:
    known = [name for name in request.session.get(what, []) if name != document.pk.hex]
    request.session[what] = [*known, document.pk.hex][-REMEMBERED:]


def _is_remembered(request: HttpRequest, what: str, document: Document | None) -> bool:
    return document is not None and document.pk.hex in request.session.get(what, [])
