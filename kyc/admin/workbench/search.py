"""Search from the queue. What was typed travels in the body of a POST and stands in no address and no log."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from kyc import wording_review
from kyc.admin import columns
from kyc.admin.requests import officer_of
from kyc.domain.roles import Verb
from kyc.selectors import queue
from kyc.services import officers, pace, search

if TYPE_CHECKING:
    from kyc.admin.pages import ReadOnlyAdmin

TOO_MANY = 429


class Search:
    def __init__(self, admin: "ReadOnlyAdmin") -> None:
        self.admin = admin

    def find(self, request: HttpRequest) -> HttpResponse:
        """One case is opened; several, or none, are told on the page."""
        if not self.admin.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect("admin:kyc_case_changelist")
        try:
            found = search.find(text=request.POST.get("text", ""), by=officer_of(request))
        except pace.TooFast:
            return self._answer(request, {"refusal": wording_review.REFUSALS["too_many_searches"]}, TOO_MANY)
        if len(found.cases) == 1:
            return redirect("admin:kyc_case_change", found.cases[0].pk)
        facts = queue.facts_of(found.cases)
        rows = [
            {
                "case": columns.case_link(case.pk),
                "state": columns.state_chip(case.status),
                "age": columns.age(case.created_at),
                "findings": columns.severity_chips(facts.get(case.pk, queue.RowFacts()).findings),
            }
            for case in found.cases
        ]
        return self._answer(request, {"kind": found.kind.value, "rows": rows})

    def _answer(self, request: HttpRequest, told: dict[str, Any], status: int = 200) -> HttpResponse:
        context = self.admin.admin_site.each_context(request) | told
        context |= {
            "title": _("Search"),
            "searches_people": officers.allowed(request.user, Verb.SEE_PICTURE),
        }
        return TemplateResponse(request, "admin/kyc/case/found.html", context, status=status)
