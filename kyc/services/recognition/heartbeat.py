"""Keeps leases alive while their calls last: a slow reader loses nothing, a dead worker is replaced soon.

One thread a process, made at the first lease: a thread for each call would cost more than the rest of its lease.
"""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from kyc.services.recognition import leases
from kyc.services.recognition.leases import Lease

logger = logging.getLogger(__name__)

BEATS_A_LEASE = 3
LOOKS_EVERY = 1.0


class _Keeper:
    """The leases of this process whose calls are under way, each with when it was given or renewed."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.held: dict[Lease, float] = {}
        self.thread: threading.Thread | None = None

    def add(self, lease: Lease) -> None:
        with self.lock:
            self.held[lease] = time.monotonic()
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self._run, name="leases", daemon=True)
                self.thread.start()

    def drop(self, lease: Lease) -> None:
        with self.lock:
            self.held.pop(lease, None)

    def _run(self) -> None:
        while True:
            time.sleep(LOOKS_EVERY)
            ripe = time.monotonic() - leases.duration().total_seconds() / BEATS_A_LEASE
            with self.lock:
                due = [lease for lease, since in self.held.items() if since <= ripe]
            for lease in due:
                self._renew(lease)
            if due:
                with contextlib.suppress(Exception):  # whatever it answers, it is not used again
                    connection.close()

    def _renew(self, lease: Lease) -> None:
        try:
            stands = leases.renew(lease)
        except Exception as e:  # tried again at the next look; this thread keeps the other calls' leases too
            logger.warning(
                "the lease of document %s was not renewed: %s", lease.document.id, type(e).__name__
            )
            return
        with self.lock:
            if stands and lease in self.held:
                self.held[lease] = time.monotonic()
            else:  # its call is over, or it was lost: whatever comes of the call writes nothing
                self.held.pop(lease, None)


_keeper = _Keeper()


def _after_fork() -> None:
    global _keeper
    _keeper = _Keeper()


os.register_at_fork(after_in_child=_after_fork)


@contextmanager
def kept(lease: Lease) -> Iterator[None]:
    """Inside, the lease is renewed whenever a third of its time has gone."""
    keeper = _keeper
    keeper.add(lease)
    try:
        yield
    finally:
        keeper.drop(lease)
