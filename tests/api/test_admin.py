"""Administrators keep host systems: a key and a secret are shown once, and nobody else gets here."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kyc.domain.roles import Role
from kyc.models import ApiKey, Case, Host, OutboxMessage
from kyc.services import listeners
from tests.api.conftest import Caller, in_review
from tests.officers import factories

pytestmark = pytest.mark.django_db


def page(host: Host) -> str:
    return reverse("admin:kyc_host_page", args=[host.pk])


def secret_in(answer: Any) -> str:
    found = re.search(r'class="secret"><code>([^<]+)</code>', answer.content.decode())
    assert found is not None, answer.content.decode()[-2000:]
    return found[1]


def test_an_administrator_makes_a_system_and_a_key_that_works(administrator: User) -> None:
    client = factories.browser(administrator)
    client.post(reverse("admin:kyc_host_new"), {"name": "Core", "returns": "https://bank.example/back"})
    host = Host.objects.get(name="Core")
    form = {"do": "key", "name": "app", "scope": ["verifications:read", "verifications:create"], "days": "90"}
    key = secret_in(client.post(page(host), form))
    assert Caller(ApiKey.objects.get(), key).opened()
    assert key not in client.get(page(host)).content.decode()
    fresh = secret_in(client.post(page(host), {"do": f"rotate:{ApiKey.objects.get().pk}"}))
    newest = ApiKey.objects.order_by("-created_at")[0]
    assert Caller(newest, fresh).get("/verifications").status_code == 200
    client.post(page(host), {"do": f"revoke:{newest.pk}"})
    assert Caller(newest, fresh).get("/verifications").status_code == 401


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"do": "key", "name": "x", "days": "90"}, "at least one"),
        ({"do": "key", "name": "x", "scope": "verifications:read", "days": "0"}, "two years"),
        ({"do": "key", "name": "x", "scope": "verifications:read", "days": "many"}, "two years"),
        ({"do": "returns", "returns": "http://bank.example/"}, "in full"),
        ({"do": "listen", "url": "http://bank.example/"}, "with https"),
        ({"do": "revoke:nothing"}, "not there any more"),
    ],
)
def test_what_is_wrong_is_told_and_changes_nothing(
    administrator: User, bank: Host, form: dict[str, str], words: str
) -> None:
    answer = factories.browser(administrator).post(page(bank), form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_dead_messages_are_seen_and_sent_again(administrator: User, bank: Host, caller: Any) -> None:
    client = factories.browser(administrator)
    secret = secret_in(client.post(page(bank), {"do": "listen", "url": "https://bank.example/hook"}))
    assert secret.startswith("whsec_")
    in_review(caller().opened())
    message = OutboxMessage.objects.get()
    OutboxMessage.objects.update(dead_at=message.at, due_at=None, problem="status_500", attempts=11)
    shown = client.get(page(bank)).content.decode()
    assert "given up" in shown
    assert "answered 500" in shown
    client.post(page(bank), {"do": f"replay:{message.pk}"})
    message.refresh_from_db()
    assert (message.dead_at, message.attempts) == (None, 0)
    assert message.due_at is not None
    assert factories.NAME not in shown


def test_the_list_counts_each_systems_keys_addresses_and_lost_messages_apart(
    administrator: User, bank: Host, caller: Any
) -> None:
    for name in ("one", "two"):
        listeners.add(host=bank, url=f"https://bank.example/{name}", by=administrator)
    keys = [caller(), caller(), caller()]
    in_review(keys[0].opened())
    OutboxMessage.objects.update(dead_at=OutboxMessage.objects.all()[0].at, due_at=None)
    Host.objects.create(name="quiet")
    client = factories.browser(administrator)
    with CaptureQueriesContext(connection) as asked:
        shown = client.get(reverse("admin:kyc_host_changelist")).content.decode()
    cells = re.findall(r'class="field-(?:keys_in_force|listens|dead)">(\d+)<', shown)
    assert cells == ["3", "2", "2", "0", "0", "0"]
    assert not [query for query in asked if 'JOIN "kyc_apikey"' in query["sql"]]


def test_nobody_but_administrators_gets_here(bank: Host) -> None:
    for role in (Role.REVIEWER, Role.APPROVER, Role.AUDITOR):
        client = factories.browser(factories.officer(role))
        assert client.get(page(bank)).status_code == 403
        assert client.post(page(bank), {"do": "key"}).status_code == 403


def test_a_switched_off_address_is_told_nothing_more(administrator: User, bank: Host, caller: Any) -> None:
    endpoint, _ = listeners.add(host=bank, url="https://bank.example/hook", by=administrator)
    client = factories.browser(administrator)
    client.post(page(bank), {"do": f"off:{endpoint.pk}"})
    in_review(caller().opened())
    assert not OutboxMessage.objects.exists()
    assert Case.objects.exists()
