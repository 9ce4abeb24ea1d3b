"""Staff help a customer at the counter, or invite one by a link that runs out: by role, and on record."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from kyc.domain.lifecycle import State
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Document, Notice
from kyc.services import links
from kyc.vault import storage
from tests.officers import factories
from tests.onboarding import way

pytestmark = pytest.mark.django_db
PAGE = "/admin/counter/"


class NoTransaction(FileSystemStorage):
    """Takes nothing while the caller holds a transaction open."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        assert not connection.in_atomic_block
        return super()._save(name, content)


def _take(client: Client, card: bytes, **answers: str) -> object:
    return client.post(PAGE, {"do": "take", "picture": SimpleUploadedFile("card.jpg", card)} | answers)


@pytest.fixture
def card(cards: Path) -> bytes:
    return (cards / "clean-001.jpg").read_bytes()


def test_an_officer_opens_a_case_for_a_customer_who_is_there(client: Client, card: bytes) -> None:
    answer = _take(client, card, told="yes", locale="ko")
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/admin/kyc/case/{case.pk}/change/"
    assert (case.channel, case.status, case.locale) == ("staff", State.QUEUED, "ko")
    assert (Document.objects.get().source, Notice.objects.get().locale) == ("staff", "ko")
    opened = AuditEntry.objects.get(action="case.opened")
    assert opened.actor.startswith("officer:")


def test_no_case_is_opened_before_the_customer_has_read_the_notice(client: Client, card: bytes) -> None:
    answer = _take(client, card)
    assert answer.status_code == 422
    assert "Let the customer read the notice first" in way.words(answer)
    assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_storage_is_asked_outside_any_transaction_for_all_wait_for_the_chain(
    client: Client, card: bytes, settings: LazySettings
) -> None:
    there = settings.STORAGES["pictures"]
    asks = {"BACKEND": "tests.officers.test_counter.NoTransaction", "OPTIONS": there["OPTIONS"]}
    settings.STORAGES = settings.STORAGES | {"pictures": asks}
    assert _take(client, card, told="yes", locale="ko").status_code == 302
    assert storage.exists(Document.objects.get().storage_key)


def test_a_storage_that_fails_opens_no_case(client: Client, card: bytes, settings: LazySettings) -> None:
    nowhere = settings.STORAGES["pictures"] | {"OPTIONS": {"location": "/proc/no-such-place"}}
    settings.STORAGES = settings.STORAGES | {"pictures": nowhere}
    answer = _take(client, card, told="yes")
    assert answer.status_code == 503
    assert not Case.objects.exists()


@pytest.mark.parametrize(("data", "sentence"), [(b"text", "not a picture"), (b"", "The file is empty")])
def test_a_bad_picture_opens_no_case(client: Client, data: bytes, sentence: str) -> None:
    answer = _take(client, data, told="yes")
    assert answer.status_code == 422
    assert sentence in way.words(answer)
    assert not Case.objects.exists()


def test_an_invitation_leads_its_customer_from_the_notices_to_a_waiting_picture(
    client: Client, card: bytes
) -> None:
    page = way.words(client.post(PAGE, {"do": "invite", "days": "3", "locale": "en"}))
    token = page.split("/c/")[1].split("/")[0]
    customer = Client(headers={"Accept-Language": "en"})
    for _ in range(2):  # a messenger that looks first uses nothing up
        assert Client().get(f"/c/{token}/").headers["Location"] == "/status/"
    assert customer.get(f"/c/{token}/", follow=True).redirect_chain[-1][0] == "/notices/"
    customer.post("/notices/")
    assert way.send(customer, card).headers["Location"] == "/status/"
    assert Case.objects.get().status is State.QUEUED
    assert token not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_an_invitation_that_ran_out_says_whom_to_ask(client: Client) -> None:
    client.post(PAGE, {"do": "invite", "days": "1"})
    case = Case.objects.get()
    old = links.invitation(case, timezone.now() - timedelta(seconds=1))
    answer = Client(headers={"Accept-Language": "en"}).get(f"/c/{old}/")
    assert answer.status_code == 410
    assert "This invitation has run out" in way.words(answer)
    forged = old.replace(old.split("-")[1][:8], "ffffffff", 1)
    assert Client().get(f"/c/{forged}/").status_code == 404


@pytest.mark.parametrize("days", ["0", "15", "-1", "many", "²", ""])
def test_an_invitation_lasts_a_day_at_least_and_no_longer_than_its_case(client: Client, days: str) -> None:
    answer = client.post(PAGE, {"do": "invite", "days": days})
    assert answer.status_code == 422
    assert "from 1 to 14 days" in way.words(answer)
    assert not Case.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_have_no_counter(role: Role, card: bytes) -> None:
    browser = factories.browser(factories.officer(role))
    assert browser.get(PAGE).status_code == 403
    assert _take(browser, card, told="yes").status_code == 403
    assert "At the counter" not in way.words(browser.get("/admin/"))
    assert not Case.objects.exists()


def test_the_notice_is_shown_in_the_customers_language(client: Client) -> None:
    assert "How we use your resident card" in way.words(client.get(PAGE + "?locale=en"))
    assert "How we use your resident card" not in way.words(client.get(PAGE + "?locale=ko"))


def test_what_is_optional_is_asked_at_the_counter_too(client: Client, card: bytes, settings: object) -> None:
    settings.OCR_READERS = ["local", "tencent"]  # type: ignore[attr-defined]
    _take(client, card, told="yes", transfer_abroad="yes")
    assert Case.objects.get().consents.get().granted
    assert Document.objects.get().jobs.count() == 2


@pytest.mark.parametrize(
    ("source", "insisted", "sentence"),
    [
        ("virtual", False, "a camera that is a program"),
        ("camera", False, "From the live camera"),
        ("file", True, "The customer was told twice"),
    ],
)
def test_the_officer_sees_where_the_picture_came_from(
    client: Client, source: str, insisted: bool, sentence: str
) -> None:
    document = factories.queued()
    Document.objects.filter(pk=document.pk).update(source=source, insisted=insisted)
    assert sentence in way.words(client.get(f"/admin/kyc/case/{document.case_id}/change/"))


def test_a_photograph_that_is_too_large_is_told_so_and_the_answers_stand(
    client: Client, settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_BYTES = 100_000
    answer = _take(client, bytes(200_000), told="yes")
    assert answer.status_code == 413
    assert "Take it with the camera of your phone" in way.words(answer)
    assert re.search(r'name="told"[^>]*checked', answer.content.decode())
    assert not Case.objects.exists()
