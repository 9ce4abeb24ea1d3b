"""Officers of each role, and browsers in which they are signed in."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kyc.domain.roles import Role
from kyc.models import Case
from kyc.services import holding
from tests.officers import factories


@pytest.fixture(autouse=True)
def _plain_static_files(settings: object) -> None:
    """Templates name static files without a manifest: collecting them belongs to the start of the product."""
    settings.STORAGES = settings.STORAGES | {  # type: ignore[attr-defined]
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def reviewer(db: None) -> User:
    return factories.officer(Role.REVIEWER, "reviewer")


@pytest.fixture
def approver(db: None) -> User:
    return factories.officer(Role.APPROVER, "approver")


@pytest.fixture
def client(reviewer: User) -> Client:
    """The reviewer's browser."""
    return factories.browser(reviewer)


@pytest.fixture
def case(reviewer: User) -> Case:
    """With nothing to find, held by the reviewer."""
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    return case
