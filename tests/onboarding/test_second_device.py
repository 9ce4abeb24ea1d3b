"""With a code from the mailbox the fields are seen on another device; with less, the state alone."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.utils import timezone

from kyc.models import AccessCode, AuditEntry, Case, FieldValue, MailMessage, Pace
from kyc.services import codes, guesses, links, mailing, pace, review
from tests.onboarding import way

ADDRESS = "hong.gildong@example.kr"
SEEN, UNSEEN = "안장만", "We have everything"


@pytest.fixture(autouse=True)
def _mail_stays_in_memory(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def case(browser: Client, card: bytes) -> Case:
    """Read, in review, sent by the browser that left an address."""
    case = way.to_picture(browser)
    browser.post("/contact/", {"email": ADDRESS, "do": "keep"})
    way.send(browser, card)
    return way.is_read(case.documents.get())


def _elsewhere(case: Case, **headers: str) -> Client:
    other = Client(headers={"Accept-Language": "en"} | headers)
    other.get(f"/c/{links.make(case)}/")
    return other


def _mailed_code() -> str:
    mailing.empty()
    body = next(str(sent.body) for sent in reversed(mail.outbox) if "Your code" in sent.subject)
    (found,) = [line for line in body.splitlines() if line.replace(" ", "").isdecimal()]
    return found


def test_the_code_from_the_mailbox_shows_the_fields_and_takes_claims(case: Case) -> None:
    other = _elsewhere(case)
    page = other.get("/status/")
    assert UNSEEN in way.words(page)
    assert "Send me a code" in way.words(page)
    assert other.post("/code/", {"do": "send"}).headers["Location"] == "/code/"
    code = _mailed_code()
    before = other.cookies["sinwon"].value
    assert other.post("/code/", {"do": "show", "code": code}).headers["Location"] == "/check/"
    assert other.cookies["sinwon"].value != before
    assert SEEN in other.get("/check/").content.decode()
    assert other.post("/check/", {"wrong": "1", "name": "안장민"}).status_code == 302
    assert FieldValue.objects.filter(case=case, step="claimed").count() == 1
    assert other.get("/code/").headers["Location"] == "/status/"


@pytest.mark.parametrize("shape", ["{}", " {} ", "{}-", "\u200b{}"])
def test_the_code_is_taken_as_phones_paste_it(case: Case, shape: str) -> None:
    other = _elsewhere(case)
    other.post("/code/", {"do": "send"})
    wide = _mailed_code().translate({ord(str(n)): 0xFF10 + n for n in range(10)})
    assert other.post("/code/", {"code": shape.format(wide)}).headers["Location"] == "/check/"


def test_the_code_is_kept_nowhere(case: Case) -> None:
    other = _elsewhere(case)
    other.post("/code/", {"do": "send"})
    code = _mailed_code().replace(" ", "")
    for model in (AccessCode, MailMessage, AuditEntry):
        assert code not in str(list(model.objects.values()))
    assert code not in str(dict(other.session))


def test_opening_link_or_page_sends_and_uses_nothing(case: Case) -> None:
    other = _elsewhere(case)
    for path in ("/status/", "/code/", "/check/"):
        other.get(path)
    assert not AccessCode.objects.exists()
    other.post("/code/", {"do": "send"})
    code = _mailed_code()
    assert other.get("/code/").status_code == 200
    assert other.post("/code/", {"code": code}).headers["Location"] == "/check/"


def test_five_wrong_tries_end_a_code_and_never_the_customers_own(case: Case) -> None:
    thief, other = _elsewhere(case), _elsewhere(case)
    thief.post("/code/", {"do": "send"})
    other.post("/code/", {"do": "send"})
    mailing.empty()
    mine = codes.digits(AccessCode.objects.order_by("-at").first())  # type: ignore[arg-type]
    answers = [thief.post("/code/", {"code": "0000 0000"}) for _ in range(codes.TRIES)]
    assert "4 more tries" in way.words(answers[0])
    assert "works no longer" in way.words(answers[-1])
    assert thief.post("/code/", {"code": mine}).headers["Location"] == "/code/"
    assert other.post("/code/", {"code": mine}).headers["Location"] == "/check/"
    assert AuditEntry.objects.filter(action="code.tried_out", case_id=case.pk).count() == 1


def test_anothers_code_opens_nothing_and_a_code_opens_once(case: Case) -> None:
    thief, other = _elsewhere(case), _elsewhere(case)
    for client in (other, thief):
        client.post("/code/", {"do": "send"})
    first = AccessCode.objects.order_by("at").first()
    assert first is not None
    assert thief.post("/code/", {"code": codes.digits(first)}).status_code == 422
    assert other.post("/code/", {"code": codes.digits(first)}).headers["Location"] == "/check/"
    with pytest.raises(codes.CodeOver):
        codes.show(case=case, code_id=first.pk, typed=codes.digits(first), address=None)


def test_an_old_code_opens_nothing_and_an_old_mail_is_not_sent(case: Case) -> None:
    other = _elsewhere(case)
    other.post("/code/", {"do": "send"})
    code = _mailed_code()
    AccessCode.objects.update(until=timezone.now())
    assert "works no longer" in way.words(other.post("/code/", {"code": code}))
    other.post("/code/", {"do": "send"})
    AccessCode.objects.update(until=timezone.now())
    mailing.empty()
    assert MailMessage.objects.get(code__used_at=None, delivered_at=None).problem == "late"
    AccessCode.objects.update(at=timezone.now() - 2 * codes.KEPT_FOR)
    assert codes.tidy() == 4  # two codes and their mails
    assert not AccessCode.objects.exists()


def test_many_codes_wait_minutes_and_then_go_on(case: Case) -> None:
    other = _elsewhere(case)
    answers = [other.post("/code/", {"do": "send"}) for _ in range(pace.CODES_OF_CASE.burst + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [302, 429]
    assert "nothing is lost" in way.words(answers[-1])
    for row in Pace.objects.all():
        row.until -= timedelta(minutes=11)
        row.save()
    assert other.post("/code/", {"do": "send"}).status_code == 302


def test_who_guesses_codes_of_many_cases_waits_and_others_do_not(case: Case) -> None:
    key = f"code:{guesses.neighbourhood('127.0.0.1')}"
    guesses.begin([guesses.Count(key, 1)])
    other = _elsewhere(case)
    other.post("/code/", {"do": "send"})
    code = _mailed_code()
    page = other.post("/code/", {"code": code})
    assert page.status_code == 429
    assert "Please wait 1 min" in way.words(page)
    assert other.post("/code/", {"code": code}, REMOTE_ADDR="192.0.2.9").headers["Location"] == "/check/"


def test_a_link_from_a_mail_shows_the_state_and_leads_to_nothing_more(case: Case) -> None:
    """The address may be mistyped: then link and code would come to the same stranger."""
    stranger = Client(headers={"Accept-Language": "en"})
    opened = stranger.get(f"/m/{links.for_mail(case)}/", follow=True)
    html = opened.content.decode()
    assert UNSEEN in way.words(opened)
    assert links.make(case) not in html
    assert "Send me a code" not in html
    stranger.post("/code/", {"do": "send"})
    assert not AccessCode.objects.exists()
    stranger.post("/contact/", {"email": "stranger@example.kr"})
    assert AuditEntry.objects.filter(action="contact.left").count() == 1
    assert stranger.get(f"/c/{links.for_mail(case)}/").status_code == 404
    assert stranger.get(f"/m/{links.make(case)}/").status_code == 404
    stranger.get(f"/c/{links.make(case)}/")  # their private link is at hand after all
    assert "Send me a code" in way.words(stranger.get("/status/"))


def test_the_customers_own_browser_loses_nothing_by_a_link_from_a_mail(browser: Client, case: Case) -> None:
    browser.get(f"/m/{links.for_mail(case)}/")
    assert SEEN in browser.get("/check/").content.decode()


def test_no_code_for_the_card_of_somebody_who_left_no_address(browser: Client, card: bytes) -> None:
    """Who began a case and left an address there sees nothing of the card that another sent into it."""
    case = way.to_picture(browser)
    browser.post("/contact/", {"email": "thief@example.kr", "do": "keep"})
    victim = _elsewhere(case)
    way.send(victim, card)
    way.is_read(case.documents.get())
    assert not codes.is_offered(case)
    browser.post("/code/", {"do": "send"})
    browser.post("/contact/", {"email": "thief2@example.kr", "do": "keep"})
    browser.post("/code/", {"do": "send"})
    assert not AccessCode.objects.exists()
    assert SEEN in victim.get("/check/").content.decode()


def test_who_insists_on_anothers_picture_does_not_see_its_fields(browser: Client, card: bytes) -> None:
    case = way.is_unreadable(way.sent(browser, card), "too_blurred")
    other = _elsewhere(case)
    other.post("/picture/insist/")
    assert Case.objects.get(pk=case.pk).status == "in_review"
    review.correct(
        case=case, field=way.Field.NAME, text="안장만 (安章萬)", by=way.held(Case.objects.get(pk=case.pk))
    )
    assert other.get("/check/").headers["Location"] == "/status/"
    assert SEEN in browser.get("/check/").content.decode()


def test_no_code_is_offered_once_an_officer_decided(case: Case, settings: LazySettings) -> None:
    settings.FOUR_EYES = []
    other = _elsewhere(case)
    other.post("/code/", {"do": "send"})
    code = _mailed_code()
    way.approve(case)
    assert other.post("/code/", {"code": code}).headers["Location"] == "/status/"
    assert SEEN not in other.get("/status/").content.decode()
