"""Four eyes: a share that nobody can predict, and a second look that is blind until the officer's own view is kept."""

import uuid

import pytest
from django.conf import LazySettings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Outcome, Step
from kyc.domain.reasons import RejectReason
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Decision, Disclosure, SecondLook
from kyc.services import holding, policy, review
from kyc.vault.keys import keyring
from tests.officers import factories

pytestmark = pytest.mark.django_db
ADDRESS = "부산광역시 수영구 연수로 1"


@pytest.fixture(autouse=True)
def _every_case_is_in_the_share(settings: LazySettings) -> None:
    settings.FOUR_EYES_SHARE = 100
    settings.FOUR_EYES_BLIND = ["random_share", "rejection"]


@pytest.fixture
def case(reviewer: User) -> Case:
    """The reviewer has proposed approval."""
    case = factories.confirmed(factories.reviewable(), reviewer)
    review.approve(case=case, by=reviewer, comment="the first's words")
    return case


@pytest.fixture
def second(approver: User) -> Client:
    return factories.browser(approver)


def _page(client: Client, case: Case) -> str:
    return client.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()


def _send(client: Client, case: Case, do: str, **form: str) -> HttpResponse:
    if "agree_rrn" in form or do == "second":
        factories.look(case, User.objects.get(pk=client.session[SESSION_KEY]))
    sent = {"do": do, "proposal": str(case.decisions.latest("at").pk)} | form
    return client.post(reverse("admin:kyc_case_work", args=[case.pk]), sent)


def _ticks(**but: str) -> dict[str, str]:
    return {f"agree_{name}": "1" for name in Field} | but


def _state(case: Case) -> State:
    return Case.objects.get(pk=case.pk).status


def test_the_share_is_the_same_for_a_case_at_any_time_and_about_as_large_as_asked(
    settings: LazySettings,
) -> None:
    settings.FOUR_EYES_SHARE = 20
    cases = [Case(id=uuid.uuid5(uuid.NAMESPACE_URL, str(n))) for n in range(2000)]
    drawn = [policy.in_random_share(case) for case in cases]
    assert drawn == [policy.in_random_share(case) for case in cases]
    assert 0.16 < sum(drawn) / len(drawn) < 0.24
    settings.FOUR_EYES_SHARE = 30
    more = [policy.in_random_share(case) for case in cases]
    assert all(later or not before for before, later in zip(drawn, more, strict=True))
    settings.FOUR_EYES_SHARE = 0
    assert not any(policy.in_random_share(case) for case in cases[:50])


def test_the_share_follows_from_the_keyring_and_not_from_the_case_alone(case: Case) -> None:
    assert keyring().index("four_eyes_share", str(case.pk)) != keyring().index("rrn", str(case.pk))


def test_who_decides_first_is_not_told_that_the_case_is_in_the_share(client: Client, reviewer: User) -> None:
    case = factories.confirmed(factories.reviewable(), reviewer)
    assert "A second officer must agree, because" not in _page(client, case)
    review.approve(case=case, by=reviewer)
    assert case.status is State.SECOND_REVIEW
    assert case.decisions.get().grounds == ["random_share"]


def test_the_second_sees_nothing_of_the_first_before_their_own_view(second: Client, case: Case) -> None:
    page = _page(second, case)
    assert "A second look, blind" in page
    for told in ("the first's words", "Proposed: Approve", "Confirmed", "(reviewer)"):
        assert told not in page, told
    assert 'value="second"' not in page
    assert _send(second, case, "second").status_code == 409
    assert _send(second, case, "send_back").status_code == 409
    decisions = second.get(reverse("admin:kyc_decision_changelist")).content.decode()
    assert "Approve" not in decisions.partition("<tbody>")[2].partition("</tbody>")[0]
    filtered = second.get(reverse("admin:kyc_decision_changelist"), {"outcome": "approve"})
    assert str(case) not in filtered.content.decode().partition("<tbody>")[2]


def test_no_way_around_the_blind_page_tells_the_firsts_value(
    reviewer: User, approver: User, second: Client
) -> None:
    case, other = factories.confirmed(factories.reviewable(), reviewer), factories.reviewable()
    review.correct(case=case, field=Field.ISSUED, text="2018-11-05", by=reviewer)
    review.correct(case=case, field=Field.RRN, text="531004-1980190", by=reviewer)
    review.approve(case=case, by=reviewer)
    holding.claim(case=case, by=approver)
    beside = second.get(reverse("admin:kyc_case_beside", args=[other.pk, case.pk]))
    uncovered = second.post(reverse("admin:kyc_case_uncover", args=[case.pk]))
    typed = {"value_birthday": "1953-10-05", "was_birthday": "1953-10-04"}
    judged = second.post(reverse("admin:kyc_case_judge", args=[case.pk]), typed)
    for answer in (beside, uncovered, judged):
        assert answer.status_code == 200
        assert "2018-11-05" not in answer.content.decode()
        assert "1980190" not in answer.content.decode()
    assert uncovered.json()["number"] == factories.NUMBER


def test_no_export_tells_the_second_what_the_first_made_of_it(
    reviewer: User, approver: User, second: Client
) -> None:
    case = factories.confirmed(factories.reviewable(), reviewer)
    review.correct(case=case, field=Field.ISSUED, text="2018-11-05", by=reviewer)
    review.approve(case=case, by=reviewer)
    asked = {"case": [str(case.pk)], "reason": "monthly review", "format": "csv"}
    file = second.post(reverse("admin:kyc_case_bulk_file"), asked)
    assert file["Content-Type"].startswith("text/csv")
    assert "2018-11-05" not in file.content.decode()
    assert ",approve," not in file.content.decode()
    assert factories.NAME in file.content.decode(), "what was read is told"
    zipped = reverse("admin:kyc_case_export", args=[case.pk])
    refused = second.post(zipped, {"reason": "asked"})
    assert refused.status_code == 409
    assert "has not formed their own view" in refused.content.decode()
    assert not Disclosure.objects.filter(case_id=case.pk, by=approver, reason="asked").exists()
    review.withdraw(case, case.decisions.get(), approver)
    assert second.post(zipped, {"reason": "asked"}).headers["Content-Type"] == "application/zip"
    assert "2018-11-05" in second.post(reverse("admin:kyc_case_bulk_file"), asked).content.decode()


def test_a_view_that_agrees_seconds_the_decision(second: Client, case: Case, approver: User) -> None:
    answer = _send(second, case, "view:approve", **_ticks())
    assert answer.status_code == 302
    assert _state(case) is State.APPROVED
    decision, look = Decision.objects.get(), SecondLook.objects.get()
    assert (decision.seconded_by, look.by, look.blind, look.agrees) == (approver, approver, True, True)
    page = _page(second, case)
    assert "the first&#x27;s words" in page
    assert "approver, blind: Approve" in page
    assert AuditEntry.objects.get(action="decision.looked").data["agrees"] is True


def test_a_view_with_another_value_differs_and_goes_back_with_both_on_the_page(
    second: Client, case: Case
) -> None:
    _send(second, case, "view:approve", **_ticks(value_address=ADDRESS, was_address="x"))
    assert _state(case) is State.IN_REVIEW
    look = SecondLook.objects.get()
    assert (look.agrees, look.differs) == (False, ["address"])
    page = _page(second, case)
    assert ADDRESS in page
    assert "second:" in page
    assert not case.values.filter(step=Step.APPROVED).exists()


def test_another_outcome_differs(second: Client, case: Case) -> None:
    assert _send(second, case, "view:reject").status_code == 422, "a reason is asked here too"
    _send(second, case, "view:reject", reject_reason="suspected_forgery", comment="the font is wrong")
    assert _state(case) is State.IN_REVIEW
    assert SecondLook.objects.get().differs == ["outcome"]
    assert "the font is wrong" in _page(second, case)


def test_an_open_field_is_asked_for_and_nothing_typed_is_lost(second: Client, case: Case) -> None:
    form = _ticks(value_address=ADDRESS, was_address="x", comment="my words")
    del form["agree_name"]
    page = _send(second, case, "view:approve", **form)
    assert page.status_code == 422
    assert ADDRESS in page.content.decode()
    assert "my words" in page.content.decode()
    assert not SecondLook.objects.exists()


def test_a_disagreement_goes_to_a_third_officer_where_the_policy_says_so(
    second: Client, case: Case, settings: LazySettings
) -> None:
    settings.FOUR_EYES_DISAGREEMENT = "third"
    _send(second, case, "view:retake", retake_reason="blurred")
    assert _state(case) is State.SECOND_REVIEW
    assert "a third officer decides" in _page(second, case)
    assert _send(second, case, "second").status_code == 409, "not by who gave a view already"
    third = factories.browser(factories.officer(Role.APPROVER, "third"))
    page = _page(third, case)
    assert "Proposed: Approve" in page
    assert "approver, blind: Ask for another picture" in page
    _send(third, case, "second")
    assert _state(case) is State.APPROVED


def test_nobody_looks_at_their_own_proposal(approver: User, second: Client) -> None:
    case = factories.confirmed(factories.reviewable(), approver)
    review.approve(case=case, by=approver)
    assert "This is your own decision" in _page(second, case)
    assert _send(second, case, "view:approve", **_ticks()).status_code == 409
    assert _state(case) is State.SECOND_REVIEW


def test_a_reviewer_may_not_look(client: Client, case: Case) -> None:
    other = factories.browser(factories.officer(Role.REVIEWER, "other"))
    assert "view:approve" not in _page(other, case)
    assert _send(other, case, "view:approve", **_ticks()).status_code == 409


def test_two_rejections_agree_whatever_their_reasons(second: Client, reviewer: User) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    review.reject(case=case, reasons=[RejectReason.OTHER], by=reviewer)
    _send(second, case, "view:reject", reject_reason="suspected_forgery")
    assert _state(case) is State.REJECTED
    assert SecondLook.objects.get().differs == ["reasons"]


def test_a_look_stands_as_it_was(second: Client, case: Case) -> None:
    _send(second, case, "view:approve", **_ticks())
    with pytest.raises(DatabaseError), transaction.atomic():
        SecondLook.objects.update(agrees=False)
    assert SecondLook.objects.get().outcome == Outcome.APPROVE


def test_sending_back_says_why(case: Case, reviewer: User, approver: User, settings: LazySettings) -> None:
    settings.FOUR_EYES_BLIND = []
    other = factories.confirmed(factories.reviewable("clean-005.jpg"), reviewer)
    review.approve(case=other, by=reviewer)
    _send(factories.browser(approver), other, "send_back", comment="look at the hanja")
    assert _state(other) is State.IN_REVIEW
    assert "look at the hanja" in _page(factories.browser(reviewer), other)


def test_the_values_for_the_check_are_not_told_to_a_blind_look_and_count_as_none(
    second: Client, case: Case, approver: User
) -> None:
    holding.claim(case=case, by=approver)
    answer = _send(second, case, "check_values")
    assert answer.status_code == 409
    assert factories.NUMBER not in answer.content.decode()
    assert not Disclosure.objects.filter(by=approver, what="number").exists()


def test_a_number_that_was_not_looked_at_is_not_agreed_with_blind(
    second: Client, case: Case, approver: User
) -> None:
    form = {"do": "view:approve", "proposal": str(case.decisions.latest("at").pk)} | _ticks()
    url = reverse("admin:kyc_case_work", args=[case.pk])
    refused = second.post(url, form)
    assert "You have not looked at this number yet" in refused.content.decode()
    assert not SecondLook.objects.exists()
    factories.look(case, approver)
    second.post(url, form)
    assert _state(case) is State.APPROVED
