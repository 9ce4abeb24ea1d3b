"""A second factor for another device: a code from the customer's mailbox, beside the private link, shows the fields."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kyc.models import Case
from kyc.origin import address_of
from kyc.services import codes, guesses, pace
from kyc.views import arrival, visit
from kyc.views.contact import stays_here
from kyc.views.steps import Step, steps
from kyc.views.visit import with_case

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def code(request: HttpRequest, case: Case) -> HttpResponse:
    """Opening the page sends nothing: a messenger that looks first uses nothing up."""
    if not may_ask(request, case):
        return redirect("kyc:status")
    if request.method != "POST":
        return _page(request)
    return _send(request, case) if request.POST.get("do") == "send" else _show(request, case)


def may_ask(request: HttpRequest, case: Case) -> bool:
    return not visit.by_mail(request) and not visit.sees_fields(request, case) and codes.is_offered(case)


def _send(request: HttpRequest, case: Case) -> HttpResponse:
    try:
        asked = codes.ask(case=case, address=address_of(request))
    except pace.TooFast as e:
        return _page(request, arrival.slower(e).words, 429)
    except codes.NotOffered:
        return redirect("kyc:status")
    request.session[visit.CODE] = asked.pk.hex
    return redirect("kyc:code")


def _show(request: HttpRequest, case: Case) -> HttpResponse:
    known = request.session.get(visit.CODE)
    if known is None:
        return redirect("kyc:code")
    typed, address = request.POST.get("code", ""), address_of(request)
    try:
        document = codes.show(case=case, code_id=UUID(known), typed=typed, address=address)
    except codes.WrongCode as e:
        words = _("That is not the code of our newest e-mail. Look again; %(left)d more tries with this one.")
        return _page(request, words % {"left": e.left}, 422)
    except codes.CodeOver:
        del request.session[visit.CODE]
        return _page(request, _("This code works no longer. Have another one sent: nothing is lost."), 422)
    except guesses.Waiting as e:
        words = _("Many wrong codes came from where you are. Please wait %(minutes)d min, then go on.")
        return _page(request, words % {"minutes": math.ceil(e.left.total_seconds() / 60)}, 429)
    del request.session[visit.CODE]
    request.session.cycle_key()
    visit.remember_proved(request, document)
    return redirect("kyc:check")


def _page(request: HttpRequest, error: str | _StrPromise = "", status: int = 200) -> HttpResponse:
    context = {
        "error": error,
        "asked": visit.CODE in request.session,
        "stays_here": stays_here(),
        **steps(Step.CHECK),
    }
    return render(request, "onboarding/code.html", context, status=status)
