"""Every change of an officer's rights is a row with who, when and why, and nobody gives themselves a role alone."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from kyc import checks
from kyc.domain.actors import SYSTEM
from kyc.domain.roles import Role
from kyc.models import AuditEntry, RoleChange
from kyc.services import demo, grants, officers
from tests.officers import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db: None) -> User:
    return factories.officer(Role.ADMINISTRATOR, "administrator")


@pytest.fixture
def desk(administrator: User) -> Client:
    return factories.browser(administrator)


def _page(account: User) -> str:
    return reverse("admin:auth_user_officer", args=[account.pk])


def _rows(account: User) -> list[tuple[str, str, str, str]]:
    rows = RoleChange.objects.filter(account=account).order_by("at")
    return list(rows.values_list("role", "step", "actor", "reason"))


def _roles(account: User) -> set[Role]:
    return set(officers.roles_of(User.objects.get(pk=account.pk)))


def test_a_role_given_and_taken_away_leaves_a_row_each_with_its_reason(
    desk: Client, administrator: User, reviewer: User
) -> None:
    by = f"officer:{administrator.pk}"
    desk.post(_page(reviewer), {"do": "give", "role": "approver", "reason": "stands in for Kim"})
    assert _roles(reviewer) == {Role.REVIEWER, Role.APPROVER}
    desk.post(_page(reviewer), {"do": "take", "role": "reviewer", "reason": "changed teams"})
    assert _roles(reviewer) == {Role.APPROVER}
    assert _rows(reviewer) == [
        ("approver", "granted", by, "stands in for Kim"),
        ("reviewer", "revoked", by, "changed teams"),
    ]
    assert "stands in for Kim" in desk.get(_page(reviewer)).content.decode()
    assert AuditEntry.objects.filter(action__startswith="role.").count() == 2


def test_a_change_without_a_reason_is_refused(desk: Client, reviewer: User) -> None:
    answer = desk.post(_page(reviewer), {"do": "give", "role": "approver", "reason": " "})
    assert answer.status_code == 409
    assert "Write why" in answer.content.decode()
    assert _roles(reviewer) == {Role.REVIEWER}


def test_a_new_account_and_a_new_role_of_an_old_one_leave_rows_too(desk: Client, reviewer: User) -> None:
    new = reverse("admin:auth_user_new")
    assert desk.post(new, {"name": "newcomer", "role": "auditor"}).status_code == 422
    desk.post(new, {"name": "newcomer", "role": "auditor", "reason": "hired"})
    desk.post(new, {"name": "reviewer", "role": "auditor", "reason": "changed teams"})
    assert [row[:2] for row in _rows(User.objects.get(username="newcomer"))] == [("auditor", "granted")]
    assert [row[:2] for row in _rows(reviewer)] == [("auditor", "granted"), ("reviewer", "revoked")]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.AUDITOR])
def test_a_role_for_oneself_waits_for_a_second_administrator(
    desk: Client, administrator: User, role: Role
) -> None:
    desk.post(_page(administrator), {"do": "give", "role": role, "reason": "night shift"})
    assert _roles(administrator) == {Role.ADMINISTRATOR}
    asked = grants.open_askings().get()
    own = desk.post(_page(administrator), {"do": f"agree:{asked.pk}", "reason": "I trust myself"})
    assert own.status_code == 409
    assert _roles(administrator) == {Role.ADMINISTRATOR}
    second = factories.browser(factories.officer(Role.ADMINISTRATOR, "second"))
    assert "administrator asks for the role" in second.get("/admin/auth/user/").content.decode()
    answer = second.post(_page(administrator), {"do": f"agree:{asked.pk}", "reason": "agreed by telephone"})
    assert answer.status_code == 302
    assert _roles(administrator) == {Role.ADMINISTRATOR, role}
    again = second.post(_page(administrator), {"do": f"decline:{asked.pk}", "reason": "changed my mind"})
    assert again.status_code == 409


def test_a_declined_asking_gives_nothing_and_may_be_asked_again(desk: Client, administrator: User) -> None:
    desk.post(_page(administrator), {"do": "give", "role": "reviewer", "reason": "night shift"})
    twice = desk.post(_page(administrator), {"do": "give", "role": "reviewer", "reason": "night shift"})
    assert twice.status_code == 409
    second = factories.browser(factories.officer(Role.ADMINISTRATOR))
    asked = grants.open_askings().get()
    second.post(_page(administrator), {"do": f"decline:{asked.pk}", "reason": "no"})
    assert _roles(administrator) == {Role.ADMINISTRATOR}
    desk.post(_page(administrator), {"do": "give", "role": "reviewer", "reason": "still needed"})
    assert grants.open_askings().count() == 1


def test_the_page_for_new_accounts_is_no_way_around_it(desk: Client, administrator: User) -> None:
    sent = {"name": "administrator", "role": "reviewer", "reason": "x"}
    answer = desk.post(reverse("admin:auth_user_new"), sent)
    assert answer.status_code == 422
    assert "Nobody gives themselves a role" in answer.content.decode()
    assert _roles(administrator) == {Role.ADMINISTRATOR}
    assert desk.get("/admin/auth/user/").status_code == 200, (
        "nothing of it happened, the new password neither"
    )


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_to_change_or_remove_a_row_of_rights() -> None:
    change = grants.give(
        account=factories.officer(Role.REVIEWER), role=Role.AUDITOR, by=SYSTEM, reason="a reason"
    )
    rows: Any = RoleChange.objects.filter(pk=change.pk)
    for attack in (lambda: rows.update(reason="another"), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()
    assert rows.get().reason == "a reason"


def test_a_deployment_with_demo_officers_is_refused_until_they_are_switched_off(settings: Any) -> None:
    demo.make(Role.REVIEWER)
    assert checks.demo_officers_are_gone(None) == []
    settings.LEGAL_BASIS = "an Act"
    assert [fault.id for fault in checks.demo_officers_are_gone(None)] == ["kyc.E008"]
    with pytest.raises(demo.NoDemo):
        demo.make(Role.APPROVER)
    assert demo.remove() == ["reviewer"]
    assert checks.demo_officers_are_gone(None) == []
