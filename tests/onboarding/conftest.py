"""Browsers in both languages, and pages that need no collected static files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import translation


@pytest.fixture(autouse=True)
def _plain_static_files(settings: LazySettings, db: None) -> Iterator[None]:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def browser() -> Client:
    """A customer's browser that asks for English."""
    return Client(headers={"Accept-Language": "en"})


@pytest.fixture
def korean() -> Client:
    return Client(headers={"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.5"})


@pytest.fixture
def card(cards: Path) -> bytes:
    return (cards / "clean-001.jpg").read_bytes()
