"""Real Celery workers (prefork, late acknowledgement) on the embedded broker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery

from config.embedded_broker import url_for
from config.embedded_store import Store

ROOT = Path(__file__).resolve().parents[2]


class Workers:
    """Starts workers on one broker and reads what their tasks noted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []
        self.sender = Celery(
            "sender", broker=url_for(folder / "broker.sqlite3"), fixups=[], set_as_current=False
        )

    def start(self, *options: str, **more: str) -> subprocess.Popen[bytes]:
        # Without Django's settings the product's own application stays out of this.
        environment = (
            os.environ | {"BROKER_TEST_FOLDER": str(self.folder), "DJANGO_SETTINGS_MODULE": ""} | more
        )
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "tests.runtime.worker_app",
            "worker",
            "-c",
            "1",
            *options,
        ]
        with (self.folder / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.started.append(worker)
        return worker

    def nap(self, number: int, seconds: float) -> None:
        self.sender.send_task("nap", (number, seconds))

    def notes(self) -> list[str]:
        """As "start 1" or "end 1", in the order they were written."""
        file = self.folder / "notes"
        return [line.rpartition(" ")[0] for line in file.read_text().splitlines()] if file.exists() else []

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, (self.folder / "worker.log").read_text()[-2000:]
            time.sleep(0.05)


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    made = Workers(tmp_path)
    yield made
    for worker in made.started:
        try:
            os.killpg(worker.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        worker.wait(5)


def test_a_killed_workers_task_is_done_by_the_next(workers: Workers) -> None:
    worker = workers.start()
    workers.nap(1, 1)
    workers.until(lambda: workers.notes() == ["start 1"])
    os.killpg(worker.pid, signal.SIGKILL)
    workers.start()
    workers.until(lambda: workers.notes() == ["start 1", "start 1", "end 1"])


def test_a_stopping_worker_ends_its_task_and_gives_back_the_next(workers: Workers) -> None:
    worker = workers.start()
    workers.nap(1, 1.5)
    workers.nap(2, 0)
    workers.until(lambda: workers.notes() == ["start 1"])
    worker.terminate()
    assert worker.wait(10) == 0
    assert workers.notes() == ["start 1", "end 1"]
    assert Store(workers.folder / "broker.sqlite3").size("celery", lease=30) == 1
    workers.start()
    workers.until(lambda: workers.notes()[2:] == ["start 2", "end 2"])


def test_a_worker_answers_broadcasts(workers: Workers) -> None:
    workers.start()
    workers.nap(1, 0)
    workers.until(lambda: workers.notes() == ["start 1", "end 1"])
    for _ in range(2):
        answers = workers.sender.control.ping(timeout=3, limit=1)
        assert [list(answer.values()) for answer in answers] == [[{"ok": "pong"}]]


def test_a_message_seldom_waits_longer_than_the_polling_interval(workers: Workers) -> None:
    workers.start()
    workers.nap(0, 0)
    workers.until(lambda: workers.notes() == ["start 0", "end 0"])
    waits = []
    for number in range(1, 12):
        sent = time.time()
        workers.nap(number, 0)
        workers.until(lambda: len(workers.notes()) == 2 * (number + 1))  # noqa: B023 - called before the next
        started = (workers.folder / "notes").read_text().splitlines()[-2]
        waits.append(float(started.rpartition(" ")[2]) - sent)
    assert sorted(waits)[5] < 0.2, waits


def test_the_next_message_does_not_wait_for_the_next_poll(workers: Workers) -> None:
    for number in range(10):
        workers.nap(number, 0)
    workers.start("--prefetch-multiplier", "1", BROKER_TEST_POLL="4")
    workers.until(lambda: "start 0" in workers.notes())
    began = time.monotonic()
    workers.until(lambda: "end 9" in workers.notes())
    assert time.monotonic() - began < 4
