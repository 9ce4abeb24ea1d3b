"""Customers hear of each outcome by a mail that says nothing of them, over a real line, however badly it is taken."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone, translation

from kyc.domain.hosts import WAITS
from kyc.domain.lifecycle import State
from kyc.domain.mails import Event
from kyc.domain.reasons import RejectReason, RetakeReason
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Contact, Disclosure, MailMessage
from kyc.services import contacts, holding, intake, links, mailing, officers, retention, review
from kyc.tasks import write_customers
from tests.mailbox import MailServer
from tests.onboarding import way
from tests.stack import free_port

pytestmark = pytest.mark.django_db

ADDRESS = "hong.gildong@example.kr"
Start = Callable[..., MailServer]


@pytest.fixture
def server(settings: LazySettings) -> Iterator[Start]:
    started: list[MailServer] = []

    def start(*answers: str | float, password: str = "") -> MailServer:
        running = MailServer(*answers, password=password)
        started.append(running)
        for name, value in running.settings.items():
            setattr(settings, name, value)
        return running

    yield start
    translation.activate(settings.LANGUAGE_CODE)
    for running in started:
        running.stop()


@pytest.fixture
def case() -> Case:
    """It has its picture's state and an address, and one mail waits: all is received."""
    return opened()


def opened(locale: str = "en", to: State = State.IN_REVIEW) -> Case:
    case = intake.open_case(locale=locale)
    way.leave_address(case, ADDRESS)
    case.move(State.QUEUED, by=way.SYSTEM)
    case.move(to, by=way.SYSTEM)
    return case


def due_now() -> None:
    MailMessage.objects.filter(due_at__isnull=False).update(due_at=timezone.now())


def test_a_mail_leads_to_the_state_and_says_nothing_of_the_person(server: Start, case: Case) -> None:
    running = server()
    assert mailing.empty() == 1
    (taken,) = running.taken
    assert taken["To"] == ADDRESS
    assert taken["From"] == "Bank <no-reply@bank.example>"
    assert taken["Subject"] == "Sinwon: We have received everything"
    assert taken["Auto-Submitted"] == "auto-generated"
    body = taken.get_content()
    (link,) = [line for line in body.splitlines() if line.startswith("https://")]
    assert link == f"https://id.bank.example/m/{links.for_mail(case)}/"
    assert not any(sign.isdecimal() for sign in body.replace(link, ""))
    assert mailing.MAILER.name in Disclosure.objects.get().actor
    assert (Disclosure.objects.get().what, Disclosure.objects.get().reason) == ("contact", "mail received")
    message = MailMessage.objects.get()
    assert (message.attempts, message.due_at, message.problem) == (1, None, "")


def test_it_is_written_in_the_language_of_the_case(server: Start) -> None:
    running = server()
    opened("ko")
    with translation.override("en"):
        mailing.empty()
        assert translation.get_language() == "en"
    with translation.override("ko"):
        said = str(mailing.wording_mail._SUBJECTS[Event.RECEIVED])
    assert running.taken[0]["Subject"].endswith(said)


def test_each_outcome_is_told_once_and_how_it_was_decided_is_not(
    server: Start, settings: LazySettings
) -> None:
    running = server()
    settings.FOUR_EYES = ["rejection"]
    case = opened()
    account = way.held(case)
    mailing.empty()
    review.ask_retake(case=case, reasons=[RetakeReason.GLARE], by=account)
    mailing.empty()
    assert len(running.taken) == 1  # who sits before the page needs none yet
    due_now()
    mailing.empty()
    case.move(State.QUEUED, by=way.SYSTEM)
    case.move(State.IN_REVIEW, by=way.SYSTEM, due_at=timezone.now())
    mailing.empty()
    holding.claim(case=case, by=account)
    review.reject(case=case, reasons=[RejectReason.SUSPECTED_FORGERY], by=account)
    mailing.empty()
    case.refresh_from_db()
    review.second(case=case, by=way.officer(Role.APPROVER, "approver"))
    mailing.empty()
    subjects = [taken["Subject"].partition(": ")[2] for taken in running.taken]
    assert subjects == [
        "We have received everything",
        "Another picture is needed",
        "We have received everything",
        "There is a result",
    ]
    assert "reject" not in running.taken[-1].as_string().lower()
    assert "confirm" not in running.taken[-1].as_string().lower()


def test_a_case_sent_back_by_a_second_officer_is_not_received_again(server: Start, case: Case) -> None:
    running = server()
    mailing.empty()
    case.move(State.SECOND_REVIEW, by=way.SYSTEM)
    case.move(State.IN_REVIEW, by=way.SYSTEM)
    assert mailing.empty() == 0
    assert len(running.taken) == 1


def test_a_withdrawal_is_told_with_where_the_receipt_stands(
    server: Start, case: Case, browser: Client
) -> None:
    running = server()
    retention.withdraw(case=case)
    assert mailing.empty() == 2
    assert [taken["Subject"] for taken in running.taken] == ["Sinwon: Your application was withdrawn"]
    assert "The page holds your receipt" in " ".join(running.taken[0].get_content().split())
    (link,) = [line for line in running.taken[0].get_content().splitlines() if line.startswith("https://")]
    path = link.removeprefix("https://id.bank.example")
    assert "Receipt number" in way.words(browser.get(path, follow=True))
    overtaken = MailMessage.objects.get(event=Event.RECEIVED)
    assert overtaken.overtaken_at is not None
    assert Disclosure.objects.count() == 1


def test_nobody_is_written_to_without_an_address_nor_of_drills_or_the_sandbox(server: Start) -> None:
    server()
    for told in ({}, {"drill": True}, {"channel": Case.Channel.SANDBOX}):
        case = intake.open_case(**told)  # type: ignore[arg-type]
        if told:
            with pytest.raises(contacts.ContactClosed):
                way.leave_address(case, ADDRESS)
        case.move(State.QUEUED, by=way.SYSTEM)
        case.move(State.IN_REVIEW, by=way.SYSTEM)
    assert not MailMessage.objects.exists()


@pytest.mark.parametrize(
    ("answer", "problem"), [("451 later", "not_taken"), ("421 closing", "not_taken"), (3.0, "too_slow")]
)
def test_a_mail_that_was_not_taken_is_sent_again_under_the_same_id(
    server: Start, case: Case, settings: LazySettings, answer: str | float, problem: str
) -> None:
    settings.EMAIL_SECONDS = settings.EMAIL_TIMEOUT = 1.0
    running = server(answer, "250 OK")
    assert mailing.empty() == 0
    message = MailMessage.objects.get()
    assert message.problem == problem
    assert message.due_at is not None
    assert message.due_at - timezone.now() > timedelta(seconds=3)
    due_now()
    assert mailing.empty() == 1
    assert [taken["Message-ID"] for taken in running.taken[-1:]] == [f"<{message.pk.hex}@bank.example>"]


def test_a_single_wait_that_runs_out_is_told_as_too_slow(
    server: Start, case: Case, settings: LazySettings
) -> None:
    settings.EMAIL_SECONDS, settings.EMAIL_TIMEOUT = 10.0, 0.5
    server(3.0)
    assert mailing.empty() == 0
    assert MailMessage.objects.get().problem == "too_slow"


def test_no_server_at_all_costs_a_second_and_is_told(
    case: Case, settings: LazySettings, server: Start
) -> None:
    server()
    settings.EMAIL_PORT = free_port()
    assert mailing.empty() == 0
    assert MailMessage.objects.get().problem == "no_connection"


def test_a_refused_sign_in_is_told(case: Case, settings: LazySettings, server: Start) -> None:
    running = server(password="right")
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "bank", "wrong"
    assert mailing.empty() == 0
    assert MailMessage.objects.get().problem == "sign_in"
    settings.EMAIL_HOST_PASSWORD = "right"
    due_now()
    assert mailing.empty() == 1
    assert len(running.taken) == 1


def test_what_a_server_refuses_for_good_is_dead_at_once_and_holds_nothing_up(
    server: Start, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    running = server("550 no such user", "250 OK")
    opened()
    assert mailing.empty() == 2
    dead = MailMessage.objects.get(dead_at__isnull=False)
    assert (dead.problem, dead.attempts, dead.due_at) == ("refused", 1, None)
    assert len(running.taken) == 1
    assert "refused" in caplog.text
    assert ADDRESS not in caplog.text


def test_after_three_days_a_mail_is_dead_and_an_administrator_sends_it_again(
    server: Start, case: Case
) -> None:
    running = server(*["451 later"] * (len(WAITS) + 1), "250 OK")
    for _ in range(len(WAITS) + 1):
        mailing.empty()
        due_now()
    message = MailMessage.objects.get()
    assert message.dead_at is not None
    reviewer, administrator = way.officer(), way.officer(Role.ADMINISTRATOR, "administrator")
    with pytest.raises(officers.NotAllowed):
        mailing.replay(message=message, by=reviewer)
    assert mailing.replay(message=message, by=administrator)
    assert not mailing.replay(message=message, by=administrator)
    assert mailing.empty() == 1
    assert len(running.taken) == 1
    assert AuditEntry.objects.filter(action="mail.replayed").count() == 1


def test_one_worker_at_a_time_and_a_crash_sends_again(server: Start, case: Case) -> None:
    running = server()
    mailing.empty()
    MailMessage.objects.update(  # as the row was before the crash
        delivered_at=None,
        due_at=timezone.now(),
        lease=case.pk,
        lease_until=timezone.now() + timedelta(minutes=1),
    )
    assert not mailing.waiting()
    assert mailing.empty() == 0
    MailMessage.objects.update(lease_until=timezone.now())
    write_customers()
    first, second = running.taken
    assert first["Message-ID"] == second["Message-ID"]


def test_nothing_leaves_before_the_register_is_written(
    server: Start, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = server()

    def broken(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(Disclosure.objects, "bulk_create", broken)
    assert mailing.empty() == 0
    assert running.asked == 0
    assert MailMessage.objects.get().problem == "register"


def test_an_address_taken_back_hears_nothing_more(server: Start, case: Case) -> None:
    running = server()
    contacts.remove(case=case)
    mailing.empty()
    assert running.asked == 0
    assert MailMessage.objects.get().overtaken_at is not None
    assert not Contact.objects.exists()
    assert not Disclosure.objects.exists()
