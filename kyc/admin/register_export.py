"""The page that takes the disclosure register out: the same filters as its list, a reason, then a CSV file."""

from typing import TYPE_CHECKING

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from kyc import wording_officers
from kyc.admin import proof
from kyc.admin.requests import officer_of
from kyc.domain.roles import Verb
from kyc.services import officers, registers

if TYPE_CHECKING:
    from kyc.admin.pages import ReadOnlyAdmin

INVALID = 422
KEPT = ("officer", "case", "what")


class Export:
    def __init__(self, admin: "ReadOnlyAdmin") -> None:
        self.admin = admin

    def show(self, request: HttpRequest) -> HttpResponseBase:
        if not officers.allowed(request.user, Verb.SEE_REGISTERS):
            raise PermissionDenied
        reason = request.POST.get("reason", "")
        if request.method != "POST" or reason not in wording_officers.EXPORT_REASONS:
            return self._form(request)
        if asked := proof.ask(request):
            return asked
        return self._file(request, reason)

    def _form(self, request: HttpRequest) -> HttpResponse:
        missing = request.method == "POST"
        context = self.admin.admin_site.each_context(request) | {
            "title": _("Export the disclosure register"),
            "reasons": wording_officers.EXPORT_REASONS.items(),
            "filtered": any(request.GET.get(name) for name in request.GET),
            "missing": missing,
        }
        status = INVALID if missing else 200
        return TemplateResponse(request, "admin/kyc/disclosure/export.html", context, status=status)

    def _file(self, request: HttpRequest, reason: str) -> HttpResponseBase:
        try:
            rows = self.admin.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect("admin:kyc_disclosure_changelist")
        lines = registers.export_disclosures(
            rows=rows,
            by=officer_of(request),
            reason=reason,
            asked={name: request.GET[name][:36] for name in KEPT if request.GET.get(name)},
        )
        name = f"disclosures-{timezone.localdate():%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            lines,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )
