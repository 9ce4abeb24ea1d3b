"""Two pairs of eyes: who settled a value of an approval does not second it, and who seconds it has looked."""

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.reasons import RejectReason, RetakeReason
from kyc.domain.roles import Role
from kyc.models import Case
from kyc.selectors import queue
from kyc.services import assignment, holding, review
from kyc.services.policy import Ground
from tests.officers import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(reviewer: User, approver: User) -> Case:
    return _proposed(reviewer, approver)


def _proposed(reviewer: User, approver: User) -> Case:
    """The approver has corrected the number and confirmed the rest; the reviewer decided."""
    case = factories.reviewable()
    _settled(case, approver)
    holding.release(case=case, by=approver)
    holding.claim(case=case, by=reviewer)
    assert review.approve(case=case, by=reviewer).needs_second
    return case


def _settled(case: Case, by: User) -> None:
    factories.confirmed(case, by, but=(Field.RRN,))
    review.correct(case=case, field=Field.RRN, text=factories.NUMBER, by=by)


def _send(client: Client, case: Case, do: str) -> HttpResponse:
    sent = {"do": do, "proposal": str(case.decisions.latest("at").pk)}
    return client.post(reverse("admin:kyc_case_work", args=[case.pk]), sent)


def _offered(client: Client) -> list[Case]:
    return list(client.get(reverse("admin:kyc_case_changelist")).context["cl"].result_list)


def _state(case: Case) -> State:
    return Case.objects.get(pk=case.pk).status


def test_who_settled_a_value_does_not_second_the_approval_that_rests_on_it(
    case: Case, approver: User
) -> None:
    corrector = factories.browser(approver)
    page = corrector.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
    assert 'value="second"' not in page
    assert "A third officer must agree" in page
    answer = _send(corrector, case, "second")
    assert answer.status_code == 409
    assert "A third officer must agree" in answer.content.decode()
    assert _state(case) is State.SECOND_REVIEW


def test_the_queue_offers_it_to_a_third_officer_and_not_to_who_settled_it(case: Case, approver: User) -> None:
    assert _offered(factories.browser(approver)) == []
    third = factories.officer(Role.APPROVER, "third")
    assert _offered(factories.browser(third)) == [case]
    lead = factories.officer(Role.APPROVER, "lead")
    skipped = assignment.assign(cases=[case.pk], to=approver, by=lead).skipped
    assert skipped == {"own_proposal": 1}, "given to them it would be hidden from all others"
    factories.look(case, third)
    review.second(case=case, by=third)
    assert _state(case) is State.APPROVED


def test_two_officers_alone_send_it_back_and_the_other_settles_it(
    case: Case, reviewer: User, approver: User
) -> None:
    _send(factories.browser(approver), case, "send_back")
    assert _state(case) is State.IN_REVIEW
    case.refresh_from_db()
    _settled(case, reviewer)
    review.approve(case=case, by=reviewer)
    assert _offered(factories.browser(approver)) == [case], "what they had settled stands no more"
    factories.look(case, approver)
    review.second(case=case, by=approver)
    assert _state(case) is State.APPROVED


def test_a_blind_look_is_barred_as_well_and_strands_no_two_officers(
    settings: LazySettings, reviewer: User, approver: User
) -> None:
    settings.FOUR_EYES_BLIND = [Ground.CORRECTED_RRN]
    case = _proposed(reviewer, approver)
    browser = factories.browser(approver)
    page = browser.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
    assert 'value="view:approve"' not in page
    assert 'value="send_back"' in page
    factories.look(case, approver)
    form = {f"agree_{name}": "1" for name in Field} | {"proposal": str(case.decisions.get().pk)}
    answer = browser.post(reverse("admin:kyc_case_work", args=[case.pk]), form | {"do": "view:approve"})
    assert "A third officer must agree" in answer.content.decode()
    assert _state(case) is State.SECOND_REVIEW
    _send(browser, case, "send_back")
    assert _state(case) is State.IN_REVIEW


def test_an_earlier_pictures_value_and_a_rejection_bar_nobody(reviewer: User, approver: User) -> None:
    case = factories.reviewable()
    _settled(case, approver)
    review.ask_retake(case=case, reasons=[RetakeReason.BLURRED], by=approver)
    factories.sent_again(case, "clean-009.jpg")
    case.refresh_from_db()
    _settled(case, reviewer)
    review.approve(case=case, by=reviewer)
    other = factories.confirmed(factories.reviewable("clean-005.jpg"), approver)
    holding.release(case=other, by=approver)
    holding.claim(case=other, by=reviewer)
    review.reject(case=other, reasons=[RejectReason.OTHER], by=reviewer)
    assert set(_offered(factories.browser(approver))) == {case, other}
    for waiting in (case, other):
        factories.look(waiting, approver)
        review.second(case=waiting, by=approver)


def test_who_seconds_a_number_has_looked_at_it_since_it_took_its_value(
    reviewer: User, approver: User
) -> None:
    case = factories.reviewable()
    factories.look(case, approver)  # at what was read, before the reviewer's value
    _settled(case, reviewer)
    review.approve(case=case, by=reviewer)
    seconding = factories.browser(approver)
    answer = _send(seconding, case, "second")
    assert answer.status_code == 409
    assert "You have not looked at this number yet" in answer.content.decode()
    assert "Take the case and uncover the number first" in answer.content.decode()
    assert _state(case) is State.SECOND_REVIEW
    seconding.post(reverse("admin:kyc_case_claim", args=[case.pk]))
    page = seconding.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
    assert "Uncover the number first" in page
    shown = _send(seconding, case, "uncover").content.decode()  # without script
    assert factories.NUMBER in shown
    assert _send(seconding, case, "second").status_code == 302
    assert _state(case) is State.APPROVED


def test_a_rejection_is_seconded_without_a_look_at_the_number(reviewer: User, approver: User) -> None:
    case = factories.confirmed(factories.reviewable(), reviewer)
    review.reject(case=case, reasons=[RejectReason.OTHER], by=reviewer)
    seconding = factories.browser(approver)
    page = seconding.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
    assert "uncover the number first" not in page.lower()
    review.second(case=case, by=approver)
    assert _state(case) is State.REJECTED


def test_the_queue_asks_each_case_for_its_values_and_not_the_officer_for_all_of_theirs() -> None:
    plan = Case.objects.filter(queue.own_values(1)).explain()
    if connection.vendor == "sqlite":  # the other one weighs by what stands in its tables
        assert "kyc_fieldvalue_by" not in plan
        assert "kyc_fieldva_case_id" in plan
