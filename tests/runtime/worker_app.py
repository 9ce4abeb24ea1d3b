"""A small Celery application on the embedded broker, for tests with real workers."""

import os
import time
from pathlib import Path

from celery import Celery

from config.embedded_broker import POLL_SECONDS, url_for

FOLDER = Path(os.environ["BROKER_TEST_FOLDER"])

app = Celery("worker_app", broker=url_for(FOLDER / "broker.sqlite3"), fixups=[])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=2,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 30,
        "polling_interval": float(os.environ.get("BROKER_TEST_POLL", POLL_SECONDS)),
    },
)


@app.task(name="nap")
def nap(number: int, seconds: float) -> None:
    """Writes down when it starts and when it ends."""
    note(f"start {number} {time.time()}")
    time.sleep(seconds)
    note(f"end {number} {time.time()}")


def note(line: str) -> None:
    with (FOLDER / "notes").open("a") as file:
        file.write(line + "\n")
