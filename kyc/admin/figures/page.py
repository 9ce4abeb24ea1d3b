"""The figures of the work, for who leads it: counted, drawn, as a table, as a file. Nobody's data stands in them."""

import csv
import io
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from kyc import wording_figures
from kyc.admin.figures import period, shape
from kyc.domain.measures import Measure
from kyc.domain.roles import Verb
from kyc.selectors import figures
from kyc.services.officers import allowed

SERIES = (Measure.DECIDED, Measure.ARRIVED)
COLUMNS = ("day", "figure", "key", "count", "total")


class Figures:
    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def show(self, request: HttpRequest) -> HttpResponse:
        may(request)
        days, refusal = period.asked(request)
        told, now = figures.told(days, series=SERIES), figures.queue_now()
        shown: dict[str, Any] = {
            "title": _("Figures"),
            "now": now,
            "moment": timezone.now(),
            "ages": shape.parts({str(wording_figures.AGES[key]): n for key, n in now.ages.items()}),
            "risks": shape.parts({str(wording_figures.RISKS[key]): n for key, n in now.risks.items()}),
            "decisions": shape.decisions(told, days),
            "waiting": shape.waiting(told),
            "looked": shape.looked(told),
            "corrected": shape.corrected(told),
            "compared": shape.compared(told),
            "findings": shape.findings(told),
            **asked(days, refusal, told),
        }
        context = self.site.each_context(request) | shown
        return TemplateResponse(request, "admin/figures/figures.html", context)

    def file(self, request: HttpRequest) -> HttpResponse:
        """Every figure of every day of the period: codes and counts."""
        may(request)
        days, _refusal = period.asked(request)
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerows(
            (day, measure, key, n, f"{total:g}") for day, measure, key, n, total in figures.rows(days)
        )
        name = f"sinwon-figures-{days.first}-{days.last}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def asked(days: figures.Period, refusal: str, told: figures.Told) -> dict[str, Any]:
    """What both pages say of their period."""
    return {
        "period": days,
        "choices": period.CHOICES,
        "refusal": wording_figures.PERIOD_REFUSALS.get(refusal, ""),
        "uncounted": figures.behind(days, told.counted_to),
        "counted_to": told.counted_to,
    }


def may(request: HttpRequest) -> None:
    if not allowed(request.user, Verb.SEE_FIGURES):
        raise PermissionDenied
