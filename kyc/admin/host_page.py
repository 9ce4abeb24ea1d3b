"""One host system, for administrators: its keys, its return addresses, where it listens, and what it did not hear."""

from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from kyc import wording_hosts
from kyc.admin import proof
from kyc.admin.requests import officer_of
from kyc.domain.hosts import Scope
from kyc.domain.roles import Verb
from kyc.models import ApiKey, Host, OutboxMessage, WebhookEndpoint
from kyc.models.delivery import IN_NEED_FIRST
from kyc.services import hosts, listeners, officers
from kyc.services.hosts import HostRefused

Row = TypeVar("Row", bound=Model)

INVALID = 422
SHOWN = 50
USUAL_DAYS = 365


class Secret(str):
    """A key or a secret on its way to the page, this once."""

    __slots__ = ()


def show(request: HttpRequest, host_id: UUID) -> HttpResponse:
    if not officers.allowed(request.user, Verb.MANAGE_HOSTS):
        raise PermissionDenied
    host = get_object_or_404(Host, pk=host_id)
    if request.method != "POST":
        return _page(request, host)
    if asked := proof.ask(request):
        return asked
    try:
        done = _work(request, host)
    except HostRefused as e:
        return _page(request, host, error=str(wording_hosts.REFUSALS[e.code]), status=INVALID)
    if isinstance(done, Secret):
        return _page(request, host, secret=done)
    messages.success(request, done)
    return redirect("admin:kyc_host_page", host.pk)


def _work(request: HttpRequest, host: Host) -> str:
    """A `Secret`, or what to say of what was done."""
    by, sent = officer_of(request), request.POST
    do, _colon, which = sent.get("do", "").partition(":")
    match do:
        case "returns":
            hosts.allow_returns(host=host, addresses=sent.get("returns", "").splitlines(), by=by)
            return _("Customers may be sent back to these addresses.")
        case "key":
            scopes = [scope for scope in Scope if scope.value in sent.getlist("scope")]
            name, sandbox = sent.get("name", ""), sent.get("sandbox") == "yes"
            made = hosts.make_key(
                host=host, name=name, scopes=scopes, days=_days(request), by=by, sandbox=sandbox
            )
            return Secret(made.text)
        case "rotate":
            return Secret(hosts.rotate_key(key=_key(host, which), days=_days(request), by=by).text)
        case "revoke":
            hosts.revoke_key(key=_key(host, which), by=by)
            return _("The key opens nothing any more.")
        case "listen":
            sandbox = sent.get("sandbox") == "yes"
            return Secret(listeners.add(host=host, url=sent.get("url", ""), by=by, sandbox=sandbox)[1])
        case "secret":
            return Secret(listeners.rotate(endpoint=_endpoint(host, which), by=by))
        case "on" | "off":
            listeners.switch(endpoint=_endpoint(host, which), on=do == "on", by=by)
            return _("Switched.")
        case "replay":
            listeners.replay(message=_message(host, which), by=by)
            return _("The message is sent again within seconds, and for three days if need be.")
    return _("Nothing was asked, so nothing was changed.")


def _days(request: HttpRequest) -> int:
    text = request.POST.get("days", "") or str(USUAL_DAYS)
    if not text.isascii() or not text.isdecimal() or len(text) > 4:
        raise HostRefused("days")
    return int(text)


def _key(host: Host, which: str) -> ApiKey:
    return _found(ApiKey.objects.select_related("host").filter(host=host), which)


def _endpoint(host: Host, which: str) -> WebhookEndpoint:
    return _found(WebhookEndpoint.objects.filter(host=host), which)


def _message(host: Host, which: str) -> OutboxMessage:
    return _found(OutboxMessage.objects.filter(endpoint__host=host), which)


def _found(rows: QuerySet[Row], which: str) -> Row:
    try:
        row = rows.filter(pk=UUID(which)).first()
    except ValueError:
        row = None
    if row is None:
        raise HostRefused("unknown")
    return row


def _page(
    request: HttpRequest, host: Host, *, error: str = "", secret: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    sent = request.POST if error else {}
    context = admin.site.each_context(request) | {
        "title": host.name,
        "host": host,
        "error": error,
        "secret": secret,
        "sent": sent,
        "chosen": request.POST.getlist("scope") if error else [],
        "returns": sent.get("returns") or "\n".join(host.return_addresses),
        "scopes": wording_hosts.SCOPES.items(),
        "usual_days": USUAL_DAYS,
        "sandbox": settings.SANDBOX,
        "keys": [_told(key, now) for key in host.keys.order_by("-created_at")],
        "endpoints": host.endpoints.order_by("created_at"),
        "messages_to_host": [_heard(message) for message in _messages(host)],
    }
    return TemplateResponse(request, "admin/kyc/host/page.html", context, status=status)


def _told(key: ApiKey, now: Any) -> dict[str, Any]:
    return {
        "row": key,
        "stands": key.revoked_at is None and key.expires_at > now,
        "scopes": ", ".join(key.scopes),
    }


def _messages(host: Host) -> list[OutboxMessage]:
    rows = OutboxMessage.objects.filter(endpoint__host=host).select_related("endpoint", "verification")
    return list(rows.order_by(*IN_NEED_FIRST)[:SHOWN])


def _heard(message: OutboxMessage) -> dict[str, Any]:
    return {"row": message, "failure": wording_hosts.failure(message.problem) if message.problem else ""}
