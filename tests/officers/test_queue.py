"""The queue: what needs me, in the order in which it is due, found by id, name or number, in few queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kyc.domain.lifecycle import State
from kyc.domain.reasons import RejectReason
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case
from kyc.selectors import queue
from kyc.services import holding, intake, review
from tests.officers import factories

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/kyc/case/"
MOST_QUERIES = 12
MOST_QUERIES_OF_A_CASE = 25


def _listed(client: Client, **asked: str) -> list[Case]:
    answer = client.get(ADDRESS, asked)
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


def test_by_default_it_shows_what_needs_me_in_the_order_in_which_it_is_due(
    client: Client, reviewer: User
) -> None:
    late, soon, mine, others = (factories.reviewable(f"clean-00{n}.jpg") for n in (0, 4, 5, 9))
    for case, hours in ((late, 9), (soon, 1), (mine, 5)):
        at = timezone.now() + timedelta(hours=hours)
        Case.objects.filter(pk=case.pk).update(due_at=at, turn_at=at)
    holding.claim(case=Case.objects.get(pk=mine.pk), by=reviewer)
    holding.claim(case=others, by=factories.officer(Role.REVIEWER))
    factories.queued("clean-001.jpg")
    assert _listed(client) == [soon, mine, late]


def test_a_second_review_needs_an_approver_who_did_not_propose_it(client: Client, approver: User) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=approver)
    review.reject(case=case, reasons=[RejectReason.OTHER], by=approver)
    assert _listed(client) == []
    assert _listed(factories.browser(approver)) == []
    assert _listed(factories.browser(factories.officer(Role.APPROVER))) == [case]
    assert _listed(client, show="second") == [case]


def test_a_row_tells_state_due_findings_reader_and_holder_in_words(client: Client, reviewer: User) -> None:
    case = factories.reviewable(ID="531004-1980180", DateOfIssue="297802")
    holding.claim(case=case, by=reviewer)
    page = client.get(ADDRESS).content.decode()
    for words in (
        str(case.pk)[:8],
        "In review",
        "in 23",
        "Serious 1",
        "Worth a look",
        "Own reader",
        "<strong>me</strong>",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"show": "all"}, 4),
        ({"show": "mine"}, 1),
        ({"show": "free"}, 1),
        ({"show": "open"}, 2),
        ({"show": "all", "state": "queued"}, 1),
        ({"show": "all", "state": "started"}, 1),
        ({"severity": "high"}, 1),
        ({"severity": "none"}, 1),
        ({"finding": "rrn.check_digit"}, 1),
        ({"finding": "name.missing"}, 0),
        ({"due": "later"}, 2),
        ({"due": "overdue"}, 0),
        ({"age": "day"}, 2),
        ({"age": "older"}, 0),
        ({"channel": "customer"}, 2),
        ({"channel": "staff"}, 0),
    ],
)
def test_each_filter_narrows(client: Client, reviewer: User, asked: dict[str, str], found: int) -> None:
    holding.claim(case=factories.reviewable(), by=reviewer)
    factories.reviewable("clean-005.jpg", ID="700411-2973380")
    factories.queued("clean-001.jpg")
    intake.open_case()
    assert len(_listed(client, **asked)) == found


def test_the_page_asks_the_same_few_queries_for_any_number_of_cases(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        factories.reviewable(f"clean-00{number}.jpg")
    client.get(reverse("admin:index"))  # the first page of a session writes it
    with django_assert_max_num_queries(MOST_QUERIES) as few:
        client.get(ADDRESS)
    case = Case.objects.first()
    assert case is not None
    Case.objects.bulk_create(
        Case(state=State.IN_REVIEW, legal_basis="demo", sealed_key=b"x", turn_at=timezone.now())
        for _ in range(200)
    )
    with django_assert_max_num_queries(MOST_QUERIES) as many:
        client.get(ADDRESS)
    assert len(many) <= len(few)


@pytest.mark.parametrize("name", ["kyc_decision", "kyc_reading", "kyc_disclosure", "kyc_auditentry"])
def test_the_registers_are_bounded_too(name: str, django_assert_max_num_queries: Any) -> None:
    account = factories.officer(Role.APPROVER)
    for number in (0, 4, 5):
        case = factories.confirmed(factories.reviewable(f"clean-00{number}.jpg"), account)
        review.approve(case=case, by=account)
    client = factories.browser(factories.officer(Role.AUDITOR))
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(reverse(f"admin:{name}_changelist")).status_code == 200


def test_the_workbench_is_bounded(client: Client, reviewer: User, django_assert_max_num_queries: Any) -> None:
    case = factories.confirmed(factories.reviewable(ID="531004-1980180"), reviewer)
    second = factories.browser(factories.officer(Role.APPROVER))
    for officer in (client, second):
        officer.get(reverse("admin:index"))  # the first page of a session writes it
    address = reverse("admin:kyc_case_change", args=[case.pk])
    with django_assert_max_num_queries(MOST_QUERIES_OF_A_CASE) as alone:
        client.get(address)
    for _ in range(12):
        factories.reviewable()  # related by number and picture
    with django_assert_max_num_queries(MOST_QUERIES_OF_A_CASE) as related:
        client.get(address)
    assert len(related) <= len(alone) + 2
    review.approve(case=case, by=reviewer)
    with django_assert_max_num_queries(MOST_QUERIES_OF_A_CASE):
        second.get(address)


def test_nobody_counts_further_than_anybody_reads(client: Client) -> None:
    Case.objects.bulk_create(
        Case(state=State.IN_REVIEW, legal_basis="demo", sealed_key=b"x", turn_at=timezone.now())
        for _ in range(queue.MANY + 7)
    )
    assert "More than 1,000" in client.get(ADDRESS).content.decode()
    assert f"{queue.MANY}+" in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize(
    "text",
    [factories.NUMBER, "5310041980189", factories.NAME, "양선준(梁宣準)", "{id}", "{short}", " {short} "],
)
def test_a_case_is_found_by_id_exact_name_or_full_number(client: Client, text: str) -> None:
    case = factories.reviewable()
    factories.reviewable("clean-005.jpg")
    text = text.format(id=case.pk, short=str(case.pk)[:8])
    answer = client.post(reverse("admin:kyc_case_find"), {"text": text})
    assert answer["Location"] == reverse("admin:kyc_case_change", args=[case.pk])


@pytest.mark.parametrize(
    "text", ["", "양선", "531004-1980180", "531004", "nothing of the kind", "%", "deadbeefdead"]
)
def test_what_is_not_found_is_said_with_what_to_try(client: Client, text: str) -> None:
    factories.reviewable()
    answer = client.post(reverse("admin:kyc_case_find"), {"text": text})
    assert answer.status_code == 200
    assert "No case" in answer.content.decode()


def test_several_cases_of_one_person_are_listed(client: Client) -> None:
    cases = [factories.reviewable() for _ in range(2)]
    page = client.post(reverse("admin:kyc_case_find"), {"text": factories.NUMBER}).content.decode()
    assert "2 cases found" in page
    assert all(str(case.pk)[:8] in page for case in cases)
    assert factories.NUMBER not in page


def test_a_search_for_a_person_is_recorded_without_the_person(client: Client, reviewer: User) -> None:
    factories.reviewable()
    client.post(reverse("admin:kyc_case_find"), {"text": factories.NUMBER})
    entry = AuditEntry.objects.get(action="case.searched")
    assert entry.data == {"by": "number", "found": 1}
    assert entry.actor == f"officer:{reviewer.pk}"


def test_an_auditor_finds_cases_by_id_alone() -> None:
    case = factories.reviewable()
    auditor = factories.browser(factories.officer(Role.AUDITOR))
    find = reverse("admin:kyc_case_find")
    assert str(case.pk) in auditor.post(find, {"text": str(case.pk)[:8]})["Location"]
    assert "No case" in auditor.post(find, {"text": factories.NUMBER}).content.decode()


def test_the_pages_speak_korean_and_english(client: Client) -> None:
    answer = client.post(reverse("admin:language"), {"language": "ko", "next": ADDRESS})
    assert answer["Location"] == ADDRESS
    assert 'lang="ko"' in client.get(ADDRESS).content.decode()
