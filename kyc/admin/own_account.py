"""An officer's own account: second factors, recovery codes, and where they are signed in."""

from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kyc.admin import proof
from kyc.admin.requests import officer_of
from kyc.admin.second_factor import recovery_codes
from kyc.services import authenticators, officers, presence, second_factor, sessions
from kyc.services.authenticators import Kind

FEW_CODES = 3


def show(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _work(request)
    account = officer_of(request)
    known = authenticators.factors(account)
    strong = [factor for factor in known if factor.kind is not Kind.CODES]
    left = sum(factor.left for factor in known)
    context = admin.site.each_context(request) | {
        "title": _("Your account"),
        "factors": strong,
        "removable": len(strong) > 1,
        "left": left,
        "few": left <= FEW_CODES,
        "sessions": sessions.of(account),
        "this": presence.row_of(request.session),
    }
    return TemplateResponse(request, "admin/own_account.html", context)


def _work(request: HttpRequest) -> HttpResponse:
    do, _colon, which = request.POST.get("do", "").partition(":")
    match do:
        case "end":
            return _end(request, which)
        case "end_others":
            account = officer_of(request)
            here = presence.row_of(request.session)
            sessions.end(account=account, by=officers.actor(account), but=here)
            messages.success(request, _("All other sessions are ended."))
        case "codes" | "remove":
            return _factors(request, do, which)
    return redirect("admin:own_account")


def _end(request: HttpRequest, which: str) -> HttpResponse:
    account = officer_of(request)
    try:
        only = UUID(which)
    except ValueError:
        return redirect("admin:own_account")
    if sessions.end(account=account, by=officers.actor(account), only=only):
        messages.success(request, _("That session is ended."))
    return redirect("admin:own_account")


@proof.required
def _factors(request: HttpRequest, do: str, which: str) -> HttpResponse:
    account = officer_of(request)
    if do == "codes":
        codes = second_factor.new_recovery_codes(account=account)
        return recovery_codes(request, codes, reverse("admin:own_account"))
    if which.isdecimal() and second_factor.remove(account=account, factor_id=int(which)):
        messages.success(request, _("That passkey opens nothing any more."))
    else:
        messages.error(request, _("That one stays: it is your last second factor, or it is gone already."))
    return redirect("admin:own_account")
