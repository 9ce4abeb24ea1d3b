"""Administrators see which mails were given up and send them again, and see nobody's address."""

import pytest
from django.utils import timezone

from kyc.domain.lifecycle import State
from kyc.domain.mails import Event
from kyc.domain.roles import Role
from kyc.models import Case, MailMessage
from kyc.services import intake
from tests.officers import factories
from tests.onboarding import way

pytestmark = pytest.mark.django_db
PAGE = "/admin/mails/"


@pytest.fixture
def dead() -> MailMessage:
    case: Case = intake.open_case(locale="en")
    way.leave_address(case, "hong@example.kr")
    case.move(State.QUEUED, by=way.SYSTEM)
    case.move(State.IN_REVIEW, by=way.SYSTEM)
    MailMessage.objects.update(due_at=None, dead_at=timezone.now(), attempts=11, problem="no_connection")
    return MailMessage.objects.get()


def test_a_dead_mail_stands_first_and_is_sent_again(dead: MailMessage) -> None:
    MailMessage.objects.create(case=dead.case, event=Event.DECIDED)
    client = factories.browser(factories.officer(Role.ADMINISTRATOR))
    page = client.get(PAGE)
    said = way.words(page)
    assert said.index("no connection to the mail server") < said.index("waits")
    assert "example.kr" not in page.content.decode()
    answer = client.post(PAGE, {"again": str(dead.pk)}, follow=True)
    assert "sent again within seconds" in way.words(answer)
    dead.refresh_from_db()
    assert (dead.dead_at, dead.attempts) == (None, 0)
    assert dead.due_at is not None


@pytest.mark.parametrize("named", ["", "x", "01234567-89ab-4cde-8f01-23456789abcd"])
def test_what_is_no_dead_mail_is_not_sent_again(dead: MailMessage, named: str) -> None:
    client = factories.browser(factories.officer(Role.ADMINISTRATOR))
    assert "nothing was changed" in way.words(client.post(PAGE, {"again": named}, follow=True))
    assert MailMessage.objects.get().due_at is None
