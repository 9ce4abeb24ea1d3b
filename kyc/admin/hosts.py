"""Host systems, for administrators: the list, and a new one. A system's own page is `host_page`."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kyc import wording_hosts
from kyc.admin import host_page, proof
from kyc.admin.pages import ReadOnlyAdmin
from kyc.admin.requests import officer_of
from kyc.domain.roles import Verb
from kyc.models import ApiKey, Host, OutboxMessage, WebhookEndpoint
from kyc.services import hosts, officers

INVALID = 422


class HostAdmin(ReadOnlyAdmin):
    """Nothing of a customer stands here, so that it is the administrators' page."""

    verbs = frozenset({Verb.MANAGE_HOSTS})
    menu = gettext_lazy("Host systems")
    list_display = ("system", "keys_in_force", "listens", "dead")
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Host]:
        rows: QuerySet[Host] = super().get_queryset(request)
        told: QuerySet[Host] = rows.annotate(
            standing=_count(ApiKey.objects.filter(revoked_at=None, expires_at__gt=timezone.now()), "host"),
            ears=_count(WebhookEndpoint.objects.filter(active=True), "host"),
            lost=_count(OutboxMessage.objects.exclude(dead_at=None), "endpoint__host"),
        )
        return told

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            *super().get_urls(),
            path("new/", site.admin_view(self.new), name="kyc_host_new"),
            path("<uuid:host_id>/", site.admin_view(host_page.show), name="kyc_host_page"),
        ]

    @admin.display(description=gettext_lazy("system"))
    def system(self, host: Host) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("admin:kyc_host_page", args=[host.pk]), host.name)

    @admin.display(description=gettext_lazy("keys in force"))
    def keys_in_force(self, host: Any) -> int:
        return int(host.standing)

    @admin.display(description=gettext_lazy("webhook addresses"))
    def listens(self, host: Any) -> int:
        return int(host.ears)

    @admin.display(description=gettext_lazy("messages given up"))
    def dead(self, host: Any) -> int:
        return int(host.lost)

    def new(self, request: HttpRequest) -> HttpResponse:
        if not officers.allowed(request.user, Verb.MANAGE_HOSTS):
            raise PermissionDenied
        told: dict[str, Any] = {"title": _("New host system"), "sent": request.POST}
        status = 200
        if request.method == "POST":
            if asked := proof.ask(request):
                return asked
            try:
                host = hosts.create(
                    name=request.POST.get("name", ""),
                    return_addresses=request.POST.get("returns", "").splitlines(),
                    by=officer_of(request),
                )
            except hosts.HostRefused as e:
                told["error"], status = wording_hosts.REFUSALS[e.code], INVALID
            else:
                messages.success(request, _("The system is known now. Make it a key."))
                return redirect("admin:kyc_host_page", host.pk)
        context = self.admin_site.each_context(request) | told
        return TemplateResponse(request, "admin/kyc/host/new.html", context, status=status)


def _count(rows: QuerySet[Any], host: str) -> Coalesce:
    """How many of these rows each host has, each kind on its own: joined, their numbers multiply."""
    own = rows.filter(**{host: OuterRef("pk")}).order_by().values(host).annotate(count=Count("pk"))
    return Coalesce(Subquery(own.values("count"), output_field=IntegerField()), 0)
