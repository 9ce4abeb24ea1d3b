"""One officer sees no more in an hour than the deployment allows; an auditor takes the register out with a reason."""

import csv
import io
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Disclosure
from kyc.services import disclosure, moderation, presence, takeout
from tests.officers import factories

pytestmark = pytest.mark.django_db


def _change(case: Case) -> str:
    return reverse("admin:kyc_case_change", args=[case.pk])


def test_far_more_cases_than_usual_are_stopped_recorded_once_and_told(
    client: Client, reviewer: User, settings: LazySettings
) -> None:
    settings.DISCLOSURE_CASES_AN_HOUR = 2
    cases = [factories.reviewable() for _ in range(3)]
    assert [client.get(_change(case)).status_code for case in cases] == [200, 200, 429]
    stopped = client.get(_change(cases[2])).content.decode()
    assert "Go on in a while" in stopped
    assert factories.NAME not in stopped
    picture = reverse("admin:kyc_case_picture", args=[cases[2].pk, cases[2].documents.get().pk])
    assert client.get(picture).status_code == 429
    assert client.get(_change(cases[0])).status_code == 200, "what was opened already goes on"
    assert not Disclosure.objects.filter(case_id=cases[2].pk).exists()
    entry = AuditEntry.objects.get(action="disclosure.limit_reached")
    assert (entry.actor, entry.data) == (f"officer:{reviewer.pk}", {"limit": "cases", "most": 2})
    assert factories.browser(factories.officer(Role.APPROVER)).get(_change(cases[2])).status_code == 200


def test_full_numbers_have_a_limit_of_their_own(
    client: Client, reviewer: User, settings: LazySettings
) -> None:
    settings.DISCLOSURE_NUMBERS_AN_HOUR = 1
    first, second = factories.reviewable(), factories.reviewable()
    seen = disclosure.uncovered(case=first, by=reviewer, reason="compare_number: it", address=None)
    assert seen.number == factories.NUMBER
    with pytest.raises(moderation.TooMany):
        disclosure.uncovered(case=second, by=reviewer, reason="compare_number: it", address=None)
    asked = {"reveal_reason": "compare_number", "reveal_words": "to compare it"}
    sent = factories.page_form(second, do="reveal", comment="my words", **asked)
    answer = client.post(reverse("admin:kyc_case_work", args=[second.pk]), sent)
    assert answer.status_code == 429
    assert "full numbers of far more cases" in answer.content.decode()
    assert factories.NUMBER not in answer.content.decode()


def _file(browser: Client, *cases: Case, **sent: str) -> HttpResponse:
    form: dict[str, Any] = {"case": [str(case.pk) for case in cases], "reason": "monthly review"}
    return browser.post(reverse("admin:kyc_case_bulk_file"), form | {"format": "csv"} | sent)


def test_full_numbers_in_a_file_count_before_it_is_made(approver: User, settings: LazySettings) -> None:
    settings.DISCLOSURE_NUMBERS_AN_HOUR = 2
    lead, cases = factories.browser(approver), [factories.reviewable() for _ in range(3)]
    disclosure.uncovered(case=cases[0], by=approver, reason="compare_number: it", address=None)
    refused = _file(lead, *cases, numbers="1")
    assert refused.status_code == 429
    assert "1 further one is left now" in refused.content.decode()
    assert factories.NUMBER not in refused.content.decode()
    assert not Disclosure.objects.filter(what="export").exists(), "nothing left, so nothing is registered"
    entry = AuditEntry.objects.get(action="disclosure.limit_reached")
    assert (entry.actor, entry.data) == (f"officer:{approver.pk}", {"limit": "numbers", "most": 2})
    assert factories.NUMBER in _file(lead, *cases[:2], numbers="1").content.decode()
    assert _file(lead, *cases[:2], numbers="1").status_code == 200, "those of this hour count once"
    assert _file(lead, cases[2], numbers="1").status_code == 429
    with pytest.raises(moderation.TooMany):
        disclosure.uncovered(case=cases[2], by=approver, reason="compare_number: it", address=None)
    assert _file(lead, *cases).status_code == 200, "masked, it holds no number"


@pytest.mark.django_db(transaction=True)
def test_files_asked_for_at_the_same_moment_are_counted_one_after_the_other(settings: LazySettings) -> None:
    settings.DISCLOSURE_NUMBERS_AN_HOUR = 1
    account, cases = factories.officer(Role.APPROVER), [factories.reviewable() for _ in range(2)]
    writing = Event()

    def dawdle(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "kyc_disclosure"'):
            writing.set()
            time.sleep(0.5)  # the other asks meanwhile
        return execute(sql, *rest)

    def taken(case: Case) -> bool:
        try:
            takeout.exported(cases=[case], by=account, reason="review", address=None, numbers=True)
        except moderation.TooMany:
            return False
        finally:
            connection.close()
        return True

    def first() -> bool:
        with connection.execute_wrapper(dawdle):
            return taken(cases[0])

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(first)
        assert writing.wait(10)
        other = threads.submit(taken, cases[1])
        assert (one.result(), other.result()) == (True, False)


def test_files_have_a_measure_of_their_own_that_stops_no_work(approver: User, settings: LazySettings) -> None:
    settings.DISCLOSURE_CASES_AN_HOUR = 1
    settings.EXPORT_CASES_AN_HOUR = 2
    lead, cases = factories.browser(approver), [factories.reviewable() for _ in range(3)]
    assert _file(lead, *cases[:2]).status_code == 200
    refused = _file(lead, *cases)
    assert refused.status_code == 429
    assert "0 further ones are left now" in refused.content.decode()
    assert AuditEntry.objects.get(action="disclosure.limit_reached").data == {"limit": "exported", "most": 2}
    assert lead.get(_change(cases[2])).status_code == 200
    assert lead.get(_change(cases[0])).status_code == 429, "what left masked in a file was not opened"


def test_the_export_for_the_person_counts_as_a_full_number(approver: User, settings: LazySettings) -> None:
    settings.DISCLOSURE_NUMBERS_AN_HOUR = 1
    lead, cases = factories.browser(approver), [factories.reviewable() for _ in range(2)]
    addresses = [reverse("admin:kyc_case_export", args=[case.pk]) for case in cases]
    answers = [lead.post(address, {"reason": "request 12"}) for address in addresses]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert "full numbers of far more cases" in answers[1].content.decode()


def test_numbers_that_no_case_holds_are_searched_for_only_so_often(
    client: Client, reviewer: User, settings: LazySettings
) -> None:
    settings.SEARCH_MISSES_AN_HOUR = 3
    first = factories.reviewable()
    find = reverse("admin:kyc_case_find")
    found = [client.post(find, {"text": factories.NUMBER}) for _ in range(5)]
    assert {answer["Location"] for answer in found} == {_change(first)}, "who finds is not slowed"
    missed = [client.post(find, {"text": f"531004-198018{digit}"}) for digit in range(5)]
    assert [answer.status_code for answer in missed] == [200, 200, 200, 429, 429]
    assert "many numbers that no case holds" in missed[3].content.decode()
    assert client.post(find, {"text": factories.NUMBER}).status_code == 429, "nor does it tell what is right"
    assert client.post(find, {"text": factories.NAME}).status_code == 302
    entry = AuditEntry.objects.get(action="limit.reached")
    assert (entry.actor, entry.data) == (f"officer:{reviewer.pk}", {"limit": "officer_searches"})
    other = factories.browser(factories.officer(Role.APPROVER))
    assert other.post(find, {"text": factories.NUMBER}).status_code == 302


def _rows(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_whose_data_an_account_saw_is_one_query_and_one_export(
    client: Client, reviewer: User, approver: User
) -> None:
    cases = [factories.reviewable() for _ in range(2)]
    for case in cases:
        client.get(_change(case))
    factories.browser(approver).get(_change(cases[0]))
    auditor = factories.officer(Role.AUDITOR)
    desk = factories.browser(auditor)
    page = f"{reverse('admin:kyc_disclosure_export')}?officer={reviewer.pk}"
    listed = desk.get(reverse("admin:kyc_disclosure_changelist"), {"officer": reviewer.pk}).content.decode()
    assert f'href="{page}"' in listed
    assert desk.get(page).status_code == 200
    assert desk.post(page).status_code == 422, "a reason is asked"
    answer = desk.post(page, {"reason": "incident"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    rows = _rows(answer)
    assert {row["case"] for row in rows} == {str(case.pk) for case in cases}
    assert {(row["officer"], row["what"], row["reason"]) for row in rows} == {
        ("reviewer", "fields", "review"),
        ("reviewer", "picture", "review"),
    }
    entry = AuditEntry.objects.get(action="register.exported")
    assert entry.actor == f"officer:{auditor.pk}"
    assert entry.data == {"reason": "incident", "rows": len(rows), "officer": str(reviewer.pk)}


def test_an_export_asks_who_sits_there_once_more() -> None:
    desk = factories.browser(factories.officer(Role.AUDITOR))
    session = desk.session
    session[presence.FRESH] = 0
    session.save()
    assert desk.post(reverse("admin:kyc_disclosure_export"), {"reason": "incident"}).status_code == 401
    assert not AuditEntry.objects.filter(action="register.exported").exists()


@pytest.mark.parametrize("name", ["@SUM", "＝SUM"])
def test_a_name_that_a_spreadsheet_would_run_is_plain_text_in_the_export(name: str) -> None:
    formula = factories.officer(Role.REVIEWER, name)
    case = factories.reviewable()
    disclosure.values_of(case=case, by=formula, reason="review", address=None)
    desk = factories.browser(factories.officer(Role.AUDITOR))
    rows = _rows(desk.post(reverse("admin:kyc_disclosure_export"), {"reason": "authority"}))
    assert [row["officer"] for row in rows] == ["'" + name]
