"""Reading a webhook: the signature first (Standard Webhooks), the age second, the body last."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TOLERANCE_SECONDS = 300


class ForgedWebhook(Exception):
    """It was not signed by the product, or long ago: answer 400 and do nothing."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. The same `id` may come again: act on it once. The higher `sequence` of a case is the newer."""

    id: str
    type: str
    verification_id: str
    reference: str
    state: str
    sequence: int
    sandbox: bool


def read_webhook(
    body: bytes, headers: Mapping[str, str], *, secrets: Sequence[str], now: int | None = None
) -> Event:
    """`body` as it came, byte for byte; `secrets` are the one in force and, while you rotate, the other one.

    Raises ForgedWebhook.
    """
    sent = {name.lower(): text for name, text in headers.items()}
    message_id, stamp = sent.get("webhook-id", ""), sent.get("webhook-timestamp", "")
    given = [
        part.removeprefix("v1,")
        for part in sent.get("webhook-signature", "").split()
        if part.startswith("v1,")
    ]
    if not message_id or not stamp.isascii() or not stamp.isdecimal():
        raise ForgedWebhook("it is not signed")
    wanted = [_signature(secret, message_id, stamp, body) for secret in secrets]
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in given for other in wanted):
        raise ForgedWebhook("the signature is wrong")
    if abs((now if now is not None else time.time()) - int(stamp)) > TOLERANCE_SECONDS:
        raise ForgedWebhook("it is too old")
    told = json.loads(body)
    data = told["data"]
    return Event(
        id=message_id,
        type=told["type"],
        verification_id=data["id"],
        reference=data["reference"],
        state=data["state"],
        sequence=data["sequence"],
        sandbox=data["sandbox"],
    )


def _signature(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as e:
        raise ValueError("a secret begins with whsec_ and goes on in base64") from e
    return base64.b64encode(
        hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    ).decode()
