"""What is done to the product, and when. Each fault undoes itself; `Schedule.run` returns when the last is over."""

import contextlib
import random
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from chaos.product import Product, Services
from tests.stack import ROOT

WORKER, WEB, BEAT = "config\0worker", "gunicorn", "config\0beat"
KILL_EVERY = (4.0, 5.0)
# On a crowded machine a worker takes longer to start than it is let live.
LONGEST_START = 40.0
TINY_FILE = 4096
CLOCK_JUMP = "+90"


@dataclass(frozen=True, slots=True)
class Fault:
    """`at` and `lasts` are shares of the schedule's whole time; `most` bounds the seconds."""

    name: str
    at: float
    lasts: float
    most: float
    inflict: Callable[[], contextlib.AbstractContextManager[None]]


class Schedule:
    """Kills every worker all the time, and the other faults each in its turn."""

    def __init__(
        self,
        product: Product,
        services: Services,
        *,
        seconds: float,
        seed: int,
        heard_since: Callable[[float], bool],
    ) -> None:
        self._product, self._services, self._seconds = product, services, seconds
        self._heard_since = heard_since
        self._chance = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.errors: list[str] = []
        # A server ends with the thread that started it (setpriv --pdeathsig): this one outlives the schedule.
        self._keeper = ThreadPoolExecutor(1)

    def run(self) -> None:
        faults = [
            Fault("broker flushed", 0.20, 0, 0, self._broker_flushed),
            Fault("clock 90 s ahead, then back", 0.28, 0.06, 15, self._clock_jump),
            Fault("database away", 0.40, 0.04, 8, self._database_away),
            Fault("keys away", 0.48, 0.08, 25, self._keys_away),
            Fault("disk full", 0.60, 0.06, 10, self._disk_full),
            Fault("web killed", 0.70, 0, 0, self._web_killed),
            Fault("beat killed", 0.72, 0, 0, self._beat_killed),
            Fault("broker flushed", 0.80, 0, 0, self._broker_flushed),
        ]
        began = time.monotonic()
        others = [threading.Thread(target=self._inflict, args=(fault, began)) for fault in faults]
        for thread in others:
            thread.start()
        self._kill_workers(began)
        for thread in others:
            thread.join()

    def _kill_workers(self, began: float) -> None:
        """Every 4 to 5 s; where a worker needs longer than that to start, so long after it is heard."""
        while (left := began + self._seconds - time.monotonic()) > 0:
            last = time.time()
            time.sleep(min(self._chance.uniform(*KILL_EVERY), left))
            patience = time.monotonic() + LONGEST_START
            while time.monotonic() < patience and not self._heard_since(last):
                time.sleep(0.25)
            if time.monotonic() - patience + LONGEST_START > 0.5:  # it was waited for: it may begin something
                time.sleep(self._chance.uniform(*KILL_EVERY))
            self.counts["all workers killed"] += 1
            self.counts["worker processes killed"] += self._product.kill(WORKER)

    def _inflict(self, fault: Fault, began: float) -> None:
        time.sleep(max(0.0, began + fault.at * self._seconds - time.monotonic()))
        self.counts[fault.name] += 1
        try:
            with fault.inflict():
                time.sleep(min(fault.lasts * self._seconds, fault.most))
        except Exception as e:  # a fault that could not be inflicted is no drill: it is reported and fails
            self.errors.append(f"{fault.name}: {type(e).__name__}: {e}")

    @contextlib.contextmanager
    def _broker_flushed(self) -> Iterator[None]:
        if self._services.broker is not None:
            self._services.broker.flush()
        else:
            with contextlib.closing(
                sqlite3.connect(self._product.folder / "broker.sqlite3", timeout=10)
            ) as file:
                file.execute("delete from message")
                file.execute("delete from binding")
                file.commit()
        yield

    @contextlib.contextmanager
    def _database_away(self) -> Iterator[None]:
        """PostgreSQL is killed and started again; SQLite, which has no server, is held by somebody else."""
        cluster = self._services.postgresql
        if cluster is not None:
            cluster.crash()
            yield
            self._keeper.submit(cluster.launch).result()
            return
        with contextlib.closing(sqlite3.connect(self._product.folder / "db.sqlite3", timeout=30)) as file:
            file.isolation_level = None
            file.execute("begin immediate")
            yield
            file.execute("rollback")

    @contextlib.contextmanager
    def _keys_away(self) -> Iterator[None]:
        """The key service (KMS) refuses every call, and the web must start meanwhile, as the workers do all the time:
        a running process asks it no more. The embedded default has no such service: its keyring is not to be read.
        """
        service = self._services.keys
        if service is None:
            with _moved(self._product.folder / "keyring.json"):
                yield
            return
        service.go_away()
        self._product.kill(WEB)
        yield
        service.come_back()

    @contextlib.contextmanager
    def _disk_full(self) -> Iterator[None]:
        """No file of web, worker and beat may grow beyond a page (RLIMIT_FSIZE); their children inherit it."""
        self._limit_files(TINY_FILE)
        try:
            yield
        finally:
            self._limit_files(resource.RLIM_INFINITY)

    def _limit_files(self, size: int) -> None:
        for pid in self._product.parts(WORKER, WEB, BEAT):
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    @contextlib.contextmanager
    def _clock_jump(self) -> Iterator[None]:
        self._product.clock.write_text(CLOCK_JUMP)
        try:
            yield
        finally:
            self._product.clock.write_text("+0")

    @contextlib.contextmanager
    def _web_killed(self) -> Iterator[None]:
        self._product.kill(WEB)
        yield

    @contextlib.contextmanager
    def _beat_killed(self) -> Iterator[None]:
        self._product.kill(BEAT)
        yield


@contextlib.contextmanager
def _moved(file: Path) -> Iterator[None]:
    away = file.with_name(f"{file.name}.away")
    file.rename(away)
    try:
        yield
    finally:
        away.rename(file)


class Deaths:
    """Web processes that die between commit and bell, beside everything else (`chaos.mortal`)."""

    def __init__(self, product: Product, count: int, seconds: float) -> None:
        environment = {k: v for k, v in product.environment.items() if k != "LD_PRELOAD"}
        command = [sys.executable, "-m", "chaos.mortal", str(count), str(seconds)]
        with (product.folder / "mortal.log").open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            )

    def finish(self) -> list[str]:
        """The names of the pictures that were committed."""
        told, _ = self._process.communicate()
        return told.split()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()
