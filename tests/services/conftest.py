"""A real reader behind the real wire, for the services' tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kyc.models import Case, Document
from kyc.services import intake, recognition


@pytest.fixture(scope="session")
def reader() -> Iterator[None]:
    """The local reader answers."""
    with recognition.running():
        yield


@pytest.fixture
def card(cards: Path) -> bytes:
    return (cards / "clean-001.jpg").read_bytes()


@pytest.fixture
def case(db: None) -> Case:
    return intake.open_case()


@pytest.fixture
def document(case: Case, card: bytes) -> Document:
    return intake.submit_document(case=case, upload=card)
