"""A consent that was given is taken back on a page, and from then on nothing more goes abroad."""

import pytest
from django.conf import LazySettings
from django.test import Client

from kyc.models import AuditEntry, Consent
from kyc.services import egress
from tests.onboarding import way

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _abroad(settings: LazySettings) -> None:
    settings.OCR_READERS = ["local", "tencent"]


def test_a_consent_is_taken_back_on_a_page_and_heeded_from_then_on(browser: Client, card: bytes) -> None:
    case = way.to_picture(browser, transfer_abroad="yes")
    assert "What I agreed to" in way.words(browser.get("/picture/"))
    way.send(browser, card)
    assert "What I agreed to" in way.words(browser.get("/status/"))
    page = browser.get("/consents/")
    assert "You said yes on" in way.words(page)
    assert AuditEntry.objects.get(action="case.texts_shown").data["granted"] == ["transfer_abroad"]
    assert egress.agreed(case)
    assert browser.post("/consents/", {"code": "transfer_abroad"}).headers["Location"] == "/consents/"
    assert "Taken back on" in way.words(browser.get("/consents/"))
    assert not egress.agreed(case)
    assert Consent.objects.get().withdrawn_at is not None
    assert AuditEntry.objects.get(action="consent.withdrawn").data == {"code": "transfer_abroad"}
    browser.post("/consents/", {"code": "transfer_abroad"})
    browser.post("/consents/", {"code": "nothing"})
    assert AuditEntry.objects.filter(action="consent.withdrawn").count() == 1


def test_who_said_no_is_shown_it(browser: Client) -> None:
    way.to_picture(browser)
    assert "You said no." in way.words(browser.get("/consents/"))
    assert AuditEntry.objects.get(action="case.texts_shown").data["refused"] == ["transfer_abroad"]


def test_who_was_asked_nothing_is_shown_that(browser: Client, settings: LazySettings) -> None:
    settings.OCR_READERS = ["local"]
    way.to_picture(browser)
    assert "nothing that is optional" in way.words(browser.get("/consents/"))
    assert "What I agreed to" not in way.words(browser.get("/picture/"))
