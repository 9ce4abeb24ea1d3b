"""A contact for the answer: an e-mail address, left, changed and taken back; nobody must leave one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kyc import notices
from kyc.domain.contacts import ContactError
from kyc.domain.lifecycle import State
from kyc.models import Case
from kyc.origin import address_of
from kyc.selectors import values
from kyc.services import contacts, pace
from kyc.services.intake import ShownText
from kyc.views import arrival, visit
from kyc.views.steps import Step, steps
from kyc.views.visit import with_case
from kyc.wording_mail import FAULTS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LONGEST = 500  # characters that are shown again


@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def contact(request: HttpRequest, case: Case) -> HttpResponse:
    if not contacts.is_asked(case):
        return redirect("kyc:status")
    if request.method != "POST" or not is_mine(request, case):
        return _page(request, case)
    typed = request.POST.get("email", "")
    try:
        if request.POST.get("do") == "remove":
            contacts.remove(case=case)
            return redirect("kyc:contact")
        if typed.strip():
            _leave(request, case, typed)
    except ContactError as e:
        return _page(request, case, FAULTS[e.fault], typed, status=422)
    except pace.TooFast as e:
        return _page(request, case, arrival.slower(e).words, typed, status=429)
    except contacts.ContactClosed:  # decided meanwhile: its page says how it stands
        return redirect("kyc:status")
    return redirect("kyc:status")


def is_mine(request: HttpRequest, case: Case) -> bool:
    """Whether this browser may leave an address or change it: it left it, or it knows the card, or nothing is there.

    Otherwise who holds the link would lead the code to a mailbox of their own.
    """
    if visit.by_mail(request):
        return False
    left = contacts.of(case)
    if left is not None and visit.left_contact(request, left):
        return True
    return visit.sees_fields(request, case) or (left is None and values.newest_document(case) is None)


def stands(request: HttpRequest, case: Case) -> dict[str, bool]:
    """What the other pages say of it."""
    return {
        "contact_asked": contacts.is_asked(case),
        "contact_left": contacts.of(case) is not None,
        "contact_mine": is_mine(request, case),
    }


def stays_here() -> bool:
    """Whether mails go into files, as the demonstration's do."""
    return not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")


def _leave(request: HttpRequest, case: Case, typed: str) -> None:
    knows_the_card = visit.sees_fields(request, case)
    text = notices.contact()
    left = contacts.leave(
        case=case,
        text=typed,
        site=f"{request.scheme}://{request.get_host()}",
        shown=ShownText(text.code, text.version, text.words, granted=True),
        from_address=address_of(request),
    )
    visit.remember_contact(request, left)
    document = values.newest_document(case)
    if knows_the_card and document is not None:
        visit.vouch(request, document)


def _page(
    request: HttpRequest,
    case: Case,
    error: str | _StrPromise = "",
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "error": error,
        "typed": typed[:LONGEST],
        "told": [words for _heading, words in notices.contact().parts],
        "before_picture": case.status is State.STARTED,
        "stays_here": stays_here(),
        **stands(request, case),
        **steps(Step.CONTACT if case.status is State.STARTED else Step.RESULT),
    }
    return render(request, "onboarding/contact.html", context, status=status)
