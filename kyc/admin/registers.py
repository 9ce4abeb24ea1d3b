"""The registers: who saw what, the audit chain, readings and decisions. Nothing in them can be changed."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kyc import wording_review
from kyc.admin import columns
from kyc.admin.pages import DayFilter, ReadOnlyAdmin
from kyc.admin.register_export import Export
from kyc.admin.register_filters import (
    CaseFilter,
    CaseOfDocumentFilter,
    OfficerFilter,
    OutcomeFilter,
    WhatFilter,
)
from kyc.domain.provenance import Outcome
from kyc.domain.roles import Verb
from kyc.models import AuditEntry, Decision, Disclosure, Reading, SecondLook
from kyc.services import officers


class RegisterList(ChangeList):
    """Knows the names of the officers on its page, in one query."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        ids = {officer_id for row in rows if (officer_id := _officer_id(row.actor)) is not None}
        names = dict(User.objects.filter(pk__in=ids).values_list("pk", "username")) if ids else {}
        for row in rows:
            officer_id = _officer_id(row.actor)
            row.who = names.get(officer_id, row.actor) if officer_id is not None else row.actor
        self.result_list = rows


class Register(ReadOnlyAdmin):
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RegisterList

    @admin.display(description=_("who"))
    def who(self, row: Any) -> str:
        return str(row.who)

    @admin.display(description=_("case"))
    def case_link(self, row: Any) -> str | SafeString:
        return columns.case_link(row.case_id)


class DisclosureAdmin(Register):
    """Officers see what they saw themselves; auditors see all."""

    verbs = frozenset({Verb.SEE_PICTURE, Verb.SEE_REGISTERS})
    menu = _("Disclosures")
    list_display = ("moment", "who", "what_in_words", "case_link", "why", "origin")
    list_filter = (OfficerFilter, CaseFilter, WhatFilter, ("at", DayFilter))
    ordering = ("-at",)

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(Export(self).show)
        return [*super().get_urls(), path("export/", export, name="kyc_disclosure_export")]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        told = {"exports": officers.allowed(request.user, Verb.SEE_REGISTERS)}
        return super().changelist_view(request, told | (extra_context or {}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Disclosure]:
        rows = super().get_queryset(request)
        return rows if officers.allowed(request.user, Verb.SEE_REGISTERS) else rows.filter(by=request.user.pk)

    @admin.display(description=_("what"))
    def what_in_words(self, row: Disclosure) -> str:
        return row.get_what_display()

    @admin.display(description=_("why"))
    def why(self, row: Disclosure) -> str:
        return wording_review.view_reason(row.reason)

    @admin.display(description=_("from where"))
    def origin(self, row: Disclosure) -> str:
        return row.address or columns.NOTHING


class AuditAdmin(Register):
    verbs = frozenset({Verb.SEE_REGISTERS})
    menu = _("Audit chain")
    list_display = ("number", "moment", "event", "who", "case_link", "details")
    list_filter = (CaseFilter, ("at", DayFilter))
    ordering = ("-sequence",)

    @admin.display(description=_("number"))
    def number(self, row: AuditEntry) -> int:
        return row.sequence

    @admin.display(description=_("event"))
    def event(self, row: AuditEntry) -> str:
        return row.action

    @admin.display(description=_("details"))
    def details(self, row: AuditEntry) -> str:
        """Ids and codes, as they stand in the chain."""
        return ", ".join(f"{name}: {value}" for name, value in row.data.items()) or columns.NOTHING


class ReadingAdmin(ReadOnlyAdmin):
    verbs = frozenset({Verb.SEE_CASES})
    menu = _("Readings")
    list_display = (
        "at",
        "case_link",
        "reader_in_words",
        "engine_version",
        "seconds",
        "tries",
        "outcome",
        "request",
    )
    list_filter = (CaseOfDocumentFilter, ("at", DayFilter))
    list_select_related = ("document",)
    ordering = ("-at",)

    @admin.display(description=_("case"))
    def case_link(self, row: Reading) -> str | SafeString:
        return columns.case_link(row.document.case_id)

    @admin.display(description=_("reader"))
    def reader_in_words(self, row: Reading) -> str:
        return wording_review.reader(row.reader)

    @admin.display(description=_("version"))
    def engine_version(self, row: Reading) -> str:
        return row.version or columns.NOTHING

    @admin.display(description=_("tries"))
    def tries(self, row: Reading) -> int:
        return row.attempts

    @admin.display(description=_("request"))
    def request(self, row: Reading) -> str:
        return row.request_id or columns.NOTHING

    @admin.display(description=_("seconds"))
    def seconds(self, row: Reading) -> str:
        return f"{row.duration:.2f}"

    @admin.display(description=_("outcome"))
    def outcome(self, row: Reading) -> str:
        return row.error_code or str(_("read"))


class DecisionAdmin(ReadOnlyAdmin):
    verbs = frozenset({Verb.SEE_CASES})
    menu = _("Decisions")
    list_display = (
        "at",
        "case_link",
        "outcome_in_words",
        "reasons_in_words",
        "by_name",
        "second",
        "standing",
    )
    list_filter = (CaseFilter, OutcomeFilter, ("at", DayFilter))
    list_select_related = ("by", "seconded_by")
    ordering = ("-at",)

    @admin.display(description=_("case"))
    def case_link(self, row: Decision) -> str | SafeString:
        return columns.case_link(row.case_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        looked = Exists(SecondLook.objects.filter(decision=OuterRef("pk")))
        rows: QuerySet[Decision] = super().get_queryset(request).annotate(looked=looked)
        if OutcomeFilter.parameter_name in request.GET:  # a filter would tell what the column hides
            hidden = Decision.objects.waiting().filter(blind=True, looks=None)
            rows = rows.exclude(pk__in=hidden.values("pk"))
        return rows

    @admin.display(description=_("outcome"))
    def outcome_in_words(self, row: Any) -> str:
        if _hidden(row):
            return columns.NOTHING
        return wording_review.outcome(Outcome(row.outcome))

    @admin.display(description=_("reasons"))
    def reasons_in_words(self, row: Any) -> str:
        if _hidden(row):
            return columns.NOTHING
        words = wording_review.reasons(Outcome(row.outcome), row.reasons)
        return ", ".join(words) or columns.NOTHING

    @admin.display(description=_("decided by"))
    def by_name(self, row: Decision) -> str:
        return row.by.get_username()

    @admin.display(description=_("second officer"))
    def second(self, row: Decision) -> str:
        return row.seconded_by.get_username() if row.seconded_by else columns.NOTHING

    @admin.display(description=_("standing"))
    def standing(self, row: Decision) -> str:
        return wording_review.standing(row)


def _hidden(row: Any) -> bool:
    """A blind second look is open: what was proposed stands on no list until it is over."""
    return bool(row.waits and row.blind and not row.looked)


def _officer_id(actor: str) -> int | None:
    kind, _colon, key = actor.partition(":")
    return int(key) if kind == "officer" and key.isdecimal() else None
