""" "Is this right?": what was read, masked, and claims beside it."""

import pytest
from django.test import Client

from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Step
from kyc.domain.reasons import RejectReason
from kyc.models import AuditEntry, Case, Disclosure, FieldValue
from kyc.selectors import values
from kyc.services import claims, custody, review
from tests.onboarding import way


def _claims(case: Case) -> list[tuple[str, str]]:
    rows = FieldValue.objects.filter(case=case, step=Step.CLAIMED).order_by("at")
    return [(row.field, custody.open_value(case.key(), row)) for row in rows]


def test_the_customer_sees_the_fields_with_the_number_masked(browser: Client, card: bytes) -> None:
    way.reviewed(browser, card)
    page = browser.get("/status/", follow=True)
    assert page.redirect_chain[-1][0] == "/check/"
    shown = way.words(page)
    assert "안장만 (安章萬)" in shown
    assert "640419-2******" in shown
    assert "2976160" not in page.content.decode()
    assert "April 19, 1964" in shown
    assert "Female" in shown
    assert Disclosure.objects.get().actor == "customer"


def test_agreeing_leads_to_received_and_asks_no_more(browser: Client, card: bytes) -> None:
    case = way.reviewed(browser, card)
    assert browser.post("/check/", {"right": "1"}).headers["Location"] == "/status/"
    assert "We have everything" in way.words(browser.get("/status/"))
    assert _claims(case) == []


def test_a_claim_stands_beside_the_reading_and_never_over_it(browser: Client, card: bytes) -> None:
    case = way.reviewed(browser, card)
    before = {name: row.pk for name, row in values.current(case).items()}
    assert (
        browser.post("/check/", {"name": "안장민（安章萬）", "wrong": "1"}).headers["Location"] == "/status/"
    )
    assert _claims(case) == [("name", "안장민 (安章萬)")]
    assert {name: row.pk for name, row in values.current(case).items()} == before
    assert AuditEntry.objects.get(action="field.claimed").data == {"field": "name"}
    assert "Your corrections have arrived" in way.words(browser.get("/status/"))


def test_a_claim_typed_full_width_and_spaced_is_understood(browser: Client, card: bytes) -> None:
    case = way.reviewed(browser, card)
    browser.post("/check/", {"rrn": " ６４０４１９ － ２９７６１６１ ", "wrong": "1"})
    assert _claims(case) == [("rrn", "640419-2976161")]


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("rrn", "640419-29", "Write six digits, a hyphen and seven digits."),
        ("rrn", "640419-2******", "The last digits are hidden."),
        ("issued", "2009-02-30", "There is no such day."),
        ("name", "🙂", "hangul"),
        ("name", "홍" * 150, "longer than any card"),
    ],
)
def test_an_impossible_claim_is_told_at_its_field(
    browser: Client, card: bytes, field: str, text: str, sentence: str
) -> None:
    case = way.reviewed(browser, card)
    page = browser.post("/check/", {field: text, "wrong": "1"})
    assert page.status_code == 422
    assert sentence in way.words(page)
    assert _claims(case) == []


def test_a_mistyped_number_is_not_shown_again(browser: Client, card: bytes) -> None:
    way.reviewed(browser, card)
    assert (
        "640419-29761" not in browser.post("/check/", {"rrn": "640419-29761", "wrong": "1"}).content.decode()
    )


def test_corrections_without_a_correction_are_asked_for(browser: Client, card: bytes) -> None:
    way.reviewed(browser, card)
    page = browser.post("/check/", {"wrong": "1", "name": "  "})
    assert page.status_code == 422
    assert "You have not written a correction yet." in way.words(page)


def test_the_same_claim_twice_and_what_was_read_already_make_no_rows(browser: Client, card: bytes) -> None:
    case = way.reviewed(browser, card)
    for _ in range(2):
        browser.post("/check/", {"name": "안장민", "sex": "여", "wrong": "1"})
    assert _claims(case) == [("name", "안장민")]


def test_claims_are_limited_in_number(browser: Client, card: bytes) -> None:
    case = way.reviewed(browser, card)
    for turn in range(claims.CLAIMS_A_CASE):
        claims.claim(case=case, field=Field.ADDRESS, text=f"인천광역시 남동구 인주대로 {turn + 1}")
    page = browser.post("/check/", {"name": "안장민", "wrong": "1"})
    assert page.status_code == 429
    assert len(_claims(case)) == claims.CLAIMS_A_CASE


def test_no_claim_after_a_decision(browser: Client, card: bytes) -> None:
    case = way.reviewed(browser, card)
    review.reject(case=case, reasons=[RejectReason.OTHER], by=way.held(case))
    assert case.status is State.SECOND_REVIEW
    assert browser.post("/check/", {"name": "안장민", "wrong": "1"}).headers["Location"] == "/status/"
    with pytest.raises(claims.ClaimsClosed):
        claims.claim(case=case, field=Field.NAME, text="안장민")
    assert _claims(case) == []


def test_no_claim_before_anything_was_read(browser: Client, card: bytes) -> None:
    case = way.sent(browser, card).case
    with pytest.raises(claims.ClaimsClosed):
        claims.claim(case=case, field=Field.NAME, text="안장민")
