"""A host with keys of its own, made as an administrator makes them, and a client that speaks with one."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client

from kyc.domain.hosts import Scope
from kyc.domain.lifecycle import State
from kyc.domain.roles import Role
from kyc.models import ApiKey, Case, Host
from kyc.services import hosts, review
from tests.officers import factories

HOME = "https://bank.example/back"


@pytest.fixture(autouse=True)
def _plain_static_files(settings: LazySettings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


class Caller:
    """One key's requests; `body` goes as JSON."""

    def __init__(self, key: ApiKey, text: str) -> None:
        self.key, self.text = key, text
        self.client = Client(headers={"authorization": f"Bearer {text}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query)

    def post(self, path: str, body: Any = None, *, token: str = "", raw: bytes | None = None) -> Any:
        data = raw if raw is not None else json.dumps({} if body is None else body)
        headers = {"idempotency-key": token} if token else {}
        return self.client.post(f"/api/v1{path}", data, content_type="application/json", headers=headers)

    def opened(self, reference: str = "A-1", **more: Any) -> str:
        answer = self.post("/verifications", {"reference": reference} | more)
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])


@pytest.fixture
def administrator(db: None) -> User:
    return factories.officer(Role.ADMINISTRATOR)


@pytest.fixture
def bank(administrator: User) -> Host:
    return hosts.create(name="Bank", return_addresses=[HOME], by=administrator)


@pytest.fixture
def caller(administrator: User, bank: Host) -> Callable[..., Caller]:
    def new(*scopes: Scope, host: Host | None = None, sandbox: bool = False) -> Caller:
        made = hosts.make_key(
            host=host or bank,
            name="core",
            scopes=scopes or tuple(Scope),
            days=30,
            by=administrator,
            sandbox=sandbox,
        )
        return Caller(made.row, made.text)

    return new


def in_review(case_id: str) -> Case:
    """As the reader would bring it there."""
    case = Case.objects.get(pk=case_id)
    factories.sent_again(case, factories.CLEAN)
    case.refresh_from_db()
    assert case.status is State.IN_REVIEW
    return case


def approved(case_id: str) -> Case:
    case, officer = factories.identified(in_review(case_id)), factories.officer(Role.REVIEWER)
    factories.confirmed(case, officer)
    review.approve(case=case, by=officer)
    return case
