"""Hosts are told of each outcome: signed, in order, again until they hear, and nothing of a person."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from sinwon_client import ForgedWebhook, read_webhook

from kyc.domain.hosts import WAITS
from kyc.models import AuditEntry, Case, Host, OutboxMessage, WebhookEndpoint
from kyc.services import hosts, listeners, retention, webhooks
from tests.api.conftest import Caller, approved, in_review
from tests.api.receiver import Receiver
from tests.officers import factories

pytestmark = pytest.mark.django_db

Callers = Callable[..., Caller]
Ears = Callable[..., tuple[Receiver, WebhookEndpoint, str]]


@pytest.fixture
def ear(bank: Host, administrator: User, settings: LazySettings) -> Iterator[Ears]:
    """A receiver that the bank has named; the inner network is allowed for it alone."""
    started: list[Receiver] = []

    def new(*answers: int | float) -> tuple[Receiver, WebhookEndpoint, str]:
        receiver = Receiver(*answers)
        started.append(receiver)
        settings.WEBHOOK_INNER = [one.place for one in started]
        endpoint, secret = listeners.add(host=bank, url=receiver.url, by=administrator)
        return receiver, endpoint, secret

    yield new
    for receiver in started:
        receiver.stop()


def due_now() -> None:
    OutboxMessage.objects.filter(due_at__isnull=False).update(due_at=timezone.now())


def test_a_message_is_signed_and_says_nothing_of_the_person(ear: Ears, caller: Callers) -> None:
    receiver, endpoint, secret = ear()
    case = approved(caller().opened("A-1"))
    assert webhooks.empty(endpoint_id=endpoint.pk) == 2
    assert [body["type"] for body in receiver.bodies()] == ["verification.in_review", "verification.approved"]
    headers, body = receiver.heard[1]
    event = read_webhook(body, headers, secrets=[secret])
    assert (event.verification_id, event.reference, event.state, event.sequence) == (
        str(case.pk),
        "A-1",
        "approved",
        2,
    )
    assert event.id == headers["webhook-id"]
    for word in (factories.NAME, factories.NUMBER, factories.NUMBER[:6], "address"):
        assert word not in body.decode()


def test_forged_and_replayed_messages_are_refused_by_the_client(ear: Ears, caller: Callers) -> None:
    receiver, endpoint, secret = ear()
    in_review(caller().opened())
    webhooks.empty(endpoint_id=endpoint.pk)
    headers, body = receiver.heard[0]
    stale = headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 600)}
    for wrong_headers, wrong_body in (
        (headers, body.replace(b"in_review", b"approved")),
        (headers | {"webhook-id": "msg_other"}, body),
        (headers | {"webhook-signature": "v1,AAAA"}, body),
        (stale, body),
        ({}, body),
    ):
        with pytest.raises(ForgedWebhook):
            read_webhook(wrong_body, wrong_headers, secrets=[secret])
    with pytest.raises(ForgedWebhook):
        read_webhook(body, headers, secrets=["whsec_" + "A" * 44])
    with pytest.raises(ForgedWebhook):  # rightly signed, and old
        read_webhook(body, headers, secrets=[secret], now=int(headers["webhook-timestamp"]) + 301)


def test_a_move_that_is_undone_tells_nobody(ear: Ears, caller: Callers) -> None:
    ear()
    case = Case.objects.get(pk=caller().opened())
    with transaction.atomic():
        retention.withdraw(case=case)
        assert OutboxMessage.objects.filter(event="verification.withdrawn").exists()
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


def test_cases_of_nobody_and_drills_tell_nobody(ear: Ears) -> None:
    ear()
    factories.reviewable()
    assert not OutboxMessage.objects.exists()


def test_a_failing_host_hears_again_in_order_and_once_each(ear: Ears, caller: Callers) -> None:
    receiver, endpoint, _ = ear(500, 302, 204)
    approved(caller().opened())
    for attempt in range(1, 3):
        assert webhooks.empty(endpoint_id=endpoint.pk) == 0
        first = OutboxMessage.objects.get(sequence=1)
        assert first.attempts == attempt
        assert first.due_at is not None
        assert WAITS[attempt - 1] - timedelta(seconds=5) < first.due_at - timezone.now() <= WAITS[attempt - 1]
        assert webhooks.empty(endpoint_id=endpoint.pk) == 0  # nothing is due, and nothing overtakes
        due_now()
    assert OutboxMessage.objects.get(sequence=1).problem == "status_302"
    assert webhooks.empty(endpoint_id=endpoint.pk) == 2
    assert [body["data"]["sequence"] for body in receiver.bodies()] == [1, 1, 1, 2]
    assert len({headers["webhook-id"] for headers, _ in receiver.heard}) == 2
    assert webhooks.empty(endpoint_id=endpoint.pk) == 0


def test_one_case_that_waits_holds_up_no_other(ear: Ears, caller: Callers) -> None:
    receiver, endpoint, _ = ear(500, 204)
    one = caller()
    in_review(one.opened("A-1"))
    webhooks.empty(endpoint_id=endpoint.pk)
    in_review(one.opened("A-2"))
    assert webhooks.empty(endpoint_id=endpoint.pk) == 1
    assert [body["data"]["reference"] for body in receiver.bodies()] == ["A-1", "A-2"]


def test_a_slow_host_is_cut_off(ear: Ears, caller: Callers, settings: LazySettings) -> None:
    settings.WEBHOOK_SECONDS = 1.0
    _, endpoint, _ = ear(3.0, 204)
    in_review(caller().opened())
    webhooks.empty(endpoint_id=endpoint.pk)
    assert OutboxMessage.objects.get().problem == "too_slow"


def test_after_three_days_a_message_is_dead_and_can_be_replayed(
    ear: Ears, caller: Callers, administrator: User
) -> None:
    assert timedelta(days=2, hours=20) < sum(WAITS, timedelta()) < timedelta(days=3, hours=1)
    receiver, endpoint, _ = ear(*[500] * (len(WAITS) + 1), 204)
    in_review(caller().opened())
    for _ in range(len(WAITS) + 1):
        webhooks.empty(endpoint_id=endpoint.pk)
        due_now()
    message = OutboxMessage.objects.get()
    assert message.dead_at is not None
    assert message.due_at is None
    listeners.replay(message=message, by=administrator)
    assert webhooks.empty(endpoint_id=endpoint.pk) == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.heard}) == 1
    assert AuditEntry.objects.filter(action="host.message_replayed").exists()


def test_a_crash_after_sending_sends_again_under_the_same_id(ear: Ears, caller: Callers) -> None:
    receiver, endpoint, _ = ear()
    in_review(caller().opened())
    webhooks.empty(endpoint_id=endpoint.pk)
    OutboxMessage.objects.update(  # as the row was before the crash
        delivered_at=None,
        due_at=timezone.now(),
        lease=endpoint.pk,
        lease_until=timezone.now() + timedelta(minutes=1),
    )
    assert webhooks.waiting() == []
    assert webhooks.empty(endpoint_id=endpoint.pk) == 0
    OutboxMessage.objects.update(lease_until=timezone.now())
    assert webhooks.waiting() == [endpoint.pk]
    assert webhooks.empty(endpoint_id=endpoint.pk) == 1
    (first, one), (second, two) = receiver.heard
    assert (first["webhook-id"], one) == (second["webhook-id"], two)


def test_a_rotated_secret_counts_beside_the_new_one_for_a_day(
    ear: Ears, caller: Callers, administrator: User
) -> None:
    receiver, endpoint, old = ear()
    new = listeners.rotate(endpoint=endpoint, by=administrator)
    in_review(caller().opened())
    webhooks.empty(endpoint_id=endpoint.pk)
    headers, body = receiver.heard[0]
    assert read_webhook(body, headers, secrets=[old]) == read_webhook(body, headers, secrets=[new])
    WebhookEndpoint.objects.update(previous_until=timezone.now())
    endpoint.refresh_from_db()
    assert webhooks.secrets_of(endpoint) == [new]


@pytest.mark.parametrize(
    "url",
    [
        "http://bank.example/hook",
        "ftp://bank.example/",
        "https://user:pass@bank.example/",
        "https://bank.example/ x",
        "javascript:alert(1)",
        "",
    ],
)
def test_a_wrong_address_is_refused_when_it_is_named(bank: Host, administrator: User, url: str) -> None:
    with pytest.raises(hosts.HostRefused, match="webhook_address"):
        listeners.add(host=bank, url=url, by=administrator)


@pytest.mark.parametrize(
    "inner", ["127.0.0.1", "10.0.0.1", "[::1]", "169.254.169.254", "localhost", "2130706433"]
)
def test_no_message_goes_into_a_private_network(
    bank: Host, administrator: User, caller: Callers, inner: str
) -> None:
    endpoint, _ = listeners.add(host=bank, url=f"https://{inner}/hook", by=administrator)
    in_review(caller().opened())
    assert webhooks.empty(endpoint_id=endpoint.pk) == 0
    assert OutboxMessage.objects.get().problem == "no_connection"
