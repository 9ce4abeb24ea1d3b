"""What the customer is told in the end, and what to do when another picture is asked for."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from kyc.domain.lifecycle import State
from kyc.domain.reasons import RejectReason, RetakeReason
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Document
from kyc.services import retention, review
from kyc.wording_pictures import REASONS, UNREADABLE
from tests.onboarding import way


def _settled(browser: Client) -> str:
    return way.words(browser.get("/status/", follow=True))


def test_an_approval_is_told(browser: Client, card: bytes, settings: LazySettings) -> None:
    settings.FOUR_EYES = []
    way.approve(way.reviewed(browser, card))
    assert "Your identity is confirmed." in _settled(browser)


def test_a_second_review_looks_like_the_first(browser: Client, card: bytes) -> None:
    case = way.reviewed(browser, card)
    browser.post("/check/", {"right": "1"})
    before = _settled(browser)
    review.reject(case=case, reasons=[RejectReason.SUSPECTED_FORGERY], by=way.held(case))
    assert Case.objects.get(pk=case.pk).status is State.SECOND_REVIEW
    assert _settled(browser) == before.replace(" Look again at what was read", "")


def test_a_rejection_says_what_may_be_said_and_how_to_object(
    browser: Client, card: bytes, settings: LazySettings
) -> None:
    settings.OPERATOR_CONTACT = "help@operator.example"
    case = way.reviewed(browser, card)
    review.reject(
        case=case, reasons=[RejectReason.SUSPECTED_FORGERY], by=way.held(case), comment="fake hologram"
    )
    case.refresh_from_db()
    review.second(case=case, by=way.officer(Role.APPROVER, "approver"))
    told = _settled(browser)
    assert "We could not confirm your identity" in told
    assert "help@operator.example" in told
    assert "You may object" in told
    assert str(case) in told
    for secret in ("forgery", "hologram", "reviewer"):
        assert secret not in told.lower()


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (RetakeReason.GLARE, "A light is reflected on the card."),
        (RetakeReason.BACK_SIDE, "photograph the front"),
    ],
)
def test_an_officers_reason_for_another_picture_is_told_and_it_can_be_sent(
    browser: Client, card: bytes, reason: RetakeReason, sentence: str
) -> None:
    case = way.reviewed(browser, card)
    review.ask_retake(case=case, reasons=[reason], by=way.held(case))
    told = _settled(browser)
    assert sentence in told
    assert "No better picture possible?" not in told
    assert way.send(browser, _other(card)).headers["Location"] == "/status/"
    assert Case.objects.get(pk=case.pk).status is State.QUEUED


@pytest.mark.parametrize("reason", ["", "no_card", "back_of_card", "too_blurred", "a_reason_of_tomorrow"])
def test_the_readers_reason_for_another_picture_is_told(browser: Client, card: bytes, reason: str) -> None:
    way.is_unreadable(way.sent(browser, card), reason)
    assert str(REASONS.get(reason, UNREADABLE)) in _settled(browser)


def test_only_the_latest_reason_is_told(browser: Client, card: bytes) -> None:
    case = way.reviewed(browser, card)
    review.ask_retake(case=case, reasons=[RetakeReason.GLARE], by=way.held(case))
    way.send(browser, _other(card))
    way.is_unreadable(case.documents.order_by("-received_at").first(), "back_of_card")  # type: ignore[arg-type]
    told = _settled(browser)
    assert "back of the card" in told
    assert "reflected" not in told


def test_a_customer_without_a_better_picture_is_not_trapped(browser: Client, card: bytes) -> None:
    case = way.is_unreadable(way.sent(browser, card), "too_blurred")
    assert "No better picture possible?" in _settled(browser)
    assert browser.post("/picture/insist/").headers["Location"] == "/status/"
    assert Case.objects.get(pk=case.pk).status is State.IN_REVIEW
    assert Document.objects.count() == 1


def test_an_officers_wish_for_another_picture_cannot_be_pushed_aside(browser: Client, card: bytes) -> None:
    case = way.reviewed(browser, card)
    review.ask_retake(case=case, reasons=[RetakeReason.GLARE], by=way.held(case))
    browser.post("/picture/insist/")
    assert Case.objects.get(pk=case.pk).status is State.RETAKE


def test_a_withdrawal_is_asked_for_once_more_and_receipted(browser: Client, card: bytes) -> None:
    case = way.sent(browser, card).case
    assert "Withdraw your application?" in way.words(browser.get("/withdraw/"))
    assert Case.objects.get(pk=case.pk).status is State.QUEUED
    browser.post("/withdraw/")
    told = _settled(browser)
    moved = AuditEntry.objects.get(case_id=case.pk, data__to="withdrawn")
    assert f"Receipt number {moved.sequence}-{moved.hash.hex()[:16]}" in told
    assert str(case) in told
    until = retention.kept_until(Case.objects.get(pk=case.pk))
    assert f"destroyed on {date_format(until, 'DATE_FORMAT')}" in told
    assert browser.get("/withdraw/").headers["Location"] == "/status/"


def test_what_was_erased_at_the_customers_request_is_receipted(browser: Client, card: bytes) -> None:
    case = way.sent(browser, card).case
    browser.post("/withdraw/")
    case.refresh_from_db()
    retention.erase(case=case, by=retention.RETENTION, reason=retention.Reason.ASKED)
    told = _settled(browser)
    erased = AuditEntry.objects.get(case_id=case.pk, data__to="erased")
    assert "have been destroyed" in told
    assert f"Receipt number {erased.sequence}-{erased.hash.hex()[:16]}" in told


def test_a_withdrawal_after_the_decision_changes_nothing(
    browser: Client, card: bytes, settings: LazySettings
) -> None:
    settings.FOUR_EYES = []
    case = way.reviewed(browser, card)
    way.approve(case)
    browser.post("/withdraw/")
    assert Case.objects.get(pk=case.pk).status is State.APPROVED


def test_an_expired_application_can_be_begun_anew(browser: Client, settings: LazySettings) -> None:
    case = way.to_picture(browser)
    long_ago = timezone.now() - timedelta(days=settings.CASE_EXPIRY_DAYS + 1)
    Case.objects.filter(pk=case.pk).update(changed_at=long_ago)
    assert retention.expire_cases() == 1
    assert "You can begin a new one at once." in _settled(browser)
    assert "Go on with your application" not in way.words(browser.get("/"))


def _other(card: bytes) -> bytes:
    """The same picture as another file."""
    return card + b"\0"
