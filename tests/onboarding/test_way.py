"""From the first page to the picture."""

import re

import pytest
from django.conf import LazySettings
from django.test import Client

from kyc import notices
from kyc.domain.lifecycle import State
from kyc.models import Case, Consent, Document, Notice
from kyc.services import arrivals
from tests.onboarding import way


def test_a_customer_goes_from_the_first_page_to_a_waiting_picture(browser: Client, card: bytes) -> None:
    document = way.sent(browser, card)
    page = browser.get("/status/")
    assert Case.objects.get().status is State.QUEUED
    assert "Your picture has arrived" in way.words(page)
    assert document.jobs.count() == 1


def test_a_double_click_opens_one_case(browser: Client) -> None:
    key = way.Page(browser.get("/")).inputs["key"]
    browser.post("/begin/", {"key": key})
    browser.post("/begin/", {"key": key})
    assert Case.objects.count() == 1


def test_two_browsers_begin_two_cases(browser: Client, korean: Client) -> None:
    for client in (browser, korean):
        client.post("/begin/", {"key": way.Page(client.get("/")).inputs["key"]})
    assert sorted(Case.objects.values_list("locale", flat=True)) == ["en", "ko"]


@pytest.mark.parametrize(
    "key",
    ["", "invented", arrivals.TimestampSigner(salt="another").sign("0" * 32)],
    ids=["missing", "invented", "signed for another use"],
)
def test_a_foreign_or_missing_key_leads_back_to_the_start(browser: Client, key: str) -> None:
    assert browser.post("/begin/", {"key": key}).headers["Location"] == "/"
    assert not Case.objects.exists()


def test_the_same_picture_twice_makes_one_document(browser: Client, card: bytes) -> None:
    way.sent(browser, card)
    assert way.send(browser, card).headers["Location"] == "/status/"
    assert Document.objects.count() == 1


def test_another_picture_after_the_first_changes_nothing(browser: Client, card: bytes) -> None:
    way.sent(browser, card)
    assert way.send(browser, card + b"\0").headers["Location"] == "/status/"
    assert Document.objects.count() == 1


def test_notices_are_recorded_with_version_hash_and_language(browser: Client) -> None:
    case = way.to_picture(browser)
    notice = Notice.objects.get(case=case)
    assert (notice.code, notice.version, notice.locale) == ("identity", notices.NOTICE_VERSION, "en")
    assert re.fullmatch("[0-9a-f]{64}", notice.sha256)
    assert notice.address == "127.0.0.1"


def test_nothing_optional_is_asked_where_nothing_optional_is_done(browser: Client) -> None:
    way.to_picture(browser)
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("answer", "granted"),
    [({}, False), ({"transfer_abroad": "no"}, False), ({"transfer_abroad": "yes"}, True)],
)
def test_only_a_yes_is_a_consent_to_the_transfer_abroad(
    browser: Client, settings: LazySettings, answer: dict[str, str], granted: bool
) -> None:
    settings.OCR_READERS = ["local", "tencent"]
    way.to_picture(browser, **answer)
    assert list(Consent.objects.values_list("code", "granted")) == [("transfer_abroad", granted)]


def test_the_notice_is_no_tick_box_and_no_question_is_answered_beforehand(browser: Client) -> None:
    way.begin(browser)
    html = browser.get("/notices/").content.decode()
    assert 'type="checkbox"' not in html
    assert "checked" not in html
    assert "required" not in html


@pytest.mark.parametrize(
    ("answer", "readers"), [("yes", {"local", "tencent"}), ("no", {"local"}), ("", {"local"})]
)
def test_a_picture_goes_abroad_only_after_a_yes(
    browser: Client, card: bytes, settings: LazySettings, answer: str, readers: set[str]
) -> None:
    settings.OCR_READERS = ["local", "tencent"]
    case = way.to_picture(browser, transfer_abroad=answer)
    way.send(browser, card)
    assert set(case.documents.get().jobs.values_list("reader", flat=True)) == readers


def test_a_no_to_the_only_reader_abroad_leads_to_a_person(
    browser: Client, card: bytes, settings: LazySettings
) -> None:
    settings.OCR_READERS = ["tencent"]
    case = way.to_picture(browser, transfer_abroad="no")
    way.send(browser, card)
    assert Case.objects.get(pk=case.pk).status is State.IN_REVIEW
    assert "We have everything" in way.words(browser.get("/status/"))


def test_no_picture_is_asked_for_before_the_notices(browser: Client) -> None:
    way.begin(browser)
    assert browser.get("/picture/").headers["Location"] == "/notices/"
    assert browser.get("/status/", follow=True).redirect_chain[-1][0] == "/notices/"


@pytest.mark.parametrize(
    "path", ["/notices/", "/picture/", "/status/", "/check/", "/withdraw/", "/status/state.json"]
)
def test_a_browser_without_a_case_is_told_how_to_come_back(browser: Client, path: str) -> None:
    page = browser.get(path)
    assert page.status_code == 404
    assert "Open your private link" in way.words(page)


def test_an_open_case_is_offered_on_the_first_page(browser: Client) -> None:
    way.begin(browser)
    assert "Go on with your application" in way.words(browser.get("/"))


def test_the_language_comes_from_the_browser_and_stays_when_changed(korean: Client, browser: Client) -> None:
    assert '<html lang="ko">' in korean.get("/").content.decode()
    assert '<html lang="en">' in browser.get("/").content.decode()
    assert korean.post("/language/", {"language": "en", "next": "/"}).headers["Location"] == "/"
    assert '<html lang="en">' in korean.get("/").content.decode()


def test_a_foreign_language_switch_target_is_refused(browser: Client) -> None:
    answer = browser.post("/language/", {"language": "ko", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in answer.headers["Location"]


def test_the_way_works_in_korean(korean: Client, card: bytes) -> None:
    document = way.sent(korean, card)
    assert '<html lang="ko">' in korean.get("/status/").content.decode()
    assert document.case.locale == "ko"
    assert Notice.objects.get().locale == "ko"


@pytest.mark.parametrize("file", ["card.jpg", "card-2020.jpg", "card-upside-down.jpg"])
def test_a_specimen_is_sent_with_one_click(browser: Client, file: str) -> None:
    key = way.Page(browser.get("/")).inputs["key"]
    assert browser.post("/specimen/", {"key": key, "file": file}).headers["Location"] == "/status/"
    assert Case.objects.get().status is State.QUEUED


@pytest.mark.parametrize("file", ["../../manage.py", "index.json", ""])
def test_only_listed_specimens_are_sent(browser: Client, file: str) -> None:
    key = way.Page(browser.get("/")).inputs["key"]
    assert browser.post("/specimen/", {"key": key, "file": file}).headers["Location"] == "/"
    assert not Document.objects.exists()


def test_a_real_deployment_offers_no_specimen_and_no_banner(browser: Client, settings: LazySettings) -> None:
    settings.LEGAL_BASIS = "Act on Reporting and Using Specified Financial Transaction Information, 5-2"
    key = way.Page(browser.get("/")).inputs["key"]
    assert "invented" not in way.words(browser.get("/"))
    assert browser.post("/specimen/", {"key": key, "file": "card.jpg"}).headers["Location"] == "/"
    way.begin(browser)
    assert settings.LEGAL_BASIS in way.words(browser.get("/notices/"))


def test_every_page_carries_the_strict_policy_and_no_inline_code(browser: Client, card: bytes) -> None:
    way.reviewed(browser, card)
    for path in ("/", "/check/", "/withdraw/"):
        page = browser.get(path)
        html = page.content.decode()
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"
        assert not re.search(r"\son\w+=|<style|\sstyle=|<script(?![^>]*(src=|application/json))", html)


def test_an_unknown_page_says_so_in_words(browser: Client) -> None:
    page = browser.get("/no-such-page/")
    assert page.status_code == 404
    assert "There is no such page." in way.words(page)
