"""Every bad request has its status and its sentence in both languages, and changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from kyc.domain.hosts import Scope
from kyc.models import ApiKey, AuditEntry, Case
from kyc.services import hosts
from tests.api.conftest import HOME, Caller

pytestmark = pytest.mark.django_db

Callers = Callable[..., Caller]


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    told: dict[str, Any] = answer.json()
    assert (answer.status_code, told["code"], told["status"]) == (status, code, status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert told["title"] != told["title_ko"]
    return told


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.reference"),
        ({"reference": "A", "refrence": "B"}, "body.refrence"),
        ({"reference": 5}, "body.reference"),
        ({"reference": ""}, "body.reference"),
        ({"reference": "A" * 101}, "body.reference"),
        ({"reference": "a\u0000b"}, "body.reference"),
        ({"reference": "A", "locale": "fr"}, "body.locale"),
        ({"reference": "A", "requirements": {"methods": -1}}, "body.requirements.methods"),
        ({"reference": "A", "requirements": {"what": 1}}, "body.requirements.what"),
        ({"reference": "A", "sandbox_outcome": "maybe"}, "body.sandbox_outcome"),
    ],
)
def test_a_wrong_field_is_named(caller: Callers, body: dict[str, Any], where: str) -> None:
    told = refused(caller().post("/verifications", body), 422, "invalid")
    assert [one["where"] for one in told["errors"]] == [where]
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"reference": "900101-1234567"}, "reference_personal"),
        ({"reference": "A", "return_address": "https://evil.example/"}, "return_address"),
        ({"reference": "A", "return_address": HOME + "/../x"}, "return_address"),
        ({"reference": "A", "return_address": "https://bank.example@evil.example/back"}, "return_address"),
        ({"reference": "A", "return_address": "javascript:alert(1)"}, "return_address"),
        ({"reference": "A", "legal_basis": "because"}, "legal_basis"),
        ({"reference": "A", "sandbox_outcome": "approved"}, "outcome_real"),
    ],
)
def test_what_may_not_be_asked_is_refused(caller: Callers, body: dict[str, Any], code: str) -> None:
    refused(caller().post("/verifications", body), 422, code)
    assert not Case.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"reference": NaN}', b"[" * 50_000])
def test_a_body_that_is_no_object_is_refused(caller: Callers, raw: bytes) -> None:
    answer = caller().post("/verifications", raw=raw)
    assert answer.json()["code"] in ("not_json", "invalid")
    assert answer.status_code in (400, 422)


def test_a_huge_body_is_refused(caller: Callers) -> None:
    refused(caller().post("/verifications", {"reference": "A" * 2_000_000}), 413, "too_large")
    far = caller().client.post(
        "/api/v1/verifications", b"{}", content_type="application/json", CONTENT_LENGTH=str(10**12)
    )
    refused(far, 413, "too_large")


def test_keys_that_open_nothing(caller: Callers, administrator: User) -> None:
    one = caller()
    refused(Client().get("/api/v1/verifications"), 401, "key_missing")
    forged = Client(headers={"authorization": "Bearer sinwon_live_" + "x" * 43})
    refused(forged.get("/api/v1/verifications"), 401, "key_unknown")
    ApiKey.objects.filter(pk=one.key.pk).update(expires_at=timezone.now())
    refused(one.get("/verifications"), 401, "key_expired")
    hosts.revoke_key(key=one.key, by=administrator)
    refused(one.get("/verifications"), 401, "key_revoked")
    assert AuditEntry.objects.filter(action="host.key_revoked").exists()


def test_a_scope_that_is_missing_is_named(caller: Callers) -> None:
    reader = caller(Scope.READ)
    assert (
        refused(reader.post("/verifications", {"reference": "A"}), 403, "scope")["scope"]
        == "verifications:create"
    )


def test_a_rotated_key_works_beside_its_successor_for_a_day(caller: Callers, administrator: User) -> None:
    one = caller(Scope.READ)
    fresh = hosts.rotate_key(key=one.key, days=90, by=administrator)
    assert fresh.row.scopes == ["verifications:read"]
    assert one.get("/verifications").status_code == 200
    assert Caller(fresh.row, fresh.text).get("/verifications").status_code == 200
    assert ApiKey.objects.get(pk=one.key.pk).expires_at < timezone.now() + timedelta(hours=25)


def test_the_key_itself_is_kept_nowhere(caller: Callers) -> None:
    one = caller()
    row = ApiKey.objects.get(pk=one.key.pk)
    assert one.text not in str([str(value) for value in vars(row).values()])
    assert bytes(row.digest) == hosts.digest(one.text)
    assert not any(one.text in str(entry.data) for entry in AuditEntry.objects.all())


def test_too_many_requests_are_told_when_to_come_again(caller: Callers, settings: LazySettings) -> None:
    settings.API_REQUESTS_A_MINUTE = 2
    one = caller()
    answers = [one.get("/verifications") for _ in range(2)]
    assert [answer.headers["RateLimit"].split(";")[1] for answer in answers] == ["r=1", "r=0"]
    assert answers[0].headers["RateLimit-Policy"] == '"key";q=2;w=60'
    stopped = one.get("/verifications")
    refused(stopped, 429, "too_many")
    assert 1 <= int(stopped.headers["Retry-After"]) <= 60


@pytest.mark.parametrize("token", ["", "a b", "x" * 256, "키"])
def test_an_idempotency_key_of_the_wrong_form_is_refused(caller: Callers, token: str) -> None:
    answer = caller().client.post(
        "/api/v1/verifications",
        {"reference": "A"},
        content_type="application/json",
        HTTP_IDEMPOTENCY_KEY=token,
    )
    told = refused(answer, 422, "invalid")
    assert [one["where"] for one in told["errors"]] == ["header.Idempotency-Key"]


def test_addresses_and_methods_that_are_not_there(caller: Callers) -> None:
    one = caller()
    refused(one.get("/nothing"), 404, "not_found")
    refused(one.get("/verifications/not-an-id"), 404, "not_found")
    refused(one.get("/verifications/00000000-0000-4000-8000-000000000000"), 404, "not_found")
    answer = one.client.delete("/api/v1/verifications")
    refused(answer, 405, "method")
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}
