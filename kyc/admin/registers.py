"""The registers: who saw what, the audit chain, readings and decisions. Nothing in them can be changed."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kyc import wording_review
from kyc.admin import columns
from kyc.admin.pages import ReadOnlyAdmin
from kyc.domain.provenance import Outcome
from kyc.domain.roles import Role, Verb
from kyc.models import AuditEntry, Decision, Disclosure, Reading
from kyc.services import officers


class CaseFilter(admin.SimpleListFilter):
    """One case, as a link from it asks; shown only while it is set."""

    title = _("case")
    parameter_name = "case"
    path = "case_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        asked = request.GET.get(self.parameter_name, "")
        return [(asked, asked[:8])] if _uuid(asked) else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        case_id = _uuid(self.value() or "")
        return queryset.filter(**{self.path: case_id}) if case_id else queryset


class CaseOfDocumentFilter(CaseFilter):
    path = "document__case_id"


class OfficerFilter(admin.SimpleListFilter):
    """Whose disclosures; only where the register shows others' than one's own."""

    title = _("officer")
    parameter_name = "officer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if not officers.allowed(request.user, Verb.SEE_REGISTERS):
            return []
        accounts = User.objects.filter(groups__name__in=[role.value for role in Role]).distinct()
        return [(str(pk), name) for pk, name in accounts.order_by("username").values_list("pk", "username")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Disclosure]) -> QuerySet[Disclosure]:
        asked = self.value() or ""
        return queryset.filter(by=int(asked)) if asked.isdecimal() else queryset


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
    list_display = ("at", "who", "what_in_words", "case_link", "why", "address")
    list_filter = (OfficerFilter, CaseFilter, "what", "at")
    ordering = ("-at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Disclosure]:
        rows = super().get_queryset(request)
        return rows if officers.allowed(request.user, Verb.SEE_REGISTERS) else rows.filter(by=request.user.pk)

    @admin.display(description=_("what"))
    def what_in_words(self, row: Disclosure) -> str:
        return row.get_what_display()

    @admin.display(description=_("why"))
    def why(self, row: Disclosure) -> str:
        return wording_review.view_reason(row.reason)


class AuditAdmin(Register):
    verbs = frozenset({Verb.SEE_REGISTERS})
    menu = _("Audit chain")
    list_display = ("sequence", "at", "action", "who", "case_link", "details")
    list_filter = (CaseFilter, "at")
    ordering = ("-sequence",)

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
        "version",
        "seconds",
        "attempts",
        "outcome",
        "request_id",
    )
    list_filter = (CaseOfDocumentFilter, "at")
    list_select_related = ("document",)
    ordering = ("-at",)

    @admin.display(description=_("case"))
    def case_link(self, row: Reading) -> str | SafeString:
        return columns.case_link(row.document.case_id)

    @admin.display(description=_("reader"))
    def reader_in_words(self, row: Reading) -> str:
        return wording_review.reader(row.reader)

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
    list_filter = (CaseFilter, "outcome", "at")
    list_select_related = ("by", "seconded_by")
    ordering = ("-at",)

    @admin.display(description=_("case"))
    def case_link(self, row: Decision) -> str | SafeString:
        return columns.case_link(row.case_id)

    @admin.display(description=_("outcome"))
    def outcome_in_words(self, row: Decision) -> str:
        return wording_review.outcome(Outcome(row.outcome))

    @admin.display(description=_("reasons"))
    def reasons_in_words(self, row: Decision) -> str:
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


def _officer_id(actor: str) -> int | None:
    kind, _colon, key = actor.partition(":")
    return int(key) if kind == "officer" and key.isdecimal() else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
