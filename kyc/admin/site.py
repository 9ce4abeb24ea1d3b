"""The admin site: open to officers with a role, and to nobody else. It names its pages itself."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.i18n import set_language

from kyc.admin import counter, home, mails, own_account, second_factor
from kyc.admin.access import AccessReviewAdmin
from kyc.admin.accounts import AccountAdmin
from kyc.admin.cases import CaseAdmin
from kyc.admin.figures import urls as figures
from kyc.admin.hosts import HostAdmin
from kyc.admin.pages import ReadOnlyAdmin
from kyc.admin.registers import AuditAdmin, DecisionAdmin, DisclosureAdmin, ReadingAdmin
from kyc.admin.requests import officer_of
from kyc.admin.signin import ChangePasswordForm, SignInForm
from kyc.domain.roles import Verb
from kyc.models import AccessReview, AuditEntry, Case, Decision, Disclosure, Host, Reading
from kyc.origin import address_of
from kyc.services import officers, presence, sessions, signin

# In the order of the menu.
PAGES: tuple[tuple[Any, type[ReadOnlyAdmin]], ...] = (
    (Case, CaseAdmin),
    (Decision, DecisionAdmin),
    (Reading, ReadingAdmin),
    (Disclosure, DisclosureAdmin),
    (AuditEntry, AuditAdmin),
    (AccessReview, AccessReviewAdmin),
    (User, AccountAdmin),
    (Host, HostAdmin),
)
OWN_PAGES = (
    ("counter", _("At the counter"), Verb.SUBMIT),
    ("blind", _("Blind checks"), Verb.REVIEW),
    ("figures", _("Figures"), Verb.SEE_FIGURES),
    ("accuracy", _("Accuracy"), Verb.SEE_FIGURES),
    ("mails", _("E-mails to customers"), Verb.MANAGE_HOSTS),
)
# Stock pages that lead to rows by content type, or complete fields that nobody edits here.
UNUSED = frozenset({"autocomplete", "view_on_site", "jsi18n", "app_list"})


class OfficerSite(admin.AdminSite):
    site_header = _("Sinwon: identity review")
    site_title = _("Sinwon")
    index_title = _("Your work")
    enable_nav_sidebar = False
    site_url = None
    password_change_template = "admin/password_change.html"  # noqa: S105
    password_change_done_template = "admin/password_changed.html"  # noqa: S105
    logout_template = "admin/logged_out.html"
    login_form = SignInForm

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        for model, page in PAGES:
            self.register(model, page)

    def has_permission(self, request: HttpRequest) -> bool:
        """Both factors and a role. (The middleware has led away whoever showed one factor alone.)"""
        user = request.user
        return (
            bool(officers.roles_of(user))
            and isinstance(user, User)
            and presence.passed(request.session, user)
        )

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        if request.method != "POST" or not isinstance(request.user, User):
            return super().logout(request, extra_context)
        account = request.user
        sessions.over(session_id=presence.row_of(request.session))
        signin.ended(account=account, why=signin.Ended.SIGNED_OUT)
        answer = super().logout(request, extra_context)
        request.session[signin.ENDED_ACCOUNT] = account.pk  # another window may still hold what they typed
        return answer

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """A new password ends the officer's other sessions."""
        here = presence.row_of(request.session)
        form = type("Form", (ChangePasswordForm,), {"address": address_of(request)})
        answer = PasswordChangeView.as_view(
            form_class=form,
            success_url=reverse("admin:password_change_done"),
            template_name=self.password_change_template,
            extra_context=self.each_context(request) | (extra_context or {}),
        )(request)
        if answer.status_code == HttpResponseRedirect.status_code:
            account = officer_of(request)
            sessions.end(account=account, by=officers.actor(account), but=here)
        return answer

    def get_urls(self) -> list[URLResolver | URLPattern]:
        stock = [entry for entry in super().get_urls() if getattr(entry, "name", None) not in UNUSED]
        stock = [*figures.patterns(self), *stock]
        return [
            path("language/", set_language, name="language"),
            path("second-factor/", never_cache(second_factor.show), name="second_factor"),
            path("second-factor/set-up/", never_cache(second_factor.set_up), name="second_factor_set_up"),
            path("counter/", self.admin_view(counter.show), name="counter"),
            path("mails/", self.admin_view(mails.show), name="mails"),
            path("account/", self.admin_view(own_account.show), name="own_account"),
            *stock,
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        here = request.path == reverse("admin:index")
        return super().each_context(request) | {"menu": self.menu(request), "at_index": here}

    def menu(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The lists that this officer's role may open."""
        entries = []
        for model, page in self._registry.items():
            if isinstance(page, ReadOnlyAdmin) and page.has_module_permission(request):
                url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
                entries.append({"label": page.menu, "url": url, "here": request.path.startswith(url)})
        return entries + self.own_pages(request)

    def own_pages(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Pages that list no rows of one table."""
        found = []
        for name, label, verb in OWN_PAGES:
            if officers.allowed(request.user, verb):
                url = reverse(f"admin:{name}")
                found.append({"label": label, "url": url, "here": request.path == url})
        return found

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, home.figures(request.user) | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Nothing: the menu takes its place."""
        return []
