"""Cases as a file: what it is for is asked on a page of its own, and registered before a byte leaves."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from kyc import spreadsheets, wording_export, wording_queue, wording_review
from kyc.admin import proof
from kyc.admin.bulk import chosen
from kyc.admin.requests import officer_of
from kyc.domain.roles import Verb
from kyc.models import Case
from kyc.origin import address_of
from kyc.services import export, moderation, register
from kyc.services.officers import allowed

if TYPE_CHECKING:
    from kyc.admin.pages import ReadOnlyAdmin

INVALID, TOO_MANY, UNAVAILABLE = 422, 429, 503
ALL_FILTERED = "filtered"


class Export:
    def __init__(self, admin: "ReadOnlyAdmin") -> None:
        self.admin = admin

    def ask(self, request: HttpRequest) -> HttpResponse:
        """From the queue: what for, in which form, with full numbers or without."""
        _may(request)
        if request.method != "POST":
            return chosen.back(request)
        count = self._cases(request)[: export.MOST + 1].count()
        if not count and request.POST.get("scope") != ALL_FILTERED:
            messages.warning(request, wording_queue.NOTHING_CHOSEN)
            return chosen.back(request)
        refusal = "nothing" if not count else "too_many" if count > export.MOST else ""
        return self._page(request, count=count, refusal=refusal)

    def download(self, request: HttpRequest) -> HttpResponse:
        """The file; where it is refused the page again, with what was typed."""
        _may(request)
        if request.method != "POST":
            return chosen.back(request)
        if asked := proof.ask(request):
            return asked
        cases = self._cases(request)
        try:
            form = spreadsheets.Format(request.POST.get("format", ""))
        except ValueError:
            return self._page(request, count=cases[: export.MOST + 1].count(), refusal="no_format")
        numbers = "numbers" in request.POST and allowed(request.user, Verb.REVEAL_NUMBER)
        try:
            table = export.table(
                cases=cases,
                by=officer_of(request),
                reason=request.POST.get("reason", ""),
                address=address_of(request),
                numbers=numbers,
            )
        except export.ExportRefused as e:
            return self._page(request, count=cases[: export.MOST + 1].count(), refusal=e.code)
        except moderation.TooMany as e:
            told = wording_export.beyond_measure(e.limit, e.left)
            return self._page(request, count=cases[: export.MOST + 1].count(), words=told, status=TOO_MANY)
        except register.RegisterDown:
            words = wording_review.REFUSALS["register_down"]
            return self._page(request, count=cases.count(), words=str(words), status=UNAVAILABLE)
        head = [str(wording_export.COLUMNS[column]) for column in table.columns]
        return attachment(spreadsheets.written(form, head, table.rows), form, "cases")

    def _cases(self, request: HttpRequest) -> QuerySet[Case]:
        """The ticked ones, or all that the queue's filters show."""
        if request.POST.get("scope") == ALL_FILTERED:
            request.GET = QueryDict(chosen.filters(request.POST) or "show=needed")
            return self.admin.get_changelist_instance(request).get_queryset(request).defer(None)
        return Case.objects.filter(pk__in=chosen.ticked(request.POST)).order_by("-created_at", "pk")

    def _page(
        self, request: HttpRequest, *, count: int, refusal: str = "", words: str = "", status: int = INVALID
    ) -> HttpResponse:
        told: dict[str, Any] = {
            "title": _("Export"),
            "count": count,
            "most": export.MOST,
            "refusal": words or wording_export.REFUSALS.get(refusal, ""),
            "possible": 0 < count <= export.MOST,
            "scope": request.POST.get("scope", ""),
            "cases": chosen.ticked(request.POST),
            "filters": chosen.filters(request.POST),
            "reason": request.POST.get("reason", "")[:200],
            "chosen_format": request.POST.get("format", "xlsx"),
            "numbers": "numbers" in request.POST,
            "may_reveal": allowed(request.user, Verb.REVEAL_NUMBER),
            "columns": [wording_export.COLUMNS[column] for column in export.columns(officer_of(request))],
        }
        context = self.admin.admin_site.each_context(request) | told
        status = status if told["refusal"] else 200
        return TemplateResponse(request, "admin/kyc/case/bulk_export.html", context, status=status)


def attachment(data: bytes, form: spreadsheets.Format, name: str) -> HttpResponse:
    """A file to keep, held by no cache."""
    stamp = f"{timezone.localtime():%Y%m%d-%H%M}"
    headers = {
        "Content-Disposition": f'attachment; filename="sinwon-{name}-{stamp}.{form.value}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type=form.content_type, headers=headers)


def _may(request: HttpRequest) -> None:
    if not allowed(request.user, Verb.EXPORT):
        raise PermissionDenied
