"""The wrong moment: a session that ended, a second window, a claim that ran out, a case erased while it was open."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kyc.domain.actors import SYSTEM
from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.retention import Reason
from kyc.domain.roles import Role
from kyc.middleware import SEEN
from kyc.models import Case, Decision, Draft
from kyc.selectors import values
from kyc.services import drafts, holding, officers, retention
from tests.officers import factories, second_factor

pytestmark = pytest.mark.django_db


def _send(client: Client, case: Case, **form: str) -> HttpResponse:
    return client.post(reverse("admin:kyc_case_work", args=[case.pk]), form)


def _page(client: Client, case: Case) -> str:
    return client.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()


def _idle(client: Client) -> None:
    session = client.session
    session[SEEN] = 0
    session.save()


def _typed(case: Case, do: str = "save") -> dict[str, str]:
    return factories.page_form(case, do=do, value_name="김반쯤", agree_sex="1", comment="my words")


@pytest.mark.parametrize("ended", ["idle", "by_the_script", "signed_out_elsewhere"])
def test_what_was_typed_comes_back_after_signing_in_again(
    client: Client, case: Case, reviewer: User, ended: str
) -> None:
    if ended == "signed_out_elsewhere":
        client.post(reverse("admin:logout"))
    else:
        _idle(client)
    if ended == "by_the_script":
        assert client.post(reverse("admin:kyc_case_renew", args=[case.pk])).status_code == 302
    answer = _send(client, case, **_typed(case))
    assert answer.status_code == 302
    assert reverse("admin:kyc_case_change", args=[case.pk]) in answer["Location"]
    assert "comes back when you sign in" in client.get(answer["Location"]).content.decode()
    assert "김반쯤".encode() not in bytes(Draft.objects.get().sealed)
    client.force_login(reviewer)
    second_factor.show(client, reviewer)
    page = _page(client, case)
    for told in ("김반쯤", "my words", "You had been signed out, so nothing was saved"):
        assert told in page
    assert 'name="agree_sex" value="1" checked' in page
    assert not values.human(case)
    _send(client, case, **_typed(case))
    assert set(values.human(case)) == {Field.NAME, Field.SEX}
    assert not Draft.objects.exists()


def test_a_draft_is_for_its_officer_alone_and_for_an_hour(client: Client, case: Case, approver: User) -> None:
    _idle(client)
    _send(client, case, **_typed(case))
    assert "김반쯤" not in _page(factories.browser(approver), case)
    Draft.objects.update(at=timezone.now() - drafts.KEPT_FOR - timedelta(seconds=1))
    client.force_login(case.claimed_by or approver)
    second_factor.show(client, case.claimed_by or approver)
    assert "김반쯤" not in _page(client, case)
    assert drafts.tidy() == 1


def test_a_stranger_leaves_no_draft(case: Case) -> None:
    assert _send(Client(), case, **_typed(case)).status_code == 302
    assert not Draft.objects.exists()


def test_a_disabled_officer_leaves_no_draft(client: Client, case: Case, reviewer: User) -> None:
    _idle(client)
    client.get(reverse("admin:index"))
    officers.disable(account=reviewer, by=SYSTEM)
    _send(client, case, **_typed(case))
    assert not Draft.objects.exists()


def test_a_page_from_before_signing_in_again_is_shown_anew_with_all_that_was_typed(
    case: Case, reviewer: User
) -> None:
    client = factories.browser(reviewer)
    client.handler.enforce_csrf_checks = True
    old = client.get(reverse("admin:kyc_case_change", args=[case.pk])).context["csrf_token"]
    client.cookies.pop("csrf")
    client.get(reverse("admin:index"))  # as after signing in in a second window: another token
    page = _send(client, case, csrfmiddlewaretoken=str(old), **_typed(case))
    assert page.status_code == 403
    for told in ("opened before you signed in", "김반쯤", "my words"):
        assert told in page.content.decode()
    assert not values.human(case)
    fresh = client.get(reverse("admin:kyc_case_change", args=[case.pk])).context["csrf_token"]
    assert _send(client, case, csrfmiddlewaretoken=str(fresh), **_typed(case)).status_code == 302


def test_a_case_erased_while_open_says_so_and_shows_what_was_typed(client: Client, case: Case) -> None:
    form = _typed(case, do="approve")
    Case.objects.filter(pk=case.pk).update(state=State.WITHDRAWN)
    retention.erase(case=Case.objects.get(pk=case.pk), by=SYSTEM, reason=Reason.ASKED)
    page = _send(client, case, **form)
    assert page.status_code == 409
    for told in ("was erased", "my words"):
        assert told in page.content.decode()
    assert factories.NAME not in page.content.decode()
    assert not Decision.objects.exists()


def test_a_claim_is_renewed_by_work_and_a_lost_one_is_told(client: Client, case: Case) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    Case.objects.update(claim_expires=soon)
    address = reverse("admin:kyc_case_renew", args=[case.pk])
    assert "working extends it" in client.post(address).json()["words"]
    assert Case.objects.get().claim_expires > soon + timedelta(minutes=5)
    Case.objects.update(claim_expires=timezone.now() - timedelta(seconds=1))
    holding.claim(case=Case.objects.get(), by=factories.officer(Role.REVIEWER, "faster"))
    answer = client.post(address)
    assert answer.status_code == 409
    assert "Another officer holds this case now" in answer.json()["words"]
    Case.objects.update(claimed_by=None, claim_expires=None)
    assert "Nobody holds this case" in client.post(address).json()["words"]
    assert Case.objects.get().claimed_by is None, "what was given back is not taken again unasked"


def test_typed_values_are_judged_by_the_same_parsers_and_rules_before_they_are_saved(
    client: Client, case: Case
) -> None:
    address = reverse("admin:kyc_case_judge", args=[case.pk])
    sent = factories.page_form(case, value_rrn="820701-2345678", value_issued="2018-02-31")
    told = client.post(address, sent).json()["fields"]
    assert set(told) == {"rrn", "issued"}
    assert "There is no such day" in told["issued"]
    assert "820701-2******" in told["rrn"]
    assert "The birthday does not agree with the resident number" in told["rrn"]
    assert "2345678" not in told["rrn"]
    assert not values.human(case)
    other = factories.browser(factories.officer(Role.REVIEWER, "other"))
    assert other.post(address, sent).status_code == 409
