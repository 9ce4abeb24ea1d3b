""" "Is this right?": the fields as read, the number masked; the customer may say what is wrong, field by field."""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kyc import wording
from kyc.domain.actors import CUSTOMER
from kyc.domain.facts import Field
from kyc.domain.rrn import Sex
from kyc.forms import ClaimsForm
from kyc.models import Case
from kyc.origin import address_of
from kyc.selectors import progress, values
from kyc.services import basis, claims, disclosure, pace, register
from kyc.vault.keys import Refused
from kyc.views import arrival, visit
from kyc.views.steps import Step, steps
from kyc.views.visit import with_case

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

logger = logging.getLogger(__name__)

OWN_DATA = "shown to the customer"
DATES = (Field.BIRTHDAY, Field.ISSUED)


@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def check(request: HttpRequest, case: Case) -> HttpResponse:
    if not claims.is_open(case) or not visit.sees_fields(request, case):
        return redirect("kyc:status")
    card = basis.card_of(case)
    if request.method != "POST":
        return _page(request, case, ClaimsForm(card=card))
    form = ClaimsForm(request.POST, card=card)
    if not form.is_valid():
        return _page(request, case, form, status=422)
    if "wrong" in request.POST and not form.claims():
        return _page(request, case, form, nothing_said=True, status=422)
    try:
        for field, text in form.claims().items():
            claims.claim(case=case, field=field, text=text)
    except Refused:
        logger.critical("a claim on case %s met a value that cannot be opened", case.pk)
        return render(request, "onboarding/busy.html", status=503)
    except claims.TooManyClaims:
        return _page(request, case, form, too_many=True, status=429)
    except claims.ClaimsClosed:
        return redirect("kyc:status")
    _remember(request, case)
    return redirect("kyc:status")


def _remember(request: HttpRequest, case: Case) -> None:
    document = values.newest_document(case)
    if document is not None:
        visit.remember_checked(request, document)


def _page(
    request: HttpRequest,
    case: Case,
    form: ClaimsForm,
    *,
    nothing_said: bool = False,
    too_many: bool = False,
    status: int = 200,
) -> HttpResponse:
    try:
        pace.look(case=case)
        read = disclosure.current_of(case=case, by=CUSTOMER, reason=OWN_DATA, address=address_of(request))
    except (register.RegisterDown, Refused) as e:
        logger.critical("case %s cannot be shown to its customer: %s", case.pk, type(e).__name__)
        return render(request, "onboarding/busy.html", status=503)
    except pace.TooFast as e:
        return arrival.slower_page(request, e)
    claimed = progress.claimed_fields(case)
    context = {
        "rows": [_row(name, read.get(name, ""), form, name in claimed) for name in form.card.fields],
        "form": form,
        "nothing_said": nothing_said,
        "too_many": too_many,
        **steps(Step.CHECK),
    }
    return render(request, "onboarding/check.html", context, status=status)


def _row(name: Field, text: str, form: ClaimsForm, claimed: bool) -> dict[str, object]:
    bound = form[name.value]
    return {
        "name": name.value,
        "label": wording.FIELDS[name],
        "shown": _shown(name, text),
        "bound": bound,
        # A number that was typed wrong is not shown again: nobody reads it off the screen.
        "typed": "" if name is Field.RRN else (bound.value() or ""),
        "claimed": claimed,
        "hint": _hint(name, latin=form.card.latin_names),
        "sexes": [(sex.value, words) for sex, words in wording.SEXES.items()] if name is Field.SEX else [],
    }


def _shown(name: Field, text: str) -> str | _StrPromise:
    """In the customer's language where the value was understood, else as it was read."""
    try:
        if name in DATES:
            return date_format(date.fromisoformat(text), "DATE_FORMAT")
        if name is Field.SEX:
            return wording.SEXES[Sex(text)]
    except ValueError:
        return text
    return text


def _hint(name: Field, *, latin: bool) -> str:
    return {
        Field.NAME: _("As on the card, in capital letters")
        if latin
        else _("As on the card, for example 홍길동 (洪吉童)"),
        Field.RRN: _("Six digits, a hyphen, seven digits"),
        Field.BIRTHDAY: _("For example 1982-07-01"),
        Field.ISSUED: _("For example 2015-03-01"),
        Field.ADDRESS: _("As on the card"),
    }.get(name, "")
