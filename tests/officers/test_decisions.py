"""Deciding: after every field, with reasons, by two where policy asks, and never twice."""

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Outcome, Step
from kyc.domain.reasons import RejectReason
from kyc.domain.roles import Role
from kyc.models import Case, Decision
from kyc.services import holding, review
from tests.officers import factories

pytestmark = pytest.mark.django_db


def _send(client: Client, case: Case, **form: str) -> HttpResponse:
    return client.post(reverse("admin:kyc_case_work", args=[case.pk]), form)


def _state(case: Case) -> State:
    return Case.objects.get(pk=case.pk).status


def _page(client: Client, case: Case) -> str:
    return client.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()


def test_ticking_every_field_and_approving_is_one_step(client: Client, case: Case, reviewer: User) -> None:
    answer = _send(client, case, **factories.ticked(case, do="approve", comment="clear"))
    assert answer.status_code == 302
    assert _state(case) is State.APPROVED
    decision = case.decisions.get()
    assert (decision.outcome, decision.by_id) == (Outcome.APPROVE, reviewer.pk)
    assert case.values.filter(step=Step.APPROVED).count() == len(Field)
    page = client.get(answer["Location"]).content.decode()
    assert "Approved." in page
    assert "Next case" in page


def test_approval_names_the_fields_that_are_still_open(client: Client, case: Case) -> None:
    page = _send(
        client, case, **(factories.ticked(case, do="approve", comment="my words") | {"agree_issued": ""})
    )
    assert page.status_code == 302, "an empty tick is a tick: browsers send none at all"
    other = factories.reviewable("clean-005.jpg")
    holding.claim(case=other, by=case.decisions.get().by)
    form = factories.ticked(other, do="approve", comment="my words")
    del form["agree_issued"]
    page = _send(client, other, **form)
    assert page.status_code == 422
    assert "These are still open: Date of issue." in page.content.decode()
    assert "my words" in page.content.decode()
    assert _state(other) is State.IN_REVIEW


@pytest.mark.parametrize("outcome", ["reject", "retake"])
def test_a_reason_is_required_and_nothing_typed_is_lost(client: Client, case: Case, outcome: str) -> None:
    page = _send(client, case, **factories.page_form(case, do=outcome, comment="my words"))
    assert page.status_code == 422
    assert "Choose at least one reason" in page.content.decode()
    assert "my words" in page.content.decode()
    assert _state(case) is State.IN_REVIEW


def test_another_picture_is_asked_with_its_reasons_and_without_a_second_officer(
    client: Client, case: Case
) -> None:
    Case.objects.filter(pk=case.pk).update(locale="en")
    page = _page(client, case)
    assert "Hold the phone still" in page, "the customer's words are shown before they are sent"
    sent = factories.page_form(case, do="retake") | {"retake_reason": ["blurred", "glare"]}
    client.post(reverse("admin:kyc_case_work", args=[case.pk]), sent)
    assert _state(case) is State.RETAKE
    assert case.decisions.get().reasons == ["blurred", "glare"]


def test_a_rejection_waits_for_a_second_officer_who_sees_the_reasons(
    client: Client, case: Case, approver: User
) -> None:
    answer = _send(
        client, case, **factories.page_form(case, do="reject", reject_reason="duplicate", comment="see 12")
    )
    assert _state(case) is State.SECOND_REVIEW
    assert "A second officer must agree" in client.get(answer["Location"]).content.decode()
    assert "This is your own decision" in _page(client, case)
    second = factories.browser(approver)
    shown = _page(second, case)
    assert "Proposed: Reject" in shown
    assert "Duplicate of another case" in shown
    assert "see 12" in shown
    _send(second, case, do="second", proposal=str(case.decisions.get().pk))
    assert _state(case) is State.REJECTED
    assert case.decisions.get().seconded_by == approver


def test_nobody_seconds_their_own_decision(case: Case, approver: User) -> None:
    holding.claim(case=Case.objects.get(pk=case.pk), by=case.claimed_by or approver)
    holding.release(case=case, by=case.claimed_by or approver)
    holding.claim(case=case, by=approver)
    review.reject(case=case, reasons=[RejectReason.OTHER], by=approver)
    page = _send(factories.browser(approver), case, do="second", proposal=str(case.decisions.get().pk))
    assert page.status_code == 409
    assert "your own decision" in page.content.decode()
    assert _state(case) is State.SECOND_REVIEW


def test_a_reviewer_cannot_agree_with_anothers_decision(case: Case, reviewer: User) -> None:
    review.reject(case=case, reasons=[RejectReason.OTHER], by=reviewer)
    other = factories.browser(factories.officer(Role.REVIEWER))
    assert 'value="second"' not in _page(other, case)
    page = _send(other, case, do="second", proposal=str(case.decisions.get().pk))
    assert page.status_code == 409
    assert "Your role does not include this step" in page.content.decode()
    assert _state(case) is State.SECOND_REVIEW


def test_a_decision_sent_back_is_in_review_again_and_stays_on_record(
    case: Case, reviewer: User, approver: User
) -> None:
    review.reject(case=case, reasons=[RejectReason.OTHER], by=reviewer)
    _send(factories.browser(approver), case, do="send_back", proposal=str(case.decisions.get().pk))
    assert _state(case) is State.IN_REVIEW
    assert "Sent back" in _page(factories.browser(approver), case)


def test_a_proposal_that_was_replaced_meanwhile_is_not_agreed_to_unseen(
    case: Case, reviewer: User, approver: User
) -> None:
    first = review.reject(case=case, reasons=[RejectReason.OTHER], by=reviewer)
    review.send_back(case=case, by=approver)
    holding.claim(case=case, by=reviewer)
    review.reject(case=case, reasons=[RejectReason.SUSPECTED_FORGERY], by=reviewer)
    page = _send(factories.browser(approver), case, do="second", proposal=str(first.pk))
    assert page.status_code == 409
    assert "Read it again" in page.content.decode()
    assert _state(case) is State.SECOND_REVIEW


def test_a_corrected_number_is_said_to_need_a_second_officer(client: Client, case: Case) -> None:
    _send(client, case, **factories.page_form(case, do="save", value_rrn="531004-1980190"))
    html = _page(client, case)
    assert "A second officer must agree, because" in html
    assert "the resident number was corrected" in html
    _send(client, case, **factories.ticked(case, do="approve"))
    assert _state(case) is State.SECOND_REVIEW


def test_a_double_click_approves_once(client: Client, case: Case) -> None:
    form = factories.ticked(case, do="approve")
    _send(client, case, **form)
    again = _send(client, case, **form)
    assert again.status_code == 409
    assert "approved already" in again.content.decode()
    assert Decision.objects.count() == 1


def test_a_stale_tab_is_told_what_happened_and_keeps_what_was_typed(
    client: Client, case: Case, reviewer: User
) -> None:
    form = factories.page_form(case, do="approve", value_name="김낡은", comment="an old tab")
    factories.confirmed(case, reviewer)
    review.approve(case=case, by=reviewer)
    page = _send(client, case, **form)
    assert page.status_code == 409
    assert "approved already" in page.content.decode()
    assert "김낡은" in page.content.decode()
    assert "an old tab" in page.content.decode()


def test_a_value_changed_in_another_window_must_be_seen_before_approval(
    client: Client, case: Case, reviewer: User
) -> None:
    factories.confirmed(case, reviewer)
    form = factories.page_form(case, do="approve")
    review.correct(case=case, field=Field.ADDRESS, text="부산광역시 수영구 연수로 1", by=reviewer)
    page = _send(client, case, **form)
    assert page.status_code == 422
    assert _state(case) is State.IN_REVIEW


def test_a_button_that_the_page_does_not_have_changes_nothing(client: Client, case: Case) -> None:
    page = _send(client, case, **factories.ticked(case, do="erase"))
    assert page.status_code == 409
    assert _state(case) is State.IN_REVIEW


def test_a_form_without_its_token_is_refused(case: Case, reviewer: User) -> None:
    client = factories.browser(reviewer)
    client.handler.enforce_csrf_checks = True
    assert _send(client, case, **factories.ticked(case, do="approve")).status_code == 403
    assert _state(case) is State.IN_REVIEW
