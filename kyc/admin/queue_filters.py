"""The filters of the queue. Each narrows by an index or within the cases that are open."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kyc import wording, wording_findings, wording_review
from kyc.domain.findings import CODES, Severity
from kyc.domain.lifecycle import WITH_OFFICERS, State
from kyc.domain.risk import Risk
from kyc.domain.roles import ALLOWED, Verb
from kyc.models import Case
from kyc.selectors import narrowing, queue
from kyc.services.officers import allowed

Choices = list[tuple[str, Any]]


class KnownFilter(admin.SimpleListFilter):
    """Narrows by what it offers; a value that it does not know is as good as none, and is told."""

    def value(self) -> str | None:
        return None if self.misunderstood else super().value()

    @property
    def misunderstood(self) -> bool:
        asked = self.used_parameters.get(self.parameter_name or "")
        return bool(asked) and asked not in {key for key, _words in self.lookup_choices}


class WorkFilter(KnownFilter):
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
        reviewed = queryset.filter(queue.waiting())
        match self.value():
            case self.ALL:
                return queryset
            case self.MINE:
                return reviewed.filter(queue.held_by(account.pk, now))
            case self.FREE:
                return reviewed.filter(queue.free(None, now))
            case self.SECOND:
                return reviewed.filter(state=State.SECOND_REVIEW)
            case self.NEEDED if allowed(account, Verb.REVIEW):
                return queryset.filter(
                    queue.needing(account.pk, seconds=allowed(account, Verb.SECOND), now=now)
                )
        return reviewed


class StateFilter(KnownFilter):
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
        if self.value() in WITH_OFFICERS:
            queryset = queryset.filter(queue.waiting())
        return queryset.filter(state=self.value()) if self.value() else queryset


class SeverityFilter(KnownFilter):
    """By the gravest finding on the newest picture."""

    title = _("gravest finding")
    parameter_name = "severity"
    RISKS = {"high": Risk.HIGH, "low": Risk.LOW, "info": Risk.INFO, "none": Risk.NONE}

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        graded = [(severity.value, wording.SEVERITIES[severity]) for severity in reversed(Severity)]
        return [*graded, ("none", _("No finding"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        risk = self.RISKS.get(self.value() or "")
        return queryset if risk is None else queryset.filter(risk=risk)


class FindingFilter(KnownFilter):
    title = _("finding")
    parameter_name = "finding"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(code, wording_findings.FINDINGS[code].title) for code in CODES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        code = self.value()
        return narrowing.with_code(queryset, code) if code else queryset


class DueFilter(KnownFilter):
    title = _("due")
    parameter_name = "due"
    SOON = timedelta(hours=4)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("overdue", _("Overdue")), ("soon", _("Within 4 hours")), ("later", _("Later"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        now = timezone.now()
        match self.value():
            case "overdue":
                return queryset.filter(queue.overdue(now))
            case "soon":
                return queryset.filter(due_at__gte=now, due_at__lt=now + self.SOON)
            case "later":
                return queryset.filter(due_at__gte=now + self.SOON)
        return queryset


class AgeFilter(KnownFilter):
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


class ChannelFilter(KnownFilter):
    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return list(Case.Channel.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        return queryset.filter(channel=self.value()) if self.value() else queryset


class ReaderFilter(KnownFilter):
    title = _("reader")
    parameter_name = "reader"
    NOBODY = "nobody"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        known = [(name, wording_review.reader(name)) for name in settings.OCR_READERS]
        return [*known, (self.NOBODY, _("Read by no reader"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        if self.value() == self.NOBODY:
            return narrowing.read_by_nobody(queryset)
        return narrowing.read_by(queryset, self.value() or "") if self.value() else queryset


class OfficerFilter(KnownFilter):
    """Who holds a case, was given it, or decided on it."""

    title = _("officer")
    parameter_name = "officer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(str(pk), name) for pk, name in reviewers(request)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        account = self.value()
        return narrowing.of_officer(queryset, int(account), timezone.now()) if account else queryset


class ResubmittedFilter(KnownFilter):
    title = _("pictures")
    parameter_name = "again"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("yes", _("Sent again, or applied again")), ("no", _("First picture"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        return queryset.filter(resubmitted=self.value() == "yes") if self.value() else queryset


def reviewers(request: HttpRequest) -> list[tuple[int, str]]:
    """The officers who review, by name; looked up once a request."""
    known: list[tuple[int, str]] | None = getattr(request, "_sinwon_reviewers", None)
    if known is None:
        names = [role.value for role, verbs in ALLOWED.items() if Verb.REVIEW in verbs]
        accounts = User.objects.filter(groups__name__in=names, is_active=True).distinct()
        known = list(accounts.order_by("username").values_list("pk", "username"))
        request._sinwon_reviewers = known  # type: ignore[attr-defined]
    return known


QUEUE_FILTERS: list[Any] = [
    WorkFilter,
    StateFilter,
    SeverityFilter,
    FindingFilter,
    DueFilter,
    AgeFilter,
    ReaderFilter,
    OfficerFilter,
    ResubmittedFilter,
    ChannelFilter,
]
