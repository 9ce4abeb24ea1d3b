"""Where an officer is signed in is seen and ended; passwords are changed without a way to guess the old one."""

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from kyc.domain.devices import device
from kyc.domain.roles import Role
from kyc.models import AuditEntry, OfficerSession
from kyc.services import sessions, signin
from tests.officers import factories, second_factor

pytestmark = pytest.mark.django_db

PASSWORD, NEW = "a long pass phrase", "another long pass phrase"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"


@pytest.fixture(autouse=True)
def _quick_hashes(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _elsewhere(account: User) -> Client:
    """A second browser of the officer, on Windows and at another address."""
    client = factories.half_signed(account)
    second_factor.show(client, account, headers={"user-agent": WINDOWS}, REMOTE_ADDR="192.0.2.7")
    return client


def test_an_officer_sees_each_session_and_ends_another(client: Client, reviewer: User) -> None:
    other = _elsewhere(reviewer)
    page = client.get(reverse("admin:own_account")).content.decode()
    assert "Chrome, Windows" in page
    assert "192.0.2.7" in page
    assert "this one" in page
    strange = OfficerSession.objects.get(address="192.0.2.7")
    client.post(reverse("admin:own_account"), {"do": f"end:{strange.pk}"})
    gone = other.get("/admin/", follow=True)
    assert gone.redirect_chain[0][0].startswith(reverse("admin:login"))
    assert "ended on another device" in gone.content.decode()
    assert client.get("/admin/").status_code == 200
    assert AuditEntry.objects.get(action="session.ended").data == {"account": reviewer.pk, "count": 1}


def test_nobody_ends_or_sees_another_officers_session(client: Client, approver: User) -> None:
    other = factories.browser(approver)
    theirs = OfficerSession.objects.get(account=approver)
    client.post(reverse("admin:own_account"), {"do": f"end:{theirs.pk}"})
    assert str(theirs.pk) not in client.get(reverse("admin:own_account")).content.decode()
    assert other.get("/admin/").status_code == 200
    assert client.post(reverse("admin:own_account"), {"do": "end:nonsense"}).status_code == 302


def test_all_others_end_at_one_press(client: Client, reviewer: User) -> None:
    others = [_elsewhere(reviewer) for _ in range(2)]
    client.post(reverse("admin:own_account"), {"do": "end_others"})
    assert [other.get("/admin/").status_code for other in others] == [302, 302]
    assert client.get("/admin/").status_code == 200


def test_an_administrator_ends_an_officers_sessions(client: Client, reviewer: User) -> None:
    desk = factories.browser(factories.officer(Role.ADMINISTRATOR))
    desk.post(reverse("admin:auth_user_officer", args=[reviewer.pk]), {"do": "end"})
    assert client.get("/admin/").status_code == 302
    assert not sessions.of(reviewer)


def test_signing_out_takes_the_session_from_the_list(client: Client, reviewer: User) -> None:
    client.post(reverse("admin:logout"))
    assert not OfficerSession.objects.exists()


def _change(client: Client, old: str, new: str = NEW) -> str:
    sent = {"old_password": old, "new_password1": new, "new_password2": new}
    answer = client.post(reverse("admin:password_change"), sent)
    return "" if answer.status_code == 302 else answer.content.decode()


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(reviewer: User) -> None:
    reviewer.set_password(PASSWORD)
    reviewer.save()
    client, other = factories.browser(reviewer), _elsewhere(reviewer)
    assert _change(client, PASSWORD) == ""
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302
    assert OfficerSession.objects.filter(account=reviewer).count() == 1


def test_guesses_of_the_old_password_count_as_at_the_door(reviewer: User) -> None:
    reviewer.set_password(PASSWORD)
    reviewer.save()
    client = factories.browser(reviewer)
    pages = [_change(client, "guess") for _ in range(signin.FREE_OF_ACCOUNT)]
    assert all("incorrectly" in page for page in pages)
    assert "Try again in 1 minute" in _change(client, PASSWORD)
    assert AuditEntry.objects.filter(action="signin.failed").count() == signin.FREE_OF_ACCOUNT
    reviewer.refresh_from_db()
    assert reviewer.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("short-one", "at least 12"),
        ("1234567890123", "entirely numeric"),
        ("qwertyuiop123", "too common"),
        ("reviewer1234", "too similar"),
    ],
)
def test_a_short_common_or_breached_password_is_refused(reviewer: User, new: str, words: str) -> None:
    reviewer.set_password(PASSWORD)
    reviewer.save()
    assert words in _change(factories.browser(reviewer), PASSWORD, new)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (WINDOWS, "Chrome, Windows"),
        (WINDOWS + " Edg/141.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_people_know_it(line: str, words: str) -> None:
    assert device(line) == words
