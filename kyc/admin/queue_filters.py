"""The filters of the queue. Each narrows by an index or within the cases that are open."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc import wording, wording_findings
from kyc.domain.findings import CODES, Severity
from kyc.domain.lifecycle import State
from kyc.domain.roles import Verb
from kyc.models import Case
from kyc.selectors import queue
from kyc.services.officers import allowed

Choices = list[tuple[str, Any]]


class WorkFilter(admin.SimpleListFilter):
    """What needs me now, unless something else is asked."""

    title = _("work")
    parameter_name = "show"
    NEEDED, OPEN, MINE, FREE, SECOND, ALL = "needed", "open", "mine", "free", "second", "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            (self.NEEDED, _("Needs me now")),
            (self.MINE, _("Held by me")),
            (self.FREE, _("Held by nobody")),
            (self.SECOND, _("Waits for a second officer")),
            (self.OPEN, _("All in review")),
            (self.ALL, _("All cases")),
        ]

    def value(self) -> str:
        return super().value() or self.NEEDED

    def choices(self, changelist: ChangeList) -> Any:
        for value, title in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}, ["p"]),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        now, account = timezone.now(), request.user
        reviewed = queryset.filter(state__in=queue.REVIEWED)
        match self.value():
            case self.ALL:
                return queryset
            case self.MINE:
                return reviewed.filter(queue.held_by(account.pk, now))
            case self.FREE:
                return reviewed.filter(queue.free(None, now))
            case self.SECOND:
                return queryset.filter(state=State.SECOND_REVIEW)
            case self.NEEDED if allowed(account, Verb.REVIEW):
                return queryset.filter(
                    queue.needing(account.pk, seconds=allowed(account, Verb.SECOND), now=now)
                )
        return reviewed


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(state.value, wording.STATES[state]) for state in State]

    def choices(self, changelist: ChangeList) -> Any:
        """A state is looked for among all cases, not only among those that need me."""
        for value, title in [("", _("Any")), *self.lookup_choices]:
            asked = {self.parameter_name: value, WorkFilter.parameter_name: WorkFilter.ALL} if value else {}
            yield {
                "selected": (self.value() or "") == value,
                "query_string": changelist.get_query_string(
                    asked, ["p", *([] if value else [self.parameter_name])]
                ),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class SeverityFilter(admin.SimpleListFilter):
    title = _("gravest finding")
    parameter_name = "severity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        graded = [(severity.value, wording.SEVERITIES[severity]) for severity in reversed(Severity)]
        return [*graded, ("none", _("No finding"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        high = queue.with_finding(severity=Severity.HIGH)
        low = queue.with_finding(severity=Severity.LOW)
        match self.value():
            case Severity.HIGH:
                return queryset.filter(high)
            case Severity.LOW:
                return queryset.filter(low).exclude(high)
            case Severity.INFO:
                return queryset.filter(queue.with_finding(severity=Severity.INFO)).exclude(high).exclude(low)
            case "none":
                return queryset.exclude(queue.with_finding())
        return queryset


class FindingFilter(admin.SimpleListFilter):
    title = _("finding")
    parameter_name = "finding"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(code, wording_findings.FINDINGS[code].title) for code in CODES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        code = self.value()
        return queryset.filter(queue.with_finding(code=code)) if code else queryset


class DueFilter(admin.SimpleListFilter):
    title = _("due")
    parameter_name = "due"
    SOON = timedelta(hours=4)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("overdue", _("Overdue")), ("soon", _("Within 4 hours")), ("later", _("Later"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        now = timezone.now()
        match self.value():
            case "overdue":
                return queryset.filter(due_at__lt=now)
            case "soon":
                return queryset.filter(due_at__gte=now, due_at__lt=now + self.SOON)
            case "later":
                return queryset.filter(due_at__gte=now + self.SOON)
        return queryset


class AgeFilter(admin.SimpleListFilter):
    title = _("age")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("day", _("Up to a day")), ("week", _("Up to a week")), ("older", _("Older"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        now = timezone.now()
        match self.value():
            case "day":
                return queryset.filter(created_at__gte=now - timedelta(days=1))
            case "week":
                return queryset.filter(created_at__gte=now - timedelta(days=7))
            case "older":
                return queryset.filter(created_at__lt=now - timedelta(days=7))
        return queryset


class ChannelFilter(admin.SimpleListFilter):
    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return list(Case.Channel.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        return queryset.filter(channel=self.value()) if self.value() else queryset


QUEUE_FILTERS: list[Any] = [
    WorkFilter,
    StateFilter,
    SeverityFilter,
    FindingFilter,
    DueFilter,
    AgeFilter,
    ChannelFilter,
]
