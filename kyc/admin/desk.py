"""The officer's own filters on the queue: kept under a name, opened by a link, forgotten by a button."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kyc import wording_queue
from kyc.admin.queue_filters import QUEUE_FILTERS
from kyc.admin.requests import officer_of
from kyc.models import SavedView
from kyc.services import desk

if TYPE_CHECKING:
    from kyc.admin.pages import ReadOnlyAdmin

QUEUE = "admin:kyc_case_changelist"


def views_of(request: HttpRequest) -> list[SavedView]:
    return desk.views(officer_of(request))


def patterns(admin: "ReadOnlyAdmin") -> list[URLPattern]:
    site, page = admin.admin_site, Desk(admin)
    return [
        path("views/keep/", site.admin_view(page.keep), name="kyc_case_keep_view"),
        path("views/<int:view_id>/forget/", site.admin_view(page.forget), name="kyc_case_forget_view"),
    ]


class Desk:
    def __init__(self, admin: "ReadOnlyAdmin") -> None:
        self.admin = admin

    def keep(self, request: HttpRequest) -> HttpResponse:
        """What the queue shows now, under a name."""
        if not self.admin.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(QUEUE)
        asked = {
            spec.parameter_name: text
            for spec in QUEUE_FILTERS
            if (text := request.POST.get(spec.parameter_name))
        }
        first = "first" in request.POST
        try:
            view = desk.keep(
                name=request.POST.get("name", ""), asked=asked, first=first, by=officer_of(request)
            )
        except desk.ViewRefused as e:
            messages.warning(request, wording_queue.VIEW_REFUSALS[e.code])
            return HttpResponseRedirect(f"{reverse(QUEUE)}?{urlencode(asked) or 'show=needed'}")
        messages.success(request, _("Kept as “%(name)s”.") % {"name": view.name})
        return HttpResponseRedirect(f"{reverse(QUEUE)}?{view.query}")

    def forget(self, request: HttpRequest, view_id: int) -> HttpResponse:
        if not self.admin.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            desk.forget(view_id=view_id, by=officer_of(request))
        return HttpResponseRedirect(f"{reverse(QUEUE)}?show=needed")
