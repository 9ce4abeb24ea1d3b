"""A verification as the wire tells it, and the answers that are kept for a request that comes again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse

from kyc.api.access import Refusal
from kyc.api.schemas import VerificationFacts
from kyc.domain.hosts import Scope
from kyc.models import ApiKey, Verification
from kyc.selectors import hosts
from kyc.services import links, repeats

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def verification(request: HttpRequest, row: Verification) -> dict[str, Any]:
    return facts(row) | _addresses(request, row)


def facts(row: Verification) -> dict[str, Any]:
    """How it stands, without the private links."""
    case = row.case
    return {
        "id": case.pk,
        "reference": row.reference,
        "state": case.state,
        "locale": case.locale,
        "legal_basis": case.legal_basis,
        "sandbox": row.sandbox,
        "requirements": {"methods": row.methods, "second_officer": row.second_officer},
        "created_at": row.created_at,
        "changed_at": case.changed_at,
    }


def _addresses(request: HttpRequest, row: Verification) -> dict[str, str | None]:
    """The private links, made anew for each answer: no row of ours holds one.

    Whoever has one acts as the customer, so a key that may not open verifications is given none.
    """
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    if Scope.CREATE not in key.scopes:
        return {"url": None, "embed_url": None}
    token = links.make(row.case)
    return {
        "url": request.build_absolute_uri(reverse("kyc:link", args=[token])),
        "embed_url": request.build_absolute_uri(reverse("kyc:embedded", args=[token])),
    }


def own(key: ApiKey, verification_id: UUID) -> Verification:
    """Raises Refusal: whether it is another's or nobody's is not told."""
    row = hosts.own(key).filter(case=verification_id).first()
    if row is None:
        raise Refusal("not_found")
    return row


def once(
    request: HttpRequest, response: HttpResponse, key: ApiKey, act: Callable[[], Verification]
) -> dict[str, Any]:
    """Does what the request asks, once for its Idempotency-Key. Raises OtherRequest, and as `act` does."""
    token = request.headers.get("Idempotency-Key", "")

    def do() -> repeats.Answer:
        row = act()
        row.case.refresh_from_db()
        return VerificationFacts(**facts(row)).model_dump(mode="json")

    answer, repeated = repeats.once(host=key.host, token=token, fingerprint=_print(request, key), do=do)
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return answer | _addresses(request, own(key, UUID(answer["id"])))


def _print(request: HttpRequest, key: ApiKey) -> bytes:
    said = f"{request.method} {request.path} {key.sandbox}\n".encode()
    return hashlib.sha256(said + request.body).digest()
