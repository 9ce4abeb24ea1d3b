"""When a session ended while an officer typed: the form is kept, sealed, and comes back after signing in again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from kyc.admin.workbench import form
from kyc.models import Case
from kyc.services import drafts, officers, signin

View = Callable[..., HttpResponse]


class _Token(CsrfViewMiddleware):
    """Says why a token does not hold, in place of an answer."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponseForbidden:
        return HttpResponseForbidden(reason)


def token_is_stale(request: HttpRequest) -> bool:
    """Whether the form's token is not the session's: the page was open before a sign-in, or the form is forged."""
    check = _Token(_nothing)
    check.process_request(request)
    return check.process_view(request, _nothing, (), {}) is not None


def _nothing(request: HttpRequest) -> HttpResponse:
    """What the token is asked for in name: no view is run."""
    return HttpResponse()


def keeping(guarded: View) -> View:
    """The guarded view for officers; for one whose session has just ended, the form is kept first.

    The token is checked by the view itself, which shows a stale form again with all that was typed in it.
    """

    def view(request: HttpRequest, case_id: UUID, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not officers.roles_of(request.user):
            return _signed_out(request, case_id)
        return guarded(request, case_id, **kwargs)

    return csrf_exempt(view)


def _signed_out(request: HttpRequest, case_id: UUID) -> HttpResponse:
    account_id = request.session.get(signin.ENDED_ACCOUNT)
    account = User.objects.filter(pk=account_id, is_active=True).first() if account_id else None
    case = Case.objects.filter(pk=case_id).first() if account and not token_is_stale(request) else None
    if account and case and drafts.keep(case=case, account=account, form=form.draft(request.POST)):
        messages.info(request, _("What you had typed is kept for an hour and comes back when you sign in."))
    return redirect_to_login(reverse("admin:kyc_case_change", args=[case_id]), reverse("admin:login"))
