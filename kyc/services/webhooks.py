"""Webhooks: the outbox is emptied, address by address, each case's messages in order; signed as Standard Webhooks asks.

A message may come twice (we crashed before we wrote that it had arrived), always with the same id. Nothing in it is of
a person: the host asks for the fields with its key.
"""

import base64
import hashlib
import hmac
import http.client
import json
import logging
import time
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from kyc.domain.hosts import wait_after
from kyc.models import OutboxMessage, WebhookEndpoint
from kyc.vault.keys import keyring
from ocr_integration.deadline import DeadlineExceeded, Line, within
from ocr_integration.server import dial

logger = logging.getLogger(__name__)

ROUND_SECONDS = 20.0  # one address holds a worker no longer
AT_ONCE = 100
PURPOSE = "webhook_secret"


def secret_of(endpoint: WebhookEndpoint, generation: int) -> str:
    """Made of the keyring each time, so that no row and no backup of the database holds it."""
    made = keyring().index(PURPOSE, f"{endpoint.pk}:{generation}")
    return f"whsec_{base64.b64encode(made).decode()}"


def secrets_of(endpoint: WebhookEndpoint) -> list[str]:
    """The newest first; the one before while it still counts."""
    overlaps = endpoint.previous_until is not None and endpoint.previous_until > timezone.now()
    generations = [endpoint.generation, *([endpoint.generation - 1] if overlaps else [])]
    return [secret_of(endpoint, generation) for generation in generations]


def sign(secret: str, message_id: str, stamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def may_go_to(url: str) -> dial.Target | None:
    """Where a webhook's address leads: https, or a named place of our own network; None where it may not be."""
    target = dial.parse(url)
    if target is None or (target.scheme != "https" and target.place not in settings.WEBHOOK_INNER):
        return None
    return target


def waiting() -> list[UUID]:
    """The addresses that have something to hear now and are not being told at this moment."""
    now = timezone.now()
    busy = OutboxMessage.objects.filter(endpoint=OuterRef("pk"), lease_until__gt=now)
    due = OutboxMessage.objects.filter(endpoint=OuterRef("pk"), due_at__lte=now)
    rows = WebhookEndpoint.objects.filter(Exists(due), ~Exists(busy), active=True)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def empty(*, endpoint_id: UUID) -> int:
    """Sends what is due for one address, in order, until it is slow, fails or has heard all; how many arrived."""
    endpoint = WebhookEndpoint.objects.get(pk=endpoint_id)
    until, arrived = time.monotonic() + ROUND_SECONDS, 0
    while time.monotonic() < until:
        message = _next(endpoint)
        if message is None or not _deliver(endpoint, message):
            break
        arrived += 1
    return arrived


def body_of(message: OutboxMessage) -> bytes:
    """The same bytes at every attempt."""
    wanted = message.verification
    told = {
        "type": message.event,
        "timestamp": message.at.isoformat(),
        "data": {
            "id": str(wanted.case_id),
            "reference": wanted.reference,
            "state": message.event.partition(".")[2],
            "sequence": message.sequence,
            "sandbox": wanted.sandbox,
        },
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def name_of(message: OutboxMessage) -> str:
    return f"msg_{message.pk.hex}"


def _due(endpoint: WebhookEndpoint) -> QuerySet[OutboxMessage]:
    earlier = OutboxMessage.objects.filter(
        endpoint=endpoint,
        verification=OuterRef("verification"),
        sequence__lt=OuterRef("sequence"),
        delivered_at=None,
        dead_at=None,
    )
    return OutboxMessage.objects.filter(OutboxMessage.is_due(), ~Exists(earlier), endpoint=endpoint)


def _next(endpoint: WebhookEndpoint) -> OutboxMessage | None:
    """The next message, under a lease that no other worker has."""
    for message in _due(endpoint).select_related("verification").order_by("due_at", "sequence")[:5]:
        if message.take(_due(endpoint), call_seconds=settings.WEBHOOK_SECONDS):
            return message
    return None


def _deliver(endpoint: WebhookEndpoint, message: OutboxMessage) -> bool:
    problem = _post(endpoint, message)
    if not problem:
        message.delivered()
        return True
    attempts = message.attempts + 1
    message.failed(problem, again_in=wait_after(attempts))
    logger.warning("message %s was not delivered (%s), attempt %d", message.pk, problem, attempts)
    return False


def _post(endpoint: WebhookEndpoint, message: OutboxMessage) -> str:
    """'' where the host took it, else a code for why not."""
    target = may_go_to(endpoint.url)
    if target is None:
        return "address_refused"
    body, stamp, name = body_of(message), int(time.time()), name_of(message)
    signatures = [sign(secret, name, stamp, body) for secret in secrets_of(endpoint)]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "sinwon",
        "Connection": "close",
        "webhook-id": name,
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(signatures),
    }
    line = Line()
    try:
        status = within(settings.WEBHOOK_SECONDS, partial(_ask, target, headers, body, line), line)
    except (DeadlineExceeded, TimeoutError):  # the whole call, or one wait within it
        return "too_slow"
    except (dial.Failed, OSError, http.client.HTTPException, ValueError):
        return "no_connection"
    finally:
        line.close()
    return "" if http.HTTPStatus.OK <= status < http.HTTPStatus.MULTIPLE_CHOICES else f"status_{status}"


def _ask(target: dial.Target, headers: dict[str, str], body: bytes, line: Line) -> int:
    """The answer's status; what it says is not read, and a redirect is not followed: nobody else hears our message."""
    connection = dial.connect(target, settings.WEBHOOK_INNER, line, settings.WEBHOOK_SECONDS)
    try:
        connection.request("POST", target.path, body=body, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()
