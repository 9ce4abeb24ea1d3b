"""While a card is read: the page moves by itself and says honestly when it takes longer."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from kyc.models import ReadingJob
from kyc.selectors import progress
from kyc.services import health
from tests.onboarding import way

LONGER = "It is taking longer than usual"


def _hidden(html: str) -> bool:
    return 'id="slow" class="note warn" hidden' in html


def test_the_page_asks_by_script_and_refreshes_without(browser: Client, card: bytes) -> None:
    health.beat(part="worker")
    way.sent(browser, card)
    html = browser.get("/status/").content.decode()
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in html
    assert 'data-address="/status/state.json"' in html
    assert _hidden(html)


def test_the_state_tells_when_to_move_on(browser: Client, card: bytes) -> None:
    health.beat(part="worker")
    document = way.sent(browser, card)
    told = browser.get("/status/state.json").json()
    assert told == {"waiting": True, "state": "queued", "slow": False, "next": "/status/"}
    way.is_read(document)
    assert browser.get("/status/state.json").json()["waiting"] is False


def test_a_silent_worker_is_told(browser: Client, card: bytes) -> None:
    way.sent(browser, card)
    page = browser.get("/status/")
    assert not _hidden(page.content.decode())
    assert LONGER in way.words(page)


def test_a_reader_that_failed_is_told(browser: Client, card: bytes) -> None:
    health.beat(part="worker")
    document = way.sent(browser, card)
    ReadingJob.objects.filter(document=document).update(last_error="ClientNetworkError", attempts=1)
    assert browser.get("/status/state.json").json()["slow"] is True


def test_a_long_wait_is_told(browser: Client, card: bytes) -> None:
    health.beat(part="worker")
    document = way.sent(browser, card)
    document.received_at = timezone.now() - progress.USUAL_WAIT - timedelta(seconds=1)
    document.save()
    assert browser.get("/status/state.json").json()["slow"] is True
