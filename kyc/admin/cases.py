"""The queue: what needs this officer now, ordered by when it is due; each row leads to the workbench."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kyc import wording_queue, wording_review
from kyc.admin import columns, custody, desk
from kyc.admin.bulk import urls as bulk
from kyc.admin.pages import ReadOnlyAdmin
from kyc.admin.queue_filters import QUEUE_FILTERS, KnownFilter, StateFilter, WorkFilter
from kyc.admin.workbench.urls import patterns
from kyc.domain.lifecycle import WITH_OFFICERS
from kyc.domain.roles import Verb
from kyc.models import Case
from kyc.selectors import queue
from kyc.services import officers

LISTED = ("case", "state_in_words", "due", "age", "findings", "readers", "holder")
FILTERS = frozenset(spec.parameter_name for spec in QUEUE_FILTERS)


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

    @property
    def misunderstood(self) -> bool:
        """Whether the address asked a filter for what it does not offer."""
        return any(isinstance(spec, KnownFilter) and spec.misunderstood for spec in self.filter_specs)


class CaseAdmin(ReadOnlyAdmin):
    verbs = frozenset({Verb.SEE_CASES})
    menu = gettext_lazy("Queue")
    list_filter = QUEUE_FILTERS
    list_select_related = ("claimed_by", "assigned_to")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Queue

    def get_list_display(self, request: HttpRequest) -> Any:
        return ("pick", *LISTED) if bulk.chooses(request.user) else LISTED

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return queue.IN_ORDER if _waiting(request) else queue.NEWEST_FIRST

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return Case.objects.defer("sealed_key")

    def get_urls(self) -> list[URLPattern]:
        return (
            super().get_urls()
            + patterns(self)
            + custody.patterns(self)
            + desk.patterns(self)
            + bulk.patterns(self)
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        views = desk.views_of(request)
        if not request.GET and (first := next((view for view in views if view.first), None)):
            return HttpResponseRedirect(f"?{first.query}")
        told = {
            "title": _("Queue"),
            "reviews": officers.allowed(request.user, Verb.REVIEW),
            "searches_people": officers.allowed(request.user, Verb.SEE_PICTURE),
            "order": wording_queue.order() if _waiting(request) else wording_queue.NEWEST_FIRST,
            "views": views,
            "asked": [(key, text) for key, text in request.GET.items() if key in FILTERS],
            "unknown_filter": wording_queue.UNKNOWN_FILTER,
            **bulk.controls(request),
        }
        return super().changelist_view(request, told | (extra_context or {}))

    @admin.display(description=gettext_lazy("choose"))
    def pick(self, case: Case) -> SafeString:
        label = _("Choose case %(case)s") % {"case": case}
        box = '<input type="checkbox" name="case" value="{}" form="bulk" aria-label="{}">'
        return format_html(box, case.pk, label)

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
        """Who works on it now; else whom it was given to."""
        held = case.claimed_by is not None and case.claim_expires and case.claim_expires >= timezone.now()
        of = case.claimed_by if held else case.assigned_to
        if of is None:
            return columns.NOTHING
        name = _("me") if of.pk == case.viewer_id else of.get_username()
        if held:
            return format_html("<strong>{}</strong>", name) if of.pk == case.viewer_id else str(name)
        return str(_("given to %(officer)s") % {"officer": name})


def _waiting(request: HttpRequest) -> bool:
    """Whether the list shows cases that wait for officers, and so in the order in which they are due."""
    asked = request.GET
    state = asked.get(StateFilter.parameter_name, "")
    if asked.get(WorkFilter.parameter_name) == WorkFilter.ALL:
        return state in WITH_OFFICERS
    return True
