"""Mails to customers, for administrators: what waits, what went, what was given up, and never to whom."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from kyc import wording_mail
from kyc.admin.requests import officer_of
from kyc.domain.mails import Event
from kyc.domain.roles import Verb
from kyc.models import MailMessage
from kyc.models.delivery import IN_NEED_FIRST
from kyc.services import mailing, officers

SHOWN = 100


def show(request: HttpRequest) -> HttpResponse:
    if not officers.allowed(request.user, Verb.MANAGE_HOSTS):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request)
    message = _named(request.POST.get("again", ""))
    if message is not None and mailing.replay(message=message, by=officer_of(request)):
        messages.success(
            request, _("The e-mail is sent again within seconds, and for three days if need be.")
        )
    else:
        messages.warning(request, _("That is not there any more, so nothing was changed."))
    return redirect("admin:mails")


def _named(text: str) -> MailMessage | None:
    try:
        return MailMessage.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return None


def _page(request: HttpRequest) -> HttpResponse:
    rows = MailMessage.objects.order_by(*IN_NEED_FIRST)[:SHOWN]
    context = admin.site.each_context(request) | {
        "title": _("E-mails to customers"),
        "mails": [_told(row) for row in rows],
    }
    return TemplateResponse(request, "admin/mails.html", context)


def _told(row: MailMessage) -> dict[str, Any]:
    return {
        "row": row,
        "about": wording_mail.EVENTS[Event(row.event)],
        "failure": wording_mail.failure(row.problem) if row.problem else "",
        "may_replay": row.dead_at is not None and row.code_id is None,
    }
