"""Asks an officer, in the middle of a step, to show once more who sits there; what was sent comes along and is done.

    @proof.required
    def export(request): …

or, where only some of what a view does is grave: `if asked := proof.ask(request): return asked`. Nothing is kept on the
server meanwhile: the page that asks holds the fields of the form (not its files), and sends them to the same address.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from kyc.admin.requests import officer_of, origin_of
from kyc.admin.signin import wait_words
from kyc.services import authenticators, guesses, presence, second_factor
from kyc.services.second_factor import Proof

CODE, PASSWORD, PASSKEY, BEGAN_AS = "proof_code", "proof_password", "proof_passkey", "proof_began_as"
OWN = frozenset({CODE, PASSWORD, PASSKEY, BEGAN_AS, "csrfmiddlewaretoken"})
UNAUTHORISED, TOO_MANY = 401, 429


def required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view of which every step needs a fresh proof; the request is its first argument, or follows `self`."""

    @wraps(view)
    def guarded(*arguments: Any, **named: Any) -> HttpResponse:
        request = next(value for value in arguments if isinstance(value, HttpRequest))
        return ask(request) or view(*arguments, **named)

    return guarded


def ask(request: HttpRequest) -> HttpResponse | None:
    """None where the officer proved lately who they are, or does so by this very request; else the page that asks."""
    if presence.fresh(request.session):
        return None
    account, error, status = officer_of(request), "", UNAUTHORISED
    given = given_in(request)
    if given:
        try:
            if second_factor.confirm(
                account=account, session=request.session, proof=given, origin=origin_of(request)
            ):
                return _go_on(request)
            error = _("That was not right, or the code was used before. A new code appears every 30 seconds.")
        except guesses.Waiting as e:
            error, status = wait_words(e), TOO_MANY
    return _page(request, error, status)


def given_in(request: HttpRequest) -> Proof:
    sent = request.POST
    return Proof(code=sent.get(CODE, ""), password=sent.get(PASSWORD, ""), passkey=sent.get(PASSKEY, ""))


def _go_on(request: HttpRequest) -> HttpResponse | None:
    """A page that was only asked for is asked for again; a form goes its way."""
    return HttpResponseRedirect(request.get_full_path()) if request.POST.get(BEGAN_AS) == "GET" else None


def _page(request: HttpRequest, error: str, status: int) -> HttpResponse:
    account = officer_of(request)
    kept = [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values]
    context = admin.site.each_context(request) | {
        "title": _("Is it still you?"),
        "kept": kept,
        "began_as": request.POST.get(BEGAN_AS, request.method),
        "address": request.get_full_path(),
        "error": error,
        "passkey": authenticators.passkey_question(account) if authenticators.has_passkey(account) else "",
    }
    response = TemplateResponse(request, "admin/proof.html", context, status=status)
    response.headers["WWW-Authenticate"] = 'SecondFactor realm="officers"'
    return response
