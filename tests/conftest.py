"""Fixtures for every test: a database whose evidence only grows, and the whole product as processes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from xdist.remote import Producer

from kyc.models import append_only
from tests.aws import Aws
from tests.stack import Stack, free_port
from tests.workers import InOrder

# Needs PostgreSQL and Redis installed: part of `make test-all`.
collect_ignore = (
    [] if os.environ.get("SINWON_TEST_DATABASE") == "postgresql" else ["journey/test_production_parts.py"]
)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> InOrder:
    config.option.loadscopereorder = False
    return InOrder(config, log)


@pytest.fixture(autouse=True)
def _emptied_between_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test with real transactions ends in a flush, which the triggers would refuse: they step aside for it alone."""
    marker = request.node.get_closest_marker("django_db")
    real = "transactional_db" in request.fixturenames or (
        marker is not None and marker.kwargs.get("transaction")
    )
    if not real:
        yield
        return
    request.getfixturevalue("transactional_db")
    append_only.install(connection)
    yield
    append_only.remove(connection)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Web, worker, beat and reader as `make run` starts them, in their own folder; a host may listen at its ear."""
    ear = free_port()
    told = {"WEBHOOK_INNER": f"127.0.0.1:{ear}", "WEBHOOK_SECONDS": "2", "API_REQUESTS_A_MINUTE": "100000"}
    running = Stack(tmp_path_factory.mktemp("stack"), **told)
    running.ear = ear
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def cards() -> Path:
    """The folder of the sample cards."""
    return Path(__file__).parent / "cards"


@pytest.fixture(scope="session")
def aws() -> Iterator[Aws]:
    """KMS and S3 on this machine."""
    running = Aws()
    yield running
    running.stop()
