"""Who comes too fast waits a little and is reported; nobody is locked out, and no other case is touched."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from kyc.models import AuditEntry, Case, Disclosure, Pace
from kyc.services import pace
from tests.onboarding import way


def _slow_again(minutes: int) -> None:
    """As if that much time had passed."""
    for row in Pace.objects.all():
        row.until -= timedelta(minutes=minutes)
        row.save()


def test_many_pictures_of_a_case_wait_minutes_and_then_go_on(browser: Client, card: bytes) -> None:
    case = way.to_picture(browser)
    for _ in range(pace.PICTURES_OF_CASE.burst):
        assert way.send(browser, b"text").status_code == 422
    page = way.send(browser, card)
    assert page.status_code == 429
    assert "Please wait 3 min" in way.words(page)
    assert way.send_parts(browser, card).status_code == 429
    _slow_again(minutes=4)
    assert way.send(browser, card).headers["Location"] == "/status/"
    (reported,) = AuditEntry.objects.filter(action="limit.reached")
    assert (reported.case_id, reported.data) == (case.pk, {"limit": "case_pictures"})


def test_the_limit_of_a_case_holds_across_browsers(browser: Client, card: bytes) -> None:
    """A fresh browser with the private link has no fresh attempts."""
    case = way.to_picture(browser)
    for _ in range(pace.PICTURES_OF_CASE.burst):
        pace.picture(case=case, address=None)
    with pytest.raises(pace.TooFast):
        pace.picture(case=Case.objects.get(pk=case.pk), address="192.0.2.7")


def test_the_same_notices_again_write_nothing_new(browser: Client, settings: LazySettings) -> None:
    settings.OCR_READERS = ["local", "tencent"]
    case = way.to_picture(browser)
    for _ in range(5):
        assert browser.post("/notices/", {}).status_code == 302
    assert AuditEntry.objects.filter(action="case.texts_shown").count() == 1
    assert (case.notices.count(), case.consents.count()) == (1, 1)
    browser.post("/notices/", {"transfer_abroad": "yes"})
    last = AuditEntry.objects.filter(action="case.texts_shown").latest("sequence")
    assert last.data == {"codes": ["transfer_abroad"], "granted": ["transfer_abroad"]}
    assert (case.notices.count(), case.consents.count()) == (1, 2)


def test_who_changes_an_answer_without_end_is_slowed(browser: Client, settings: LazySettings) -> None:
    settings.OCR_READERS = ["local", "tencent"]
    way.to_picture(browser)
    answers = ({"transfer_abroad": "yes"}, {}) * pace.ANSWERS_OF_CASE.burst
    codes = [browser.post("/notices/", answer).status_code for answer in answers]
    assert codes[:20] == [302] * 20
    assert codes[-1] == 429
    assert AuditEntry.objects.filter(action="case.texts_shown").count() <= pace.ANSWERS_OF_CASE.burst


def test_who_looks_at_what_was_read_without_end_fills_no_register(browser: Client, card: bytes) -> None:
    case = way.is_read(way.sent(browser, card))
    codes = [browser.get("/check/").status_code for _ in range(pace.LOOKS_OF_CASE.burst + 3)]
    assert codes == [200] * pace.LOOKS_OF_CASE.burst + [429] * 3
    looks = Disclosure.objects.filter(case_id=case.pk)
    assert looks.count() == pace.LOOKS_OF_CASE.burst
    assert browser.get("/status/", follow=True).status_code == 429
    _slow_again(minutes=1)
    assert browser.get("/check/").status_code == 200


def test_one_address_that_begins_without_end_is_slowed_and_others_are_not() -> None:
    for _ in range(pace.CASES_OF_ADDRESS.burst):
        pace.begin(address="192.0.2.7")
    with pytest.raises(pace.TooFast) as told:
        pace.begin(address="192.0.2.7")
    assert told.value.minutes == 1
    pace.begin(address="192.0.2.8")
    assert AuditEntry.objects.filter(action="limit.reached").count() == 1


def test_a_slowed_address_is_told_so_in_words(browser: Client) -> None:
    Pace.objects.create(key="address_cases:127.0.0.1/32", until=timezone.now() + timedelta(hours=1))
    page = browser.post("/begin/", {"key": way.Page(browser.get("/")).inputs["key"]})
    assert page.status_code == 429
    assert "nothing is lost" in way.words(page)
    assert not Case.objects.exists()


def test_what_is_slow_again_is_forgotten() -> None:
    pace.begin(address="192.0.2.7")
    assert pace.tidy() == 0
    _slow_again(minutes=90)
    assert pace.tidy() == 1
