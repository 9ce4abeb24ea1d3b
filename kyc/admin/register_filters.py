"""The filters of the registers."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kyc import wording_review
from kyc.domain.provenance import Outcome
from kyc.domain.roles import Role, Verb
from kyc.models import Decision, Disclosure
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


class WhatFilter(admin.SimpleListFilter):
    title = _("what")
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Disclosure.What.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Disclosure]) -> QuerySet[Disclosure]:
        return queryset.filter(what=self.value()) if self.value() else queryset


class OutcomeFilter(admin.SimpleListFilter):
    title = _("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(outcome.value, wording_review.OUTCOMES[outcome]) for outcome in Outcome]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        return queryset.filter(outcome=self.value()) if self.value() else queryset


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
