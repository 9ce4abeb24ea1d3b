"""The second step at the door, and setting a second factor up: an authenticator app, or a passkey of this device."""

from collections.abc import Mapping

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from kyc.admin import proof
from kyc.admin.requests import officer_of, origin_of, way_on
from kyc.admin.signin import wait_words
from kyc.services import authenticators, guesses, officers, presence, second_factor

INVALID = 422


@sensitive_post_parameters()
def show(request: HttpRequest) -> HttpResponse:
    """Asks for the second factor of whoever gave the right password."""
    if not officers.roles_of(request.user):
        return redirect("admin:login")
    account, error, status = officer_of(request), "", 200
    if presence.passed(request.session, account):
        return HttpResponseRedirect(way_on(request, reverse("admin:index")))
    if not authenticators.enrolled(account):
        return redirect("admin:second_factor_set_up")
    if request.method == "POST":
        try:
            given = proof.given_in(request)
            if second_factor.sign_in(
                account=account, session=request.session, proof=given, origin=origin_of(request)
            ):
                return HttpResponseRedirect(way_on(request, reverse("admin:index")))
            error = _("That was not right, or the code was used before. A new code appears every 30 seconds.")
            status = INVALID
        except guesses.Waiting as e:
            error, status = wait_words(e), proof.TOO_MANY
    told = {
        "title": _("The second step"),
        "error": error,
        "passkey": authenticators.passkey_question(account) if authenticators.has_passkey(account) else "",
    }
    return _page(request, "admin/second_factor.html", told, status)


@sensitive_post_parameters()
def set_up(request: HttpRequest) -> HttpResponse:
    """At the first sign-in; later for another app or passkey, after a fresh proof."""
    if not officers.roles_of(request.user):
        return redirect("admin:login")
    account = officer_of(request)
    if presence.passed(request.session, account):
        if asked := proof.ask(request):
            return asked
    elif authenticators.enrolled(account):
        return redirect("admin:second_factor")
    error = ""
    if request.method == "POST" and ("code" in request.POST or "credential" in request.POST):
        codes = _keep(request)
        if codes is not None:
            return _kept(request, codes)
        error = _("That did not fit. Check the time of your telephone, and type the code that it shows now.")
    return _offer(request, error)


def _keep(request: HttpRequest) -> list[str] | None:
    account, session, origin = officer_of(request), request.session, origin_of(request)
    if request.POST.get("credential"):
        answer, name = request.POST["credential"], request.POST.get("name", "")
        return second_factor.set_up_passkey(
            account=account, session=session, answer=answer, name=name, origin=origin
        )
    return second_factor.set_up_app(
        account=account, session=session, code=request.POST.get("code", ""), origin=origin
    )


def _kept(request: HttpRequest, codes: list[str]) -> HttpResponse:
    on = way_on(request, reverse("admin:index"))
    if not codes:
        messages.success(request, _("Your second factor is kept."))
        return redirect("admin:own_account")
    return recovery_codes(request, codes, on)


def recovery_codes(request: HttpRequest, codes: list[str], on: str) -> HttpResponse:
    """The codes, on this answer alone."""
    told = {"title": _("Your recovery codes"), "codes": codes, "on": on}
    return _page(request, "admin/recovery_codes.html", told, 200)


def _offer(request: HttpRequest, error: str) -> HttpResponse:
    account = officer_of(request)
    secret = second_factor.pending_secret(request.session)
    address = authenticators.app_address(account, secret)
    told = {
        "title": _("Set up your second factor"),
        "error": error,
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "otpauth": address,
        "qr": authenticators.qr(address),
        "offer": authenticators.passkey_offer(account),
    }
    return _page(request, "admin/second_factor_set_up.html", told, INVALID if error else 200)


def _page(request: HttpRequest, template: str, told: Mapping[str, object], status: int) -> HttpResponse:
    context = admin.site.each_context(request) | {"next": way_on(request, "")} | dict(told)
    return TemplateResponse(request, template, context, status=status)
