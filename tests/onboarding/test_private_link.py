"""The private link brings a customer back; alone it shows the state and nothing of the card."""

import pytest
from django.test import Client

from kyc.domain.lifecycle import State
from kyc.models import Case, Disclosure
from kyc.services import intake, links
from tests.onboarding import way


def _other_device() -> Client:
    return Client(headers={"Accept-Language": "en"})


def test_the_link_becomes_a_cookie_and_leaves_the_address_bar(browser: Client, card: bytes) -> None:
    case = way.sent(browser, card).case
    other = _other_device()
    opened = other.get(f"/c/{links.make(case)}/")
    assert opened.headers["Location"] == "/status/"
    assert "Your picture has arrived" in way.words(other.get("/status/"))


def test_opening_a_link_consumes_and_changes_nothing(browser: Client, card: bytes) -> None:
    case = way.sent(browser, card).case
    before = Case.objects.values().get(pk=case.pk)
    for _ in range(3):
        assert _other_device().get(f"/c/{links.make(case)}/").status_code == 302
    assert Case.objects.values().get(pk=case.pk) == before


def test_another_device_sees_the_state_and_no_field(browser: Client, card: bytes) -> None:
    case = way.reviewed(browser, card)
    other = _other_device()
    page = other.get(f"/c/{links.make(case)}/", follow=True)
    assert "We have everything" in way.words(page)
    assert "안장만" not in page.content.decode()
    assert other.get("/check/").headers["Location"] == "/status/"
    assert not Disclosure.objects.exists()


def test_who_began_a_case_does_not_see_the_card_that_another_sent_into_it(
    browser: Client, card: bytes
) -> None:
    case = way.to_picture(browser)
    victim = _other_device()
    victim.get(f"/c/{links.make(case)}/")
    way.send(victim, card)
    way.is_read(case.documents.get())
    assert "안장만" not in browser.get("/status/", follow=True).content.decode()
    assert "안장만" in victim.get("/status/", follow=True).content.decode()


def test_a_case_goes_on_at_another_device(browser: Client, card: bytes) -> None:
    case = way.to_picture(browser)
    other = _other_device()
    assert other.get(f"/c/{links.make(case)}/", follow=True).redirect_chain[-1][0] == "/picture/"
    assert way.send(other, card).headers["Location"] == "/status/"
    assert Case.objects.get(pk=case.pk).status is State.QUEUED


def test_who_tries_many_wrong_links_waits(browser: Client, card: bytes) -> None:
    case = way.sent(browser, card).case
    other = _other_device()
    answers = {other.get(f"/c/wrong-{number}/").status_code for number in range(links.FREE)}
    assert answers == {404}
    assert other.get(f"/c/{links.make(case)}/").status_code == 429
    elsewhere = other.get(f"/c/{links.make(case)}/", REMOTE_ADDR="192.0.2.9")
    assert elsewhere.headers["Location"] == "/status/"


@pytest.mark.parametrize(
    "damage", [lambda t: t[:-4], lambda t: ("1" if t[0] == "0" else "0") + t[1:], lambda t: "x"]
)
def test_a_damaged_link_says_what_to_do(browser: Client, card: bytes, damage) -> None:  # type: ignore[no-untyped-def]
    case = way.sent(browser, card).case
    page = _other_device().get(f"/c/{damage(links.make(case))}/")
    assert page.status_code == 404
    assert "Copy the whole link" in way.words(page)


def test_the_link_is_shown_to_keep(browser: Client, card: bytes) -> None:
    case = way.reviewed(browser, card)
    browser.post("/check/", {"right": "1"})
    assert f"/c/{links.make(case)}/" in browser.get("/status/").content.decode()


def test_a_cookie_copied_from_a_shared_device_opens_nothing_of_the_next_customers(
    browser: Client, card: bytes
) -> None:
    way.sent(browser, card)
    copied = _other_device()
    copied.cookies["sinwon"] = browser.cookies["sinwon"].value
    assert copied.get("/status/").status_code == 200
    key = way.Page(browser.get("/")).inputs["key"]
    browser.post("/begin/", {"key": key})
    assert copied.get("/status/").status_code == 404
    assert browser.get("/status/").headers["Location"] == "/picture/"


def test_the_next_customer_of_a_device_sees_nothing_of_the_one_before(browser: Client, card: bytes) -> None:
    first = way.reviewed(browser, card)
    second = intake.open_case()
    browser.get(f"/c/{links.make(second)}/")
    assert set(browser.session.keys()) <= {"case", "sandbox"}
    browser.get(f"/c/{links.make(first)}/")
    assert browser.get("/check/").headers["Location"] == "/status/"


def test_a_link_to_the_case_that_a_browser_works_on_changes_nothing_for_it(
    browser: Client, card: bytes
) -> None:
    case = way.reviewed(browser, card)
    key = browser.cookies["sinwon"].value
    browser.get(f"/c/{links.make(case)}/")
    assert browser.cookies["sinwon"].value == key, "what is on its way in another window arrives"
    assert browser.get("/check/").status_code == 200
