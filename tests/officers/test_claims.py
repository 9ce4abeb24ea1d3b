"""Who holds a case: taken by one, next by next, given back, and never decided twice by two at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kyc.domain.lifecycle import State
from kyc.domain.provenance import Outcome
from kyc.domain.reasons import RejectReason
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Decision
from kyc.services import holding, review, second_look
from tests.officers import factories

QUEUE = "admin:kyc_case_changelist"


def _post(client: Client, name: str, case: Case) -> str:
    return client.post(reverse(f"admin:kyc_case_{name}", args=[case.pk]), follow=True).content.decode()


def _next(client: Client) -> str:
    return client.post(reverse("admin:kyc_case_next"))["Location"]


@pytest.mark.django_db
def test_one_officer_takes_a_case_and_the_other_is_told_who_holds_it(client: Client, reviewer: User) -> None:
    case = factories.reviewable()
    assert "Take this case" in client.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
    assert "You hold this case until" in _post(client, "claim", case)
    other = factories.browser(factories.officer(Role.REVIEWER, "other"))
    shown = _post(other, "claim", case)
    assert "Another officer holds this case now" in shown
    assert "reviewer holds this case" in shown
    assert Case.objects.get().claimed_by == reviewer


@pytest.mark.django_db
def test_opening_a_page_or_following_a_link_takes_nothing(client: Client) -> None:
    case = factories.reviewable()
    for name in ("change", "claim", "release", "work"):
        client.get(reverse(f"admin:kyc_case_{name}", args=[case.pk]))
    client.get(reverse("admin:kyc_case_next"))
    assert Case.objects.get().claimed_by is None


@pytest.mark.django_db
def test_a_case_put_back_is_free_again(client: Client) -> None:
    case = factories.reviewable()
    _post(client, "claim", case)
    assert "Nobody holds this case." in _post(client, "release", case)


@pytest.mark.django_db
def test_next_gives_what_is_due_first_and_passes_over_what_others_hold(client: Client) -> None:
    late, soon, held = (factories.reviewable(f"clean-00{n}.jpg") for n in (4, 5, 9))
    for case, hours in ((late, 9), (soon, 2), (held, 1)):
        at = timezone.now() + timedelta(hours=hours)
        Case.objects.filter(pk=case.pk).update(due_at=at, turn_at=at)
    holding.claim(case=held, by=factories.officer(Role.REVIEWER))
    assert str(soon.pk) in _next(client)
    assert str(late.pk) in _next(client)
    assert str(soon.pk) in _next(client), "nothing free is left: what one holds already comes again"


@pytest.mark.django_db
def test_next_says_so_where_nothing_waits(client: Client) -> None:
    shown = client.post(reverse("admin:kyc_case_next"), follow=True).content.decode()
    assert "No case waits for you now" in shown


@pytest.mark.django_db
def test_next_never_gives_a_reviewer_a_second_review_nor_anybody_their_own(
    client: Client, approver: User
) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=approver)
    review.reject(case=case, reasons=[RejectReason.OTHER], by=approver)
    for browser in (client, factories.browser(approver)):
        assert _next(browser) == reverse(QUEUE)
    other = factories.browser(factories.officer(Role.APPROVER))
    assert str(case.pk) in _next(other)


@pytest.mark.django_db
def test_an_expired_claim_that_nobody_took_still_saves(client: Client, reviewer: User) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    Case.objects.update(claim_expires=timezone.now() - timedelta(minutes=1))
    sent = factories.ticked(case, do="approve")
    client.post(reverse("admin:kyc_case_work", args=[case.pk]), sent)
    assert Case.objects.get().status is State.APPROVED


@pytest.mark.django_db
def test_an_expired_claim_that_another_took_saves_nothing_and_loses_nothing(
    client: Client, reviewer: User
) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    Case.objects.update(claim_expires=timezone.now() - timedelta(minutes=1))
    holding.claim(case=Case.objects.get(), by=factories.officer(Role.REVIEWER, "faster"))
    sent = factories.page_form(case, do="save", value_name="김잃지")
    answer = client.post(reverse("admin:kyc_case_work", args=[case.pk]), sent)
    assert answer.status_code == 409
    assert "김잃지" in answer.content.decode()
    assert "faster holds this case" in answer.content.decode()


@pytest.mark.django_db
def test_saving_extends_the_claim(client: Client, reviewer: User) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    almost = timezone.now() + timedelta(seconds=5)
    Case.objects.update(claim_expires=almost)
    sent = factories.page_form(case, do="save", agree_name="1")
    client.post(reverse("admin:kyc_case_work", args=[case.pk]), sent)
    assert Case.objects.get().claim_expires > almost + timedelta(minutes=5)


@pytest.mark.django_db(transaction=True)
def test_twenty_approvals_at_once_make_one_decision() -> None:
    account = factories.officer(Role.REVIEWER, "many-tabs")
    case = factories.confirmed(factories.reviewable(), account)
    form = factories.page_form(case, do="approve")
    address = reverse("admin:kyc_case_work", args=[case.pk])
    together = Barrier(20)

    def approve(client: Client) -> int:
        together.wait()
        try:
            return client.post(address, form).status_code
        finally:
            connection.close()

    clients = [factories.browser(account) for _ in range(20)]
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(approve, clients))
    assert sorted(answers) == [302] + [409] * 19
    assert Decision.objects.count() == 1
    assert Case.objects.get().status is State.APPROVED
    assert AuditEntry.objects.filter(action="case.moved", data__to="approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_officers_asking_for_the_next_case_get_one_each() -> None:
    cases = [factories.reviewable(f"clean-00{n}.jpg") for n in range(4)]
    clients = [factories.browser(factories.officer(Role.REVIEWER)) for _ in range(20)]
    together = Barrier(20)

    def take(client: Client) -> str:
        together.wait()
        try:
            return _next(client)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(take, clients))
    taken = [answer for answer in answers if answer != reverse(QUEUE)]
    assert sorted(taken) == sorted(reverse("admin:kyc_case_change", args=[case.pk]) for case in cases)
    assert Case.objects.exclude(claimed_by=None).values("claimed_by").distinct().count() == 4


@pytest.mark.django_db
def test_a_proposal_is_held_by_nobody_who_could_not_answer_it(
    case: Case, reviewer: User, approver: User
) -> None:
    review.reject(case=case, reasons=[RejectReason.OTHER], by=reviewer)
    own = factories.reviewable("clean-005.jpg")
    holding.claim(case=own, by=approver)
    review.reject(case=own, reasons=[RejectReason.OTHER], by=approver)
    other = factories.browser(factories.officer(Role.REVIEWER, "other"))
    assert "Your role does not include this step" in _post(other, "claim", case)
    assert "This is your own decision" in _post(factories.browser(approver), "claim", own)
    assert not Case.objects.filter(claimed_by__isnull=False).exists()
    holding.claim(case=case, by=approver)
    assert review.second(case=case, by=approver).seconded_by == approver


@pytest.mark.django_db
def test_who_gave_a_view_already_does_not_keep_the_case_from_the_third(
    case: Case, reviewer: User, approver: User, settings: LazySettings
) -> None:
    settings.FOUR_EYES_DISAGREEMENT = "third"
    review.reject(case=case, reasons=[RejectReason.OTHER], by=reviewer)
    second_look.look(case=case, by=approver, outcome=Outcome.RETAKE, view={}, reasons=["blurred"])
    assert "You gave your view" in _post(factories.browser(approver), "claim", case)
    assert Case.objects.get().claimed_by is None
