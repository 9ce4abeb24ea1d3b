"""The product under the drill, as `make run` starts it, on the services of one of three stacks."""

import contextlib
import logging
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.aws import Aws
from tests.brokers import RabbitMQ, Redis
from tests.postgresql import Cluster
from tests.stack import ROOT, Stack

EMBEDDED, REDIS, RABBITMQ = "embedded", "postgresql-redis", "postgresql-rabbitmq"
STACKS = (EMBEDDED, REDIS, RABBITMQ)
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
OURS = ("OCR_", "CELERY_", "STORAGE_", "DATABASE_", "KEYRING_", "ANCHOR_", "TSA_", "READING_")


class Product(Stack):
    """Web, worker and beat; the reader is the drill's. Its clock is the file `clock`."""

    @property
    def clock(self) -> Path:
        return self.folder / "clock"

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return (
                    bool(answer.status == 200) and "Sinwon is ready" in (self.folder / "up.log").read_text()
                )
        except (urllib.error.URLError, OSError):
            return False

    def parts(self, *words: str) -> list[int]:
        return [pid for word in words for pid in self.pids(word)]


@dataclass(frozen=True, slots=True)
class Services:
    """What the product stands on. None: the embedded default has no such server."""

    environment: dict[str, str]
    postgresql: Cluster | None = None
    broker: Redis | RabbitMQ | None = None
    keys: Aws | None = None


@contextlib.contextmanager
def services(stack: str, folder: Path) -> Iterator[Services]:
    """The servers of that stack, real ones, for as long as the drill lasts."""
    if stack == EMBEDDED:
        yield Services({})
        return
    with contextlib.ExitStack() as ends:
        cluster = Cluster()
        ends.callback(cluster.stop)
        cluster.start()
        broker: Redis | RabbitMQ
        if stack == REDIS:
            broker = Redis(folder)
            ends.callback(broker.kill)
        else:
            broker = RabbitMQ()
            ends.callback(broker.stop)
        broker.start()
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        aws = Aws()
        ends.callback(aws.stop)
        environment = {
            "DATABASE_URL": cluster.url,
            "CELERY_BROKER_URL": broker.url,
            "KEYRING_KMS_KEY": aws.key(),
            "KEYRING_KMS_ENDPOINT": aws.endpoint,
        }
        yield Services(environment, cluster, broker, aws)


def clean_environment() -> None:
    """This process and what it starts know no setting of the developer's shell."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]


def faked_clock(folder: Path) -> dict[str, str]:
    """libfaketime over every part, with an offset that can be changed while they run."""
    (folder / "clock").write_text("+0")
    return {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DISABLE_SHM": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
        "PYTHONPATH": str(ROOT / "chaos" / "clock"),
    }
