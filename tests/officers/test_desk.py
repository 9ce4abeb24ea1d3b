"""The officer's own filters, and what the queue says to an address that it does not understand."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from kyc.domain.findings import Severity
from kyc.domain.reasons import RetakeReason
from kyc.domain.risk import HEAD_START, Risk
from kyc.domain.roles import Role
from kyc.models import Case, SavedView
from kyc.services import desk, holding, intake, review, urgency
from tests.officers import factories

pytestmark = pytest.mark.django_db

QUEUE = "/admin/kyc/case/"
KEEP = "/admin/kyc/case/views/keep/"


def _listed(client: Client, query: str) -> list[Case]:
    return list(client.get(f"{QUEUE}?{query}").context["cl"].result_list)


def test_filters_are_kept_for_one_officer_and_the_queue_opens_with_the_first(
    client: Client, reviewer: User
) -> None:
    factories.reviewable(ID="531004-1980180")
    sent = {
        "show": "open",
        "severity": "high",
        "name": "  grave ones ",
        "first": "1",
        "q": "나",
        "state": "<b>",
    }
    assert client.post(KEEP, sent)["Location"] == f"{QUEUE}?severity=high&show=open"
    assert client.get(QUEUE)["Location"] == "?severity=high&show=open"
    assert "grave ones" in client.get(f"{QUEUE}?show=needed").content.decode()
    other = factories.browser(factories.officer(Role.REVIEWER))
    page = other.get(QUEUE)
    assert page.status_code == 200
    assert "grave ones" not in page.content.decode()


def test_an_officer_forgets_only_their_own_filters(client: Client, reviewer: User) -> None:
    client.post(KEEP, {"show": "mine", "name": "mine"})
    view = SavedView.objects.get(officer=reviewer)
    factories.browser(factories.officer(Role.REVIEWER)).post(f"{QUEUE}views/{view.pk}/forget/")
    assert SavedView.objects.filter(pk=view.pk).exists()
    client.post(f"{QUEUE}views/{view.pk}/forget/")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"show": "mine", "name": " "}, "Give your filters a name"),
        ({"name": "empty"}, "Choose a filter first"),
        ({"name": "person", "state": "양선준"}, "Choose a filter first"),
    ],
)
def test_filters_that_cannot_be_kept_say_why(client: Client, sent: dict[str, str], words: str) -> None:
    assert words in client.post(KEEP, sent, follow=True).content.decode()
    assert not SavedView.objects.exists()


def test_nobody_keeps_filters_without_end(client: Client, reviewer: User) -> None:
    for number in range(desk.MOST_VIEWS):
        desk.keep(name=f"view {number}", asked={"show": "mine"}, first=False, by=reviewer)
    page = client.post(KEEP, {"show": "mine", "name": "one more"}, follow=True).content.decode()
    assert "20 sets of filters already" in page
    assert SavedView.objects.count() == desk.MOST_VIEWS
    client.post(KEEP, {"show": "free", "name": "view 3"})
    assert SavedView.objects.get(name="view 3").query == "show=free"


@pytest.mark.parametrize(
    "query", ["nonsense=1&e=1", "state=nowhere", "severity=9", "officer=0", "reader=x", "show=1", "again=2"]
)
def test_an_unknown_filter_is_left_out_and_told(client: Client, query: str) -> None:
    case = factories.reviewable()
    page = client.get(f"{QUEUE}?{query}")
    assert "named a filter that does not exist" in page.content.decode()
    assert list(page.context["cl"].result_list) == [case]


@pytest.mark.parametrize("page", ["99999999999999999999", "0", "-3", "x"])
def test_a_page_that_does_not_exist_shows_one_that_does(client: Client, page: str) -> None:
    case = factories.reviewable()
    assert _listed(client, f"p={page}") == [case]


def test_a_grave_case_comes_before_one_that_is_due_a_little_earlier(client: Client) -> None:
    plain = factories.reviewable("clean-005.jpg")
    grave = factories.reviewable(ID="531004-1980180")
    assert (plain.risk, grave.risk) == (Risk.NONE, Risk.HIGH)
    assert plain.due_at < grave.due_at
    assert _listed(client, "") == [grave, plain]
    text = client.get(QUEUE).content.decode()
    assert "serious finding counts as due 4 hours earlier" in text
    Case.objects.filter(pk=plain.pk).update(turn_at=plain.due_at - HEAD_START[Risk.HIGH] * 2)
    assert _listed(client, "") == [plain, grave]


def test_the_risk_is_that_of_the_newest_picture(client: Client, reviewer: User) -> None:
    case = factories.reviewable(ID="531004-1980180")
    assert case.findings.filter(severity=Severity.HIGH).exists()
    holding.claim(case=case, by=reviewer)
    review.ask_retake(case=case, reasons=[RetakeReason.GLARE], by=reviewer)
    assert Case.objects.get(pk=case.pk).turn_at is None
    factories.sent_again(case, "clean-005.jpg")
    again = Case.objects.get(pk=case.pk)
    assert (again.risk, again.resubmitted) == (Risk.NONE, True)
    assert again.turn_at == again.due_at
    urgency.assess(again)
    assert Case.objects.get(pk=case.pk).turn_at == again.turn_at


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("show=open&reader=local", 1),
        ("show=open&reader=nobody", 1),
        ("show=all&again=yes", 1),
        ("show=open&again=no", 1),
        ("show=all&officer={me}", 2),
        ("show=open&officer={other}", 0),
        ("show=all&finding=rrn.check_digit", 1),
        ("show=all&severity=high", 1),
    ],
)
def test_readers_officers_and_resubmissions_can_be_asked_for(
    client: Client, reviewer: User, query: str, found: int
) -> None:
    asked = factories.reviewable(ID="531004-1980180")
    holding.claim(case=asked, by=reviewer)
    review.ask_retake(case=asked, reasons=[RetakeReason.GLARE], by=reviewer)
    again = factories.unread("clean-005.jpg", by_hand=True)
    holding.claim(case=again, by=reviewer)
    Case.objects.filter(pk=again.pk).update(resubmitted=True)
    factories.reviewable()
    other = factories.officer(Role.REVIEWER)
    assert len(_listed(client, query.format(me=reviewer.pk, other=other.pk))) == found


def test_a_case_that_follows_another_counts_as_sent_again() -> None:
    first = intake.open_case()
    assert not first.resubmitted
    assert intake.open_case(previous=first).resubmitted


def test_the_queue_speaks_of_its_order_only_where_it_has_one(client: Client) -> None:
    assert (
        "the newest first" in client.get(reverse("admin:kyc_case_changelist") + "?show=all").content.decode()
    )
