"""Figures: counted by day, right where a person can count them by hand, of nobody's data, and cheap."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.measures import Measure, Source
from kyc.domain.reasons import RejectReason, RetakeReason
from kyc.domain.roles import Role
from kyc.models import AuditEntry, BlindCheck, Case, DayFigure, Disclosure, Judgement
from kyc.selectors import figures
from kyc.selectors.tally import tally
from kyc.services import blind, counting, holding, intake, presence, review
from tests.officers import factories

pytestmark = pytest.mark.django_db

PAGE, FILE, ACCURACY = "/admin/figures/", "/admin/figures/file/", "/admin/figures/accuracy/"


@pytest.fixture(autouse=True)
def _nothing_drawn(settings: Any) -> None:
    settings.BLIND_CHECK_PERCENT = 0


@pytest.fixture
def lead(approver: User) -> Client:
    return factories.browser(approver)


def _approved(by: User, card: str = factories.CLEAN, *, confidence: float = 0.99, **read: str) -> Case:
    """Every field as the card has it: what was read wrong is corrected."""
    case = factories.reviewable(card, confidence=confidence, **read)
    holding.claim(case=case, by=by)
    truth = factories.answer(card)
    typed = {Field.ADDRESS: truth.address, Field.NAME: truth.name, Field.ISSUED: truth.issued}
    wrong = {name: typed[Field(name)] for name in _fields(read)}
    factories.look(case, by)
    for field in Field:
        if field in wrong:
            review.correct(case=case, field=field, text=wrong[field], by=by)
        else:
            review.confirm(case=case, field=field, by=by)
    review.approve(case=case, by=by)
    return case


def _fields(read: dict[str, str]) -> list[Field]:
    return [
        {"Address": Field.ADDRESS, "Name": Field.NAME, "DateOfIssue": Field.ISSUED}[name] for name in read
    ]


def _today() -> figures.Told:
    today = timezone.localdate()
    return figures.told(figures.Period(today, today))


def test_a_days_work_is_counted(reviewer: User, approver: User) -> None:
    _approved(reviewer)
    _approved(reviewer, "clean-005.jpg", Address="서울특별시 종로구 사직로 161")
    rejected, asked = factories.reviewable("clean-009.jpg"), factories.reviewable("clean-001.jpg")
    for case in (rejected, asked):
        holding.claim(case=case, by=reviewer)
    review.reject(case=rejected, reasons=[RejectReason.OTHER], by=reviewer)
    review.ask_retake(case=asked, reasons=[RetakeReason.GLARE], by=reviewer)
    before = _today()
    assert before.count(Measure.DECIDED, "reject") == 0
    review.second(case=Case.objects.get(pk=rejected.pk), by=approver)
    told = _today()
    assert [told.count(Measure.DECIDED, o) for o in ("approve", "reject", "retake")] == [2, 1, 1]
    assert told.count(Measure.LOOKED, "agreed") == 1
    assert told.count(Measure.ARRIVED, "") == 4
    assert sum(figure.count for figure in told.of(Measure.HOURS).values()) == 4
    judged = figures.accuracy(told, Source.REVIEW)["local"]
    assert (judged["address"].part, judged["address"].whole) == (1, 2)
    assert (judged["name"].part, judged["name"].whole) == (2, 2)


def test_a_picture_counts_on_the_day_on_which_it_came_however_often_its_customer_insists() -> None:
    case, first = factories.unread(by_hand=False), timezone.now() - timedelta(days=3)
    case.documents.update(received_at=first)
    for _ in range(2):
        intake.insist(case=case)
        Case.objects.filter(pk=case.pk).update(state=State.RETAKE, turn_at=None)
        case.refresh_from_db()
    assert tally(timezone.localdate(first))[Measure.ARRIVED, ""].count == 1
    assert tally(timezone.localdate())[Measure.ARRIVED, ""].count == 0


def test_days_that_are_over_are_counted_once_and_empty_ones_too(reviewer: User) -> None:
    first = timezone.now() - timedelta(days=3)
    case = _approved(reviewer)
    Case.objects.filter(pk=case.pk).update(created_at=first)
    case.documents.update(received_at=first)
    assert counting.count_days() == 3
    assert counting.count_days() == 0
    assert DayFigure.objects.values_list("day", flat=True).distinct().count() == 3
    day = timezone.localdate(first)
    assert DayFigure.objects.get(day=day, measure=Measure.ARRIVED).count == 1
    counting.count_day(day=day)
    assert DayFigure.objects.filter(day=day, measure=Measure.ARRIVED).count() == 1
    whole = figures.told(figures.Period(day, timezone.localdate()))
    assert (whole.count(Measure.ARRIVED, ""), whole.count(Measure.DECIDED, "approve")) == (1, 1)


def test_a_worker_that_is_behind_is_told(lead: Client, reviewer: User) -> None:
    case = factories.reviewable()
    assert "has not counted" not in lead.get(PAGE).content.decode()
    Case.objects.filter(pk=case.pk).update(created_at=timezone.now() - timedelta(days=5))
    assert "The worker has not counted any day yet" in lead.get(PAGE).content.decode()
    counting.count_day(day=timezone.localdate() - timedelta(days=5))
    assert "The worker has counted the days up to" in lead.get(PAGE).content.decode()
    counting.count_days()
    assert "The worker has" not in lead.get(PAGE).content.decode()


def test_a_drill_counts_nowhere(reviewer: User) -> None:
    case = factories.reviewable(ID="531004-1980180")
    Case.objects.filter(pk=case.pk).update(drill=True)
    case.refresh_from_db()
    holding.claim(case=case, by=reviewer)
    review.reject(case=case, reasons=[RejectReason.OTHER], by=reviewer)
    assert {figure.count for figure in tally(timezone.localdate()).values()} == {0}
    assert figures.queue_now().second == 0
    drilled = Case.objects.get(pk=factories.reviewable("clean-005.jpg").pk)
    Case.objects.filter(pk=drilled.pk).update(drill=True)
    factories.confirmed(Case.objects.get(pk=drilled.pk), reviewer)
    review.approve(case=Case.objects.get(pk=drilled.pk), by=reviewer)
    assert not Judgement.objects.exists()


def test_the_page_says_it_all_without_anybodys_data(lead: Client, reviewer: User) -> None:
    _approved(reviewer, Address="서울특별시 종로구 사직로 161")
    factories.reviewable("clean-005.jpg", ID="700411-2973380")
    page = lead.get(PAGE).content.decode()
    for words in (
        "Decisions a day",
        "Share corrected",
        "Findings by rule",
        "check digit",
        "<svg",
        "95 % interval",
    ):
        assert words in page
    text = lead.get(FILE).content.decode()
    assert "day,figure,key,count,total" in text
    assert ",field,review:local:address:wrong,1," in text
    for secret in (factories.NAME, "531004", "사직로", "700411", reviewer.username):
        assert secret not in page + text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("first=2026-13-01&last=2026-11-01", "Write both days"),
        ("first=2026-11-01", "Write both days"),
        ("days=-1", "Write both days"),
        ("days=99999999999", "Write both days"),
        ("first=2026-11-02&last=2026-11-01", "lies after the last"),
        ("first=2001-01-01&last=2026-11-01", "at most 366 days"),
        ("first=9000-01-01&last=9999-12-31", "lies in the future"),
        ("first=<script>&last=%00", "Write both days"),
    ],
)
def test_a_period_that_cannot_be_is_told_and_the_usual_one_shown(
    lead: Client, query: str, words: str
) -> None:
    for address in (PAGE, ACCURACY):
        page = lead.get(f"{address}?{query}")
        assert page.status_code == 200
        assert words in page.content.decode()
    assert lead.get(f"{FILE}?{query}").status_code == 200


@pytest.mark.parametrize("address", [PAGE, ACCURACY])
def test_a_page_of_figures_asks_few_queries_for_any_number_of_cases(
    lead: Client, reviewer: User, address: str, django_assert_max_num_queries: Any
) -> None:
    _approved(reviewer)
    lead.get(reverse("admin:index"))
    with django_assert_max_num_queries(30) as few:
        assert lead.get(address).status_code == 200
    now = timezone.now()
    Case.objects.bulk_create(
        Case(state="in_review", legal_basis="demo", sealed_key=b"x", turn_at=now, due_at=now)
        for _ in range(200)
    )
    with django_assert_max_num_queries(len(few)):
        assert lead.get(address).status_code == 200


def test_a_threshold_says_what_it_would_have_let_through(lead: Client, reviewer: User) -> None:
    _approved(reviewer, confidence=0.999)
    _approved(reviewer, "clean-005.jpg", Address="서울특별시 종로구 사직로 161", confidence=0.96)
    rows = lead.get(ACCURACY).context["readers"][0]["rows"]
    at = {row.at: (row.reviewed, row.passed, row.faulty, row.errors) for row in rows}
    assert at["0.5"] == (0, 2, 1, 1)
    assert at["0.97"] == (1, 1, 0, 0)
    assert "Nothing is approved automatically" in lead.get(ACCURACY).content.decode()


def test_a_blind_check_judges_people_and_readers(reviewer: User, approver: User, settings: Any) -> None:
    settings.BLIND_CHECK_PERCENT = 100
    case = _approved(reviewer)
    check = BlindCheck.objects.get(case=case)
    assert blind.next_check(by=reviewer) is None
    page = factories.browser(approver).get("/admin/blind/").content.decode()
    assert factories.NAME not in page
    assert "531004" not in page
    told = factories.answer(factories.CLEAN)
    form = {
        "value_name": told.name, "value_rrn": told.rrn, "value_sex": "male", "value_birthday": told.birthday,
        "value_address": told.address, "value_issued": "2001-01-01",
    }  # fmt: skip
    client = factories.browser(approver)
    refused = client.post(f"/admin/blind/{check.pk}/", form | {"value_rrn": "531004"})
    assert refused.status_code == 422
    assert told.address in refused.content.decode()
    assert "Write six digits" in refused.content.decode()
    assert client.get(f"/admin/blind/{check.pk}/picture/")["Content-Type"] == "image/jpeg"
    assert Disclosure.objects.filter(by=approver, reason="blind_check").count() == 2
    client.post(f"/admin/blind/{check.pk}/", form)
    assert BlindCheck.objects.get(pk=check.pk).differs == ["issued"]
    judged = Judgement.objects.filter(source=Source.BLIND)
    assert set(judged.values_list("field", flat=True)) == set(Field) - {Field.ISSUED}
    assert all(judgement.right for judgement in judged)
    assert AuditEntry.objects.get(action="case.checked_blind").data == {"differs": ["issued"]}
    again = client.post(f"/admin/blind/{check.pk}/", form, follow=True).content.decode()
    assert "This check is done, or not yours" in again
    lead = client.get(ACCURACY).content.decode()
    assert "look at these approved cases again" in lead
    assert str(case.pk)[:8] in lead


def test_who_had_a_part_in_a_case_does_not_check_it_blind(reviewer: User, settings: Any) -> None:
    settings.BLIND_CHECK_PERCENT = 100
    check = BlindCheck.objects.get(case=_approved(reviewer))
    client = factories.browser(reviewer)
    assert client.get(f"/admin/blind/{check.pk}/picture/").status_code == 403
    assert "not yours" in client.post(f"/admin/blind/{check.pk}/", {}, follow=True).content.decode()


def test_a_blind_checks_picture_asks_who_sits_there_and_is_that_of_the_next_one_alone(
    reviewer: User, approver: User, settings: Any
) -> None:
    settings.BLIND_CHECK_PERCENT = 100
    checks = [BlindCheck.objects.get(case=_approved(reviewer)) for _ in range(2)]
    pictures = [f"/admin/blind/{check.pk}/picture/" for check in checks]
    client = factories.browser(approver)
    assert [client.get(picture).status_code for picture in pictures] == [200, 403]
    session = client.session
    session[presence.FRESH] = 0
    session.save()
    assert client.get(pictures[0]).status_code == 401
    refused = client.post(f"/admin/blind/{checks[0].pk}/", {"value_name": "양선준"})
    assert refused.status_code == 401, "the page that tells what is wrong shows the picture again"
    assert 'value="양선준"' in refused.content.decode()
    assert Disclosure.objects.filter(by=approver, reason="blind_check", what="number").count() == 1


def test_ages_and_lateness_are_counted(reviewer: User) -> None:
    now = timezone.now()
    for hours in (1, 30, 100, 400):
        at = now - timedelta(hours=hours - 24)
        Case.objects.create(
            state="in_review", legal_basis="demo", sealed_key=b"x", turn_at=at, due_at=at, created_at=at
        )
    told = figures.queue_now()
    assert told.ages == {"day": 1, "three": 1, "week": 1, "older": 1}
    assert (told.in_review, told.overdue) == (4, 3)
    assert isinstance(told.oldest, datetime)


def test_an_auditor_sees_figures_and_a_reviewer_does_not(reviewer: User) -> None:
    assert factories.browser(factories.officer(Role.AUDITOR)).get(PAGE).status_code == 200
    assert factories.browser(reviewer).get(PAGE).status_code == 403
