"""Who sits there is asked once more before what is grave, and nothing of what was typed is lost meanwhile."""

import re
from html import unescape
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from kyc.domain.actors import SYSTEM
from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Disclosure, SecondLook
from kyc.services import holding, presence, review
from tests.officers import factories, second_factor

pytestmark = pytest.mark.django_db

PASSWORD = "a long pass phrase"


@pytest.fixture
def secret(client: Client, reviewer: User) -> str:
    """The reviewer's app; the proof of the sign-in is too old by now."""
    reviewer.set_password(PASSWORD)
    reviewer.save()
    client.force_login(reviewer)
    second_factor.show(client, reviewer)
    _grow_old(client)
    return second_factor.app(reviewer)


def _grow_old(client: Client) -> None:
    session = client.session
    session[presence.FRESH] = 0
    session.save()


def _work(case: Case) -> str:
    return reverse("admin:kyc_case_work", args=[case.pk])


def _kept(page: Any) -> dict[str, str]:
    """The hidden fields of the page that asks, as a browser sends them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.content.decode())
    return {name: unescape(value) for name, value in found}


def test_a_reveal_asks_first_registers_nothing_meanwhile_and_keeps_what_was_typed(
    client: Client, reviewer: User, secret: str
) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    sent = factories.page_form(
        case,
        do="reveal",
        reveal_reason="customer_call",
        reveal_words="customer on the phone",
        value_name="김반쯤",
    )
    asked = client.post(_work(case), sent)
    assert asked.status_code == 401
    assert factories.NUMBER not in asked.content.decode()
    assert not Disclosure.objects.filter(what="number").exists()
    wrong = client.post(_work(case), _kept(asked) | {"proof_code": "000000"})
    assert wrong.status_code == 401
    assert _kept(wrong)["value_name"] == "김반쯤"
    shown = client.post(_work(case), _kept(wrong) | {"proof_code": second_factor.code(secret)})
    assert factories.NUMBER in shown.content.decode()
    assert "김반쯤" in shown.content.decode()
    assert client.post(_work(case), sent).status_code == 200, "within five minutes it is not asked again"


def test_a_decision_on_serious_findings_asks_and_is_then_taken_with_all_that_was_typed(
    client: Client, reviewer: User, secret: str
) -> None:
    case = factories.reviewable(ID="531004-1980180")
    holding.claim(case=case, by=reviewer)
    sent = factories.ticked(case, do="approve", comment="my words")
    asked = client.post(_work(case), sent)
    assert asked.status_code == 401
    assert Case.objects.get(pk=case.pk).status is State.IN_REVIEW
    assert not case.values.exclude(by=None).exists()
    done = client.post(_work(case), _kept(asked) | {"proof_password": PASSWORD})
    assert done.status_code == 302
    assert Case.objects.get(pk=case.pk).status is State.SECOND_REVIEW
    assert case.decisions.get().sealed_comment


def test_a_decision_with_a_correction_asks_since_it_may_bring_a_finding(
    client: Client, reviewer: User, secret: str
) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    sent = factories.ticked(case, do="approve", value_rrn="531004-1980180")
    assert client.post(_work(case), sent).status_code == 401


def test_a_decision_without_serious_findings_asks_nothing(
    client: Client, reviewer: User, secret: str
) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    assert client.post(_work(case), factories.ticked(case, do="approve")).status_code == 302
    assert Case.objects.get(pk=case.pk).status is State.APPROVED


def test_wrong_proofs_count_as_at_the_door(client: Client, secret: str) -> None:
    address = reverse("admin:own_account")
    for _ in range(5):
        assert client.post(address, {"do": "codes", "proof_password": "guess"}).status_code == 401
    assert client.post(address, {"do": "codes", "proof_password": PASSWORD}).status_code == 429
    for _ in range(5):
        assert client.post(address, {"do": "codes", "proof_code": "000000"}).status_code == 401
    answer = client.post(address, {"do": "codes", "proof_code": second_factor.code(secret)})
    assert answer.status_code == 429
    assert not AuditEntry.objects.filter(action="second_factor.new_codes").exists()


def test_a_page_that_asks_is_opened_after_the_proof(client: Client, secret: str) -> None:
    address = reverse("admin:second_factor_set_up")
    asked = client.get(address)
    assert asked.status_code == 401
    assert "otpauth" not in asked.content.decode()
    answer = client.post(address, _kept(asked) | {"proof_code": second_factor.code(secret)})
    assert answer["Location"] == address
    assert "otpauth" in client.get(address).content.decode()


def test_a_blind_view_on_serious_findings_asks_and_is_then_taken(
    client: Client, reviewer: User, approver: User, settings: LazySettings
) -> None:
    settings.FOUR_EYES_BLIND = ["high_findings"]
    case = factories.confirmed(factories.reviewable(ID="531004-1980180"), reviewer)
    decision = review.approve(case=case, by=reviewer)
    second = factories.browser(approver)
    factories.look(case, approver)
    _grow_old(second)
    sent = {"do": "view:approve", "proposal": str(decision.pk)} | {f"agree_{name}": "1" for name in Field}
    asked = second.post(_work(case), sent)
    assert asked.status_code == 401
    assert not SecondLook.objects.exists()
    done = second.post(
        _work(case), _kept(asked) | {"proof_code": second_factor.code(second_factor.app(approver))}
    )
    assert done.status_code == 302
    assert Case.objects.get(pk=case.pk).status is State.APPROVED


def test_switching_an_account_off_asks_who_sits_there(reviewer: User) -> None:
    administrator = factories.browser(factories.officer(Role.ADMINISTRATOR))
    _grow_old(administrator)
    address = reverse("admin:auth_user_disable", args=[reviewer.pk])
    assert administrator.get(address).status_code == 200
    assert administrator.post(address).status_code == 401
    reviewer.refresh_from_db()
    assert reviewer.is_active


def test_an_erasure_and_the_lifting_of_a_hold_ask_who_sits_there(approver: User) -> None:
    browser, case = factories.browser(approver), factories.reviewable()
    case.move(State.WITHDRAWN, by=SYSTEM, reason="test")
    address = reverse("admin:kyc_case_retention", args=[case.pk])
    assert browser.post(address, {"do": "hold", "reference": "court 7"}).status_code == 302
    _grow_old(browser)
    for do in ("ended", "resumed"):
        assert browser.post(address, {"do": do, "day": "2026-01-01"}).status_code == 401
    assert browser.post(address, {"do": "lift", "reference": "court 7"}).status_code == 401
    assert Case.objects.get(pk=case.pk).legal_hold
    assert browser.post(address, {"do": "erase", "sure": "yes"}).status_code == 401
    assert Case.objects.get(pk=case.pk).status is State.WITHDRAWN
