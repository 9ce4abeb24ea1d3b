"""The same code on PostgreSQL and Redis: a card is read end to end, and a dead broker loses nothing.

Collected where SINWON_TEST_DATABASE=postgresql asks for it (tests/conftest.py): `make test` needs neither of them.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgresql import Cluster
from tests.stack import Stack, free_port

pytestmark = pytest.mark.stack


class Redis:
    """One server of our own, which keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "redis-server", *options], stdout=subprocess.DEVNULL
        )

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    server = Redis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory, redis: Redis) -> Iterator[Stack]:
    cluster = Cluster()
    cluster.start()
    running = Stack(
        tmp_path_factory.mktemp("production"),
        DATABASE_URL=cluster.url,
        CELERY_BROKER_URL=f"redis://127.0.0.1:{redis.port}/0",
        READING_LEASE_SECONDS="10",
        OCR_DEADLINE_SECONDS="9",
    )
    running.start()
    yield running
    running.stop()
    cluster.stop()


def test_a_card_is_read_end_to_end(production: Stack, cards: Path) -> None:
    told = json.loads(production.manage("submit", "--wait", "--json", str(cards / "clean-001.jpg")))
    assert told["state"] == "in_review"
    assert told["fields"]["rrn"] == "011206-4******"
    assert "unbroken" in production.manage("verify_audit")


def test_a_dead_broker_holds_nobody_up_and_what_it_forgot_is_rung_again(
    production: Stack, redis: Redis, cards: Path
) -> None:
    redis.kill()
    started = time.monotonic()
    told = json.loads(production.manage("submit", "--json", str(cards / "clean-002.jpg"), check=False))
    took = time.monotonic() - started
    assert told["state"] == "queued"
    redis.start()
    assert took < 30, took
    until = time.monotonic() + 90
    while production.ask(_state(told["case"])) != "in_review":
        assert time.monotonic() < until, "the card was not read after the broker came back"
        time.sleep(1)


def _state(case: str) -> str:
    return f"import json; from kyc.models import Case; print(json.dumps(Case.objects.get(pk='{case}').state))"
