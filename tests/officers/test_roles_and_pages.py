"""Each role on each page of the admin, generated from the roles and the site's own addresses."""

import uuid
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from kyc.domain.roles import ALLOWED, Role, Verb
from kyc.models import AuditEntry, Case, Disclosure, Host
from kyc.services import files
from tests.officers import factories, second_factor

pytestmark = pytest.mark.django_db

# What opens each page: any of these verbs; an empty set is open to every officer.
NEEDS: dict[str, set[Verb]] = {
    "index": set(),
    "own_account": set(),
    "second_factor_set_up": set(),
    "password_change": set(),
    "password_change_done": set(),
    "kyc_case_changelist": {Verb.SEE_CASES},
    "kyc_case_change": {Verb.SEE_CASES},
    "kyc_case_picture": {Verb.SEE_PICTURE},
    "kyc_case_portrait": {Verb.SEE_PICTURE},
    "kyc_case_beside": {Verb.SEE_PICTURE},
    "kyc_decision_changelist": {Verb.SEE_CASES},
    "kyc_reading_changelist": {Verb.SEE_CASES},
    "kyc_disclosure_changelist": {Verb.SEE_PICTURE, Verb.SEE_REGISTERS},
    "kyc_disclosure_export": {Verb.SEE_REGISTERS},
    "kyc_auditentry_changelist": {Verb.SEE_REGISTERS},
    "kyc_accessreview_changelist": {Verb.REVIEW_ACCESS},
    "kyc_accessreview_month": {Verb.REVIEW_ACCESS},
    "kyc_case_retention": {Verb.RETAIN},
    "kyc_case_export": {Verb.EXPORT_SUBJECT},
    "kyc_case_archive": {Verb.OPEN_ARCHIVE},
    "figures": {Verb.SEE_FIGURES},
    "figures_file": {Verb.SEE_FIGURES},
    "accuracy": {Verb.SEE_FIGURES},
    "blind": {Verb.REVIEW},
    "counter": {Verb.SUBMIT},
    "mails": {Verb.MANAGE_HOSTS},
    "auth_user_changelist": {Verb.MANAGE_OFFICERS},
    "auth_user_new": {Verb.MANAGE_OFFICERS},
    "auth_user_officer": {Verb.MANAGE_OFFICERS},
    "auth_user_disable": {Verb.MANAGE_OFFICERS},
    "kyc_host_changelist": {Verb.MANAGE_HOSTS},
    "kyc_host_new": {Verb.MANAGE_HOSTS},
    "kyc_host_page": {Verb.MANAGE_HOSTS},
}
# Pages of the sign-in, and buttons: a GET of one leads back to its page and changes nothing.
OTHER = {
    "login",
    "logout",
    "language",
    "second_factor",
    "kyc_case_find",
    "kyc_case_next",
    "kyc_case_work",
    "kyc_case_claim",
    "kyc_case_release",
    "kyc_case_uncover",
    "kyc_case_judge",
    "kyc_case_renew",
    "kyc_case_file",
    "kyc_case_keep_view",
    "kyc_case_forget_view",
    "kyc_case_assign",
    "kyc_case_reread",
    "kyc_case_bulk_export",
    "kyc_case_bulk_file",
    "blind_answer",
    "blind_picture",
}
POSTS: dict[str, Verb] = {
    "kyc_case_find": Verb.SEE_CASES,
    "kyc_case_next": Verb.REVIEW,
    "kyc_case_claim": Verb.REVIEW,
    "kyc_case_file": Verb.SEE_PICTURE,
    "kyc_disclosure_export": Verb.SEE_REGISTERS,
    "kyc_case_retention": Verb.RETAIN,
    "kyc_case_export": Verb.EXPORT_SUBJECT,
    "kyc_accessreview_month": Verb.REVIEW_ACCESS,
    "kyc_case_keep_view": Verb.SEE_CASES,
    "kyc_case_assign": Verb.ASSIGN,
    "kyc_case_reread": Verb.ASSIGN,
    "kyc_case_bulk_export": Verb.EXPORT,
    "kyc_case_bulk_file": Verb.EXPORT,
    "blind_answer": Verb.REVIEW,
    "auth_user_new": Verb.MANAGE_OFFICERS,
    "auth_user_officer": Verb.MANAGE_OFFICERS,
    "auth_user_disable": Verb.MANAGE_OFFICERS,
    "kyc_host_new": Verb.MANAGE_HOSTS,
    "kyc_host_page": Verb.MANAGE_HOSTS,
}


OF_NO_CASE = {
    "kyc_case_changelist",
    "kyc_case_find",
    "kyc_case_next",
    "kyc_case_keep_view",
    "kyc_case_assign",
    "kyc_case_reread",
    "kyc_case_bulk_export",
    "kyc_case_bulk_file",
}


def _names(patterns: list[Any]) -> set[str]:
    names: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            names |= _names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            names.add(pattern.name)
    return names


def _address(name: str, case: Case) -> str:
    document = case.documents.get()
    arguments: dict[str, list[Any]] = {
        "kyc_case_picture": [case.pk, document.pk],
        "kyc_case_portrait": [case.pk, document.readings.get().pk],
        "kyc_case_beside": [case.pk, _related(case) if name == "kyc_case_beside" else case.pk],
        "kyc_case_file": [case.pk, _file(case) if name == "kyc_case_file" else case.pk],
        "auth_user_officer": [User.objects.order_by("pk")[0].pk],
        "kyc_accessreview_month": [2026, 1],
        "kyc_host_page": [Host.objects.get_or_create(name="Bank")[0].pk],
        "auth_user_disable": [User.objects.order_by("pk")[0].pk],
        "kyc_case_forget_view": [1],
        "blind_answer": [1],
        "blind_picture": [1],
    }
    of_a_case = name.startswith("kyc_case_") and name not in OF_NO_CASE
    return reverse(f"admin:{name}", args=arguments.get(name, [case.pk] if of_a_case else []))


def _related(case: Case) -> uuid.UUID:
    """Another case with the same picture."""
    return factories.reviewable().pk


def _file(case: Case) -> uuid.UUID:
    by = factories.officer(Role.REVIEWER)
    file = files.clean(upload=b"%PDF-1.7 a receipt", name="receipt.pdf")
    return files.keep(case=case, file=file, by=by).pk


def _may(role: Role, verbs: set[Verb]) -> bool:
    return not verbs or bool(ALLOWED[role] & verbs)


def test_every_address_of_the_admin_is_in_the_matrix() -> None:
    assert _names(admin.site.get_urls()) == set(NEEDS) | OTHER


@pytest.mark.parametrize("role", Role)
def test_a_page_opens_for_the_roles_that_need_it_and_for_no_other(role: Role) -> None:
    client, case = factories.browser(factories.officer(role)), factories.reviewable()
    for name, verbs in NEEDS.items():
        answer = client.get(_address(name, case))
        assert answer.status_code == (200 if _may(role, verbs) else 403), name


@pytest.mark.parametrize("role", Role)
def test_a_button_works_for_the_roles_that_need_it_and_for_no_other(role: Role) -> None:
    case = factories.reviewable()
    factories.officer(Role.AUDITOR)  # the account that the administrators' buttons are about
    client = factories.browser(factories.officer(role))
    sent = {
        "text": str(case.pk),
        "name": "new-officer",
        "role": Role.REVIEWER.value,
        "reason": "incident",
        "why": "to compare it",
        "do": "give",
    }
    for name, verb in POSTS.items():
        answer = client.post(_address(name, case), sent)
        refused = answer.status_code in {403, 409}
        assert refused is not _may(role, {verb}), name


def test_nobody_gets_in_without_signing_in(client: Client) -> None:
    case, nobody = factories.reviewable(), Client()
    for name in sorted(set(NEEDS) | OTHER - {"login", "logout", "language"}):
        address = _address(name, case)
        for answer in (nobody.get(address), nobody.post(address, {"do": "approve"})):
            assert answer.status_code == 302, name
            assert answer["Location"].startswith(reverse("admin:login")), name


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("enrolled", [True, False])
def test_no_address_opens_to_the_password_alone(role: Role, enrolled: bool) -> None:
    case, account = factories.reviewable(), factories.officer(role)
    if enrolled:
        second_factor.app(account)
    asks = reverse("admin:second_factor" if enrolled else "admin:second_factor_set_up")
    client = factories.half_signed(account)
    for name in sorted(set(NEEDS) | OTHER - {"logout", "language", "login", "second_factor"}):
        address = _address(name, case)
        if address == asks:
            continue
        for answer in (
            client.get(address),
            client.post(address, {"do": "approve", "name": "x", "reason": "x"}),
        ):
            assert answer.status_code == 302, name
            assert answer["Location"].partition("?")[0] == asks, name
    assert client.get("/admin/nowhere/")["Location"].startswith(asks)
    assert not Disclosure.objects.exists()
    assert not AuditEntry.objects.filter(action="signin.succeeded").exists()


def test_a_case_or_account_that_is_not_there_is_not_found(client: Client) -> None:
    """An officer's own role opens no other object than what stands under its address."""
    administrator = factories.browser(factories.officer(Role.ADMINISTRATOR))
    customer = User.objects.create(username="no-officer")
    for name in ("auth_user_officer", "auth_user_disable"):
        for account_id in (customer.pk, 999_999):
            assert administrator.get(reverse(f"admin:{name}", args=[account_id])).status_code == 404
    for name in ("kyc_case_change", "kyc_case_work", "kyc_case_claim", "kyc_case_release"):
        assert client.post(reverse(f"admin:{name}", args=[uuid.uuid4()])).status_code in {404, 405}


def test_an_account_without_a_role_sees_the_sign_in_page_even_as_superuser() -> None:
    account = User.objects.create_superuser("root", password="x")
    assert factories.browser(account).get(reverse("admin:index")).status_code == 302


def test_a_disabled_officer_is_out_at_the_next_request(client: Client, reviewer: User) -> None:
    assert client.get(reverse("admin:index")).status_code == 200
    User.objects.filter(pk=reviewer.pk).update(is_active=False)
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("role", Role)
def test_the_menu_shows_only_what_the_role_may_open(role: Role) -> None:
    client = factories.browser(factories.officer(role))
    menu = [entry["url"] for entry in client.get(reverse("admin:index")).context["menu"]]
    assert menu
    assert all(client.get(url).status_code == 200 for url in menu)


@pytest.mark.parametrize("role", Role)
def test_nothing_can_be_added_changed_or_deleted_by_the_stock_pages(role: Role) -> None:
    client = factories.browser(factories.officer(role))
    case = factories.reviewable()
    for model in admin.site._registry:
        base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for page in ("add/", f"{case.pk}/delete/", f"{case.pk}/history/", "1/change/", "1/password/"):
            assert client.get(base + page).status_code in {403, 404}
        selected = {"action": "delete_selected", "_selected_action": str(case.pk), "post": "yes"}
        client.post(base, selected)
    assert Case.objects.filter(pk=case.pk).exists()


def test_an_auditor_sees_a_case_without_a_value_of_it() -> None:
    case = factories.reviewable()
    page = factories.browser(factories.officer(Role.AUDITOR)).get(
        reverse("admin:kyc_case_change", args=[case.pk])
    )
    shown = page.content.decode()
    assert factories.NAME not in shown
    assert "531004" not in shown
    assert "<img" not in shown


def test_an_unknown_case_or_a_picture_of_another_case_is_not_found(client: Client) -> None:
    one, other = factories.reviewable(), factories.reviewable("clean-005.jpg")
    picture = other.documents.get().pk
    assert client.get(reverse("admin:kyc_case_change", args=[uuid.uuid4()])).status_code == 404
    assert client.get(reverse("admin:kyc_case_picture", args=[one.pk, picture])).status_code == 404


def test_the_readings_name_their_columns_in_the_officers_language(reviewer: User) -> None:
    factories.reviewable()
    client = factories.browser(reviewer)
    page = client.get(reverse("admin:kyc_reading_changelist"), headers={"accept-language": "ko"})
    heads = page.content.decode().partition("<thead>")[2].partition("</thead>")[0]
    for word in ("버전", "시도", "요청"):
        assert word in heads
