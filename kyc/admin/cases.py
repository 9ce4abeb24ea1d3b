"""The queue: what needs this officer now, ordered by when it is due; each row leads to the workbench."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kyc import wording_review
from kyc.admin import columns
from kyc.admin.pages import ReadOnlyAdmin
from kyc.admin.queue_filters import QUEUE_FILTERS
from kyc.admin.workbench.urls import patterns
from kyc.domain.roles import Verb
from kyc.models import Case
from kyc.selectors import queue
from kyc.services import officers


class Queue(ChangeList):
    """The page's rows with what their newest pictures brought, in three queries for all of them."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        cases: list[Case] = list(self.result_list)
        found = queue.facts_of(cases)
        for case in cases:
            case.row = found.get(case.pk, queue.RowFacts())  # type: ignore[attr-defined]
            case.viewer_id = request.user.pk  # type: ignore[attr-defined]
        self.result_list = cases


class CaseAdmin(ReadOnlyAdmin):
    verbs = frozenset({Verb.SEE_CASES})
    menu = gettext_lazy("Queue")
    list_display = ("case", "state_in_words", "due", "age", "findings", "readers", "holder")
    list_filter = QUEUE_FILTERS
    list_select_related = ("claimed_by",)
    ordering = queue.IN_ORDER

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Queue

    def get_urls(self) -> list[URLPattern]:
        return super().get_urls() + patterns(self)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        told = {
            "title": _("Queue"),
            "reviews": officers.allowed(request.user, Verb.REVIEW),
            "searches_people": officers.allowed(request.user, Verb.SEE_PICTURE),
        }
        return super().changelist_view(request, told | (extra_context or {}))

    @admin.display(description=gettext_lazy("case"))
    def case(self, case: Case) -> str | SafeString:
        return columns.case_link(case.pk)

    @admin.display(description=gettext_lazy("state"))
    def state_in_words(self, case: Case) -> SafeString:
        return columns.state_chip(case.status)

    @admin.display(description=gettext_lazy("due"))
    def due(self, case: Case) -> str | SafeString:
        return columns.due(case.due_at if case.status in queue.REVIEWED else None)

    @admin.display(description=gettext_lazy("age"))
    def age(self, case: Case) -> SafeString:
        return columns.age(case.created_at)

    @admin.display(description=gettext_lazy("findings"))
    def findings(self, case: Any) -> SafeString:
        return columns.severity_chips(case.row.findings)

    @admin.display(description=gettext_lazy("reader"))
    def readers(self, case: Any) -> str:
        return ", ".join(wording_review.reader(name) for name in case.row.readers) or columns.NOTHING

    @admin.display(description=gettext_lazy("held by"))
    def holder(self, case: Any) -> str | SafeString:
        if case.claimed_by is None or case.claim_expires is None or case.claim_expires < timezone.now():
            return columns.NOTHING
        if case.claimed_by_id == case.viewer_id:
            return format_html("<strong>{}</strong>", _("me"))
        return str(case.claimed_by.get_username())
