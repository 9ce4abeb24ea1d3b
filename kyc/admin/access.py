"""The monthly review of who saw whose data, for auditors: the figures, what is out of line, and the signature."""

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kyc import wording_custody
from kyc.admin.pages import ReadOnlyAdmin
from kyc.admin.requests import officer_of
from kyc.domain.roles import Verb
from kyc.models import AccessReview, Disclosure
from kyc.selectors import access as figures_of
from kyc.services import access

KINDS = dict(Disclosure.What.choices)


class AccessReviewAdmin(ReadOnlyAdmin):
    verbs = frozenset({Verb.REVIEW_ACCESS})
    menu = gettext_lazy("Monthly review")
    list_display = ("month_link", "signed_by", "moment", "looks", "note")
    list_select_related = ("by",)
    ordering = ("-month",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.of_month)
        return [*super().get_urls(), path("<int:year>-<int:month>/", view, name="kyc_accessreview_month")]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        late = set(access.overdue())
        waiting = [(month, month in late) for month in access.unsigned()]
        told = {"title": _("Monthly review of disclosures"), "waiting": waiting}
        return super().changelist_view(request, told | (extra_context or {}))

    def of_month(self, request: HttpRequest, year: int, month: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        first = _first(year, month)
        error, status = "", 200
        if request.method == "POST":
            try:
                access.sign(month=first, by=officer_of(request), note=request.POST.get("note", ""))
            except access.NotSigned as e:
                error, status = str(wording_custody.NOT_SIGNED[e.code]), 422
            else:
                messages.success(request, _("Signed: %(month)s.") % {"month": f"{first:%Y-%m}"})
                return redirect("admin:kyc_accessreview_changelist")
        review = AccessReview.objects.select_related("by").filter(month=first).first()
        context = self.admin_site.each_context(request) | {
            "title": _("Disclosures of %(month)s") % {"month": f"{first:%Y-%m}"},
            "review": review,
            "people": _people(review.figures if review else figures_of.figures(first)),
            "error": error,
            "note": request.POST.get("note", ""),
        }
        return TemplateResponse(request, "admin/kyc/accessreview/month.html", context, status=status)

    @admin.display(description=gettext_lazy("month"))
    def month_link(self, row: AccessReview) -> SafeString:
        url = reverse("admin:kyc_accessreview_month", args=[row.month.year, row.month.month])
        return format_html('<a href="{}">{}</a>', url, f"{row.month:%Y-%m}")

    @admin.display(description=gettext_lazy("signed by"))
    def signed_by(self, row: AccessReview) -> str:
        return row.by.get_username()

    @admin.display(description=gettext_lazy("looks"))
    def looks(self, row: AccessReview) -> int:
        return int(row.figures["looks"])


def _first(year: int, month: int) -> date:
    try:
        return date(year, month, 1)
    except ValueError as e:
        raise Http404 from e


def _people(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of the page: kinds of looks and outliers in words, gravest first."""
    people = [
        person
        | {
            "kinds": ", ".join(
                f"{KINDS.get(kind, kind)} {count}" for kind, count in sorted(person["what"].items())
            ),
            "outliers": [wording_custody.OUTLIERS[code] for code in person["outliers"]],
        }
        for person in figures["people"]
    ]
    return sorted(people, key=lambda person: (-len(person["outliers"]), -person["looks"]))
