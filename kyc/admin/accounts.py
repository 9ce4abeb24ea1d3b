"""Officers' accounts, for administrators: who has which role; making one, a new password, switching one off."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kyc import wording_officers, wording_review
from kyc.admin import columns, officer_page, proof
from kyc.admin.pages import ReadOnlyAdmin
from kyc.admin.requests import officer_of
from kyc.domain.roles import Role, Verb
from kyc.services import grants, officers

LONGEST_NAME = 150


class AccountAdmin(ReadOnlyAdmin):
    """A password is shown once, on the answer to the press of the button, and kept by nobody."""

    verbs = frozenset({Verb.MANAGE_OFFICERS})
    menu = gettext_lazy("Officers")
    list_display = ("name", "roles", "active", "signed_in", "switch")
    ordering = ("username",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).filter(is_staff=True).prefetch_related("groups")

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            *super().get_urls(),
            path("new/", site.admin_view(self.new), name="auth_user_new"),
            path("<int:account_id>/", site.admin_view(officer_page.show), name="auth_user_officer"),
            path("<int:account_id>/disable/", site.admin_view(self.disable), name="auth_user_disable"),
        ]

    @admin.display(description=gettext_lazy("name to sign in with"))
    def name(self, account: User) -> SafeString:
        url = reverse("admin:auth_user_officer", args=[account.pk])
        return format_html('<a href="{}">{}</a>', url, account.get_username())

    @admin.display(description=gettext_lazy("last signed in"))
    def signed_in(self, account: User) -> str | SafeString:
        return columns.moment(account.last_login) if account.last_login else columns.NOTHING

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, account: User) -> str:
        names = {group.name for group in account.groups.all()}
        return ", ".join(str(wording_review.ROLES[role]) for role in Role if role in names) or columns.NOTHING

    @admin.display(description=gettext_lazy("works"))
    def active(self, account: User) -> str | SafeString:
        return _("yes") if account.is_active else _("switched off")

    @admin.display(description=gettext_lazy("account"))
    def switch(self, account: User) -> str | SafeString:
        if not account.is_active:
            return columns.NOTHING
        url = reverse("admin:auth_user_disable", args=[account.pk])
        return format_html('<a href="{}">{}</a>', url, _("Switch off…"))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        askings = [(asked, wording_review.ROLES[Role(asked.role)]) for asked in grants.open_askings()]
        told = {"title": _("Officers"), "askings": askings}
        return super().changelist_view(request, told | (extra_context or {}))

    def new(self, request: HttpRequest) -> HttpResponse:
        """A new officer, or a new password for one that exists."""
        self._check(request)
        told: dict[str, Any] = {"title": _("New officer or new password"), "roles": _roles()}
        status = 200
        if request.method == "POST":
            if asked := proof.ask(request):
                return asked
            told |= _make(request)
            status = 422 if told["error"] else 200
        context = self.admin_site.each_context(request) | told
        return TemplateResponse(request, "admin/auth/user/new.html", context, status=status)

    def disable(self, request: HttpRequest, account_id: int) -> HttpResponse:
        self._check(request)
        account = get_object_or_404(User, pk=account_id, is_staff=True)
        if request.method != "POST":
            context = self.admin_site.each_context(request)
            context |= {"title": _("Switch an account off"), "account": account}
            return TemplateResponse(request, "admin/auth/user/disable.html", context)
        if asked := proof.ask(request):
            return asked
        if account.pk == request.user.pk:
            messages.error(request, _("You cannot switch your own account off: ask another administrator."))
        else:
            officers.disable(account=account, by=officers.actor(officer_of(request)))
            messages.success(request, _("%(name)s can no longer sign in.") % {"name": account.get_username()})
        return redirect("admin:auth_user_changelist")

    def _check(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _roles() -> list[tuple[str, str, str]]:
    return [
        (role.value, str(wording_review.ROLES[role]), str(wording_review.ROLE_HELP[role])) for role in Role
    ]


def _make(request: HttpRequest) -> dict[str, Any]:
    """The account and its password, or the error; and what was typed."""
    told = {field: request.POST.get(field, "").strip() for field in ("name", "role", "reason")}
    if error := _fault(told["name"], told["role"], told["reason"]):
        return told | {"error": error}
    try:
        account, password = officers.create(
            name=told["name"],
            role=Role(told["role"]),
            by=officers.actor(officer_of(request)),
            reason=told["reason"],
        )
    except grants.GrantRefused as e:
        return told | {"error": wording_officers.REFUSALS[e.code]}
    return told | {"account": account, "password": password, "error": ""}


def _fault(name: str, role: str, reason: str) -> str:
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError:
        return _("Write a name of letters, digits and @ . + - _ only.")
    if len(name) > LONGEST_NAME:
        return _("This name is too long.")
    if role not in set(Role):
        return _("Choose a role.")
    return "" if reason else str(wording_officers.REFUSALS["reason_missing"])
