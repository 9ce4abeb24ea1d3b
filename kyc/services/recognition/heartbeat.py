"""Keeps a lease alive while its call lasts: a slow reader loses nothing, a dead worker is replaced soon."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

from kyc.services.recognition import leases
from kyc.services.recognition.leases import Lease

logger = logging.getLogger(__name__)

BEATS_A_LEASE = 3


@contextmanager
def kept(lease: Lease) -> Iterator[None]:
    """Inside, the lease is renewed at every third of its time by a thread with a connection of its own."""
    over = threading.Event()
    beating = threading.Thread(target=_beat, args=(lease, over), name=f"lease {lease.job_id}", daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def _beat(lease: Lease, over: threading.Event) -> None:
    every = leases.duration().total_seconds() / BEATS_A_LEASE
    try:
        while not over.wait(every):
            try:
                if not leases.renew(lease):  # it was lost: whatever comes of this call writes nothing
                    return
            except DatabaseError as e:
                logger.warning(
                    "the lease of document %s was not renewed: %s", lease.document.id, type(e).__name__
                )
    finally:
        connection.close()
