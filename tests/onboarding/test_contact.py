"""A contact for the answer: nobody must leave one, it is sealed, and only its own browser may change it."""

import io
import json
import zipfile

import pytest
from django.conf import LazySettings
from django.test import Client

from kyc.domain.actors import SYSTEM
from kyc.domain.mails import Event
from kyc.models import AuditEntry, Contact, Disclosure, Document, MailMessage
from kyc.services import destruction, disclosure, links, pace, retention, subject
from tests.onboarding import way

ADDRESS = "hong.gildong@example.kr"


def _leave(browser: Client, text: str = ADDRESS) -> int:
    return browser.post("/contact/", {"email": text, "do": "keep"}).status_code


def _sent(browser: Client, card: bytes) -> Document:
    way.send(browser, card)
    return Document.objects.get()


def _kept(contact: Contact) -> str:
    return disclosure.contact_of(case=contact.case, by=SYSTEM, reason="a test")


def test_the_address_is_mended_sealed_and_never_shown_again(browser: Client) -> None:
    case = way.begin(browser)
    browser.post("/notices/")
    answer = browser.post("/contact/", {"email": " Hong.Gildong＠example．kr ", "do": "keep"})
    assert answer.headers["Location"] == "/status/"
    contact = Contact.objects.get(case=case)
    assert contact.site == "http://testserver"
    assert b"example" not in bytes(contact.sealed)
    assert "example.kr" not in browser.get("/contact/").content.decode().replace("name@example.kr", "")
    assert "You have left an address" in way.words(browser.get("/contact/"))
    assert "example" not in str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert not Disclosure.objects.exists()
    assert _kept(contact) == "Hong.Gildong@example.kr"
    assert Disclosure.objects.get().what == "contact"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("hong", "has an @ in the middle"),
        ("hong@example", "The end of the address is missing"),
        ("hong😀@example.kr", "no e-mail address has"),
        ("h" * 499, "has an @ in the middle"),
        ("h" * 70 + "@example.kr", "longer than any e-mail address"),
    ],
)
def test_what_is_no_address_is_told_in_words_and_kept_in_the_field(
    browser: Client, typed: str, sentence: str
) -> None:
    way.begin(browser)
    browser.post("/notices/")
    page = browser.post("/contact/", {"email": typed, "do": "keep"})
    assert page.status_code == 422
    assert sentence in way.words(page)
    assert way.Page(page).inputs["email"] == typed
    assert not Contact.objects.exists()


def test_an_address_is_replaced_and_taken_back(browser: Client, card: bytes) -> None:
    case = way.to_picture(browser)
    for text in ("first@example.kr", ADDRESS):
        assert _leave(browser, text) == 302
    assert _kept(Contact.objects.get(case=case)) == ADDRESS
    browser.post("/contact/", {"do": "remove"})
    assert not Contact.objects.exists()
    way.is_read(_sent(browser, card))
    assert not MailMessage.objects.exists()
    assert list(
        AuditEntry.objects.filter(action__startswith="contact.").values_list("action", flat=True)
    ) == ["contact.left", "contact.left", "contact.removed"]


def test_only_the_browser_that_left_it_or_sent_the_picture_changes_it(browser: Client, card: bytes) -> None:
    case = way.to_picture(browser)
    _leave(browser)
    other = Client(headers={"Accept-Language": "en"})
    other.get(f"/c/{links.make(case)}/")
    assert "was left already" in way.words(other.get("/contact/"))
    _leave(other, "thief@example.kr")
    other.post("/contact/", {"do": "remove"})
    assert _kept(Contact.objects.get()) == ADDRESS
    way.is_read(_sent(browser, card))
    _leave(other, "thief@example.kr")
    assert _kept(Contact.objects.get()) == ADDRESS
    assert "Have the answer sent by e-mail" not in way.words(other.get("/status/"))


def test_no_address_is_asked_for_where_no_mail_leaves(browser: Client, settings: LazySettings) -> None:
    settings.MAILS = False
    way.begin(browser)
    assert browser.post("/notices/").headers["Location"] == "/picture/"
    assert browser.get("/contact/", follow=True).redirect_chain[-1][0] == "/picture/"
    assert "Step 3 of 5" in way.words(browser.get("/picture/"))
    assert "E-mail for the answer" not in way.words(browser.get("/picture/"))


def test_to_leave_an_address_is_a_consent_that_can_be_taken_back(browser: Client) -> None:
    case = way.to_picture(browser)
    assert not case.consents.exists()
    for text in (ADDRESS, "other@example.kr"):
        _leave(browser, text)
    consent = case.consents.get()
    assert (consent.code, consent.granted, consent.locale, consent.address) == (
        "contact",
        True,
        "en",
        "127.0.0.1",
    )
    assert "E-mail for the answer" in way.words(browser.get("/consents/"))
    browser.post("/consents/", {"code": "contact"})
    assert not Contact.objects.exists()
    _leave(browser)
    browser.post("/contact/", {"do": "remove"})
    assert [row.withdrawn_at is None for row in case.consents.all()] == [False, False]


def test_many_addresses_in_one_case_wait(browser: Client) -> None:
    way.to_picture(browser)
    answers = [_leave(browser, f"a{number}@example.kr") for number in range(pace.CONTACTS_OF_CASE.burst + 1)]
    assert answers[-2:] == [302, 429]
    assert Contact.objects.count() == 1
    assert AuditEntry.objects.filter(action="limit.reached").exists()


def test_erasure_leaves_no_address_and_its_mails_have_nowhere_to_go(browser: Client, card: bytes) -> None:
    case = way.to_picture(browser)
    _leave(browser)
    browser.post("/withdraw/")
    assert MailMessage.objects.get().event == Event.WITHDRAWN
    case.refresh_from_db()
    retention.erase(case=case, by=retention.RETENTION, reason=retention.Reason.ASKED)
    assert destruction.leftovers(case) == []
    assert not Contact.objects.exists()


def test_an_address_that_was_left_behind_is_no_proof_of_erasure(browser: Client) -> None:
    case = way.to_picture(browser)
    _leave(browser)
    assert "contact" in destruction.leftovers(case)


def test_a_person_is_given_the_address_that_is_kept(browser: Client) -> None:
    case = way.to_picture(browser)
    _leave(browser)
    packed = subject.export(case=case, account=None, by=SYSTEM, reason="request 7", address=None)
    told = json.loads(zipfile.ZipFile(io.BytesIO(packed)).read("data.json"))
    assert told["email"] == ADDRESS
