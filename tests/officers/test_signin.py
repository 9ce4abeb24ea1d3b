"""Signing in: guessing takes longer each time, and a session ends by itself."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kyc import middleware
from kyc.domain.actors import SYSTEM
from kyc.domain.roles import Role
from kyc.models import AuditEntry, FailedSignIns
from kyc.services import guesses, officers, signin
from tests.officers import factories

pytestmark = pytest.mark.django_db

PASSWORD = "a long pass phrase"
STRANGER = "whoever-this-is"


@pytest.fixture(autouse=True)
def _quick_hashes(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def account(reviewer: User) -> User:
    reviewer.set_password(PASSWORD)
    reviewer.save()
    return reviewer


def _sign_in(name: str, password: str, client: Client | None = None, address: str = "192.0.2.1") -> Any:
    client = client or Client(headers={"accept-language": "en"})
    return client.post(reverse("admin:login"), {"username": name, "password": password}, REMOTE_ADDR=address)


def _told(page: Any) -> str:
    return " ".join(re.findall(r'role="alert">(.*?)</p>', page.content.decode(), re.DOTALL))


def _wait_is_over() -> None:
    FailedSignIns.objects.update(wait_until=timezone.now())


def test_the_right_password_is_recorded_with_its_address(account: User) -> None:
    assert _sign_in("reviewer", PASSWORD).status_code == 302
    entry = AuditEntry.objects.get(action="signin.password")
    assert (entry.actor, entry.data) == (f"officer:{account.pk}", {"address": "192.0.2.1"})
    assert not FailedSignIns.objects.filter(failures__gt=0).exists()


@pytest.mark.parametrize("name", ["reviewer", STRANGER])
def test_after_five_failures_even_the_right_password_waits_and_is_told_how_long(
    account: User, name: str
) -> None:
    pages = [_sign_in(name, "wrong") for _ in range(signin.FREE_OF_ACCOUNT)]
    assert all("correct" in _told(page) for page in pages)
    assert "Try again in 1 minute," in _told(_sign_in(name, PASSWORD))
    _wait_is_over()
    assert "correct" in _told(_sign_in(name, "wrong"))
    assert "Try again in 2 minutes," in _told(_sign_in(name, PASSWORD))


def test_waits_grow_to_an_hour_and_no_further() -> None:
    waits = [guesses.wait_after(failures, 5) for failures in (1, 4, 5, 6, 7, 11, 5000)]
    minutes = [wait.total_seconds() / 60 for wait in waits]
    assert minutes == [0, 0, 1, 2, 4, 60, 60]


def test_one_right_password_forgets_the_accounts_failures(account: User) -> None:
    for _ in range(signin.FREE_OF_ACCOUNT - 1):
        _sign_in("reviewer", "wrong")
    assert _sign_in("reviewer", PASSWORD).status_code == 302
    assert not FailedSignIns.objects.filter(key=f"account:{account.pk}").exists()


def test_an_address_that_tries_many_names_waits_and_others_do_not(account: User) -> None:
    for number in range(signin.FREE_OF_ADDRESS):
        _sign_in(f"guess-{number}", "wrong", address=f"2001:db8::{number + 1}")
    assert "too many" in _told(_sign_in("reviewer", PASSWORD, address="2001:db8::ffff"))
    assert _sign_in("reviewer", PASSWORD, address="2001:db8:0:1::1").status_code == 302


def test_an_attempt_counts_before_its_password_is_looked_at(account: User) -> None:
    for _ in range(signin.FREE_OF_ACCOUNT):
        signin.begin(name="reviewer", address=None)
    with pytest.raises(guesses.Waiting):
        signin.begin(name="reviewer", address=None)


def test_what_was_typed_stays_nowhere(account: User, caplog: pytest.LogCaptureFixture) -> None:
    _sign_in(STRANGER, "typed-secret")
    _sign_in("reviewer", "typed-secret")
    kept = " ".join(
        [str(list(FailedSignIns.objects.values())), str(list(AuditEntry.objects.values())), caplog.text]
    )
    assert STRANGER not in kept
    assert "typed-secret" not in kept
    stranger, known = AuditEntry.objects.filter(action="signin.failed").order_by("sequence")
    assert (stranger.data["account"], known.data["account"]) == (None, account.pk)


def test_a_new_password_ends_the_wait(account: User) -> None:
    for _ in range(signin.FREE_OF_ACCOUNT):
        _sign_in("reviewer", "wrong")
    _, password = officers.create(name="reviewer", role=Role.REVIEWER, by=SYSTEM)
    assert _sign_in("reviewer", password).status_code == 302


def test_failures_are_forgotten_after_a_day(account: User) -> None:
    for _ in range(signin.FREE_OF_ACCOUNT - 1):
        _sign_in("reviewer", "wrong")
    yesterday = timezone.now() - guesses.FORGOTTEN_AFTER - timedelta(minutes=1)
    FailedSignIns.objects.update(last_at=yesterday)
    _sign_in("reviewer", "wrong")
    assert FailedSignIns.objects.get(key=f"account:{account.pk}").failures == 1
    FailedSignIns.objects.update(last_at=yesterday)
    assert guesses.tidy() == 2


def test_an_account_without_a_role_cannot_sign_in(db: None) -> None:
    User.objects.create_user("idle-account", password=PASSWORD, is_staff=True)
    assert "correct" in _told(_sign_in("idle-account", PASSWORD))


def test_the_sessions_key_is_new_after_signing_in(account: User) -> None:
    client = Client(headers={"accept-language": "en"})
    session = client.session
    session["case"] = "planted"
    session.save()
    planted = session.session_key
    _sign_in("reviewer", PASSWORD, client)
    assert client.session.session_key != planted
    assert Client(headers={"cookie": f"sinwon={planted}"}).get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize(
    ("what", "back", "words", "why"),
    [
        (middleware.SEEN, 10 * 60, "signed out after 10 minutes", "idle"),
        (middleware.BEGAN, 8 * 3600, "signed out after 8 hours", "too_long"),
    ],
)
def test_a_session_ends_by_itself_and_says_why(
    account: User, what: str, back: int, words: str, why: str
) -> None:
    client = factories.browser(account)
    assert client.get(reverse("admin:index")).status_code == 200
    session = client.session
    session[what] = time.time() - back + 5
    session.save()
    assert client.get(reverse("admin:index")).status_code == 200
    session = client.session
    session[what] = time.time() - back
    session.save()
    page = client.get(reverse("admin:kyc_case_changelist"), follow=True)
    assert page.redirect_chain[0][0].startswith(reverse("admin:login"))
    assert words in page.content.decode()
    assert AuditEntry.objects.get(action="signin.ended").data == {"why": why}
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_step_keeps_the_session_alive_but_never_beyond_its_end(account: User) -> None:
    client = factories.browser(account)
    client.get(reverse("admin:index"))
    session = client.session
    began = session[middleware.BEGAN] = session[middleware.BEGAN] - 1000
    session[middleware.SEEN] -= 500
    session.save()
    client.get(reverse("admin:index"))
    assert client.session[middleware.SEEN] > time.time() - 60
    assert client.session[middleware.BEGAN] == began


def test_a_customers_page_in_the_same_browser_keeps_no_officer_signed_in(account: User) -> None:
    client = factories.browser(account)
    client.get(reverse("admin:index"))
    session = client.session
    session[middleware.SEEN] -= 500
    session.save()
    client.get(reverse("kyc:start"))
    assert client.session[middleware.SEEN] < time.time() - 400


def test_signing_out_is_recorded(account: User) -> None:
    client = factories.browser(account)
    assert client.post(reverse("admin:logout")).status_code == 200
    assert AuditEntry.objects.get(action="signin.ended").data == {"why": "signed_out"}
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_role_taken_away_is_gone_at_the_next_request(account: User) -> None:
    client = factories.browser(account)
    assert client.get(reverse("admin:kyc_case_changelist")).status_code == 200
    account.groups.clear()
    assert client.get(reverse("admin:kyc_case_changelist")).status_code == 302
