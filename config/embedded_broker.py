"""The broker of the embedded default: a kombu transport over one SQLite file, for one machine's processes.

CELERY_BROKER_URL=sinwon-sqlite:///<absolute path>. At least once, first come first served, no priorities. A
consumer renews the leases of what it holds while its loop turns; after `visibility_timeout` seconds without
that, or at once when its process is dead, the message goes to the next. Fan-out (`celery inspect`) works too.
"""

import os
import sqlite3
import time
from pathlib import Path
from queue import Empty
from typing import Any
from urllib.parse import quote

from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.utils.json import dumps, loads
from kombu.utils.scheduling import FairCycle

from config.embedded_store import Store, store_at

SCHEME = "sinwon-sqlite"
LEASE_SECONDS = 60.0
# How often the file is asked whether anything was written: half of this is the usual wait of a message.
POLL_SECONDS = 0.05
# How often a queue is looked at although nothing was written: leases run out and holders die silently.
RECHECK_SECONDS = 1.0
MESSAGES_A_TURN = 16

TRANSPORT_ALIASES[SCHEME] = "config.embedded_broker:Transport"


def url_for(path: Path) -> str:
    """The broker URL for a file of that absolute path."""
    return f"{SCHEME}:///{quote(str(path))}"


class Held(virtual.QoS):
    """The messages that a channel delivered and that are not settled yet."""

    def tags(self) -> list[str]:
        settled = set(self._dirty or ())
        return [tag for tag in list(self._delivered or ()) if tag not in settled]


class Channel(virtual.Channel):
    """Maps AMQP's verbs to the store. Used by one thread at a time, as kombu's channels are."""

    QoS = Held
    connection: "Transport"
    qos: Held
    supports_fanout = True
    do_restore = True

    def __init__(self, connection: "Transport", **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        self._store = connection.store
        self._lease = connection.lease
        self._process = os.getpid()
        self._unacknowledged_queues: set[str] = set()
        self._transient_queues: set[str] = set()
        self._found_empty: dict[str, tuple[tuple[object, ...], float]] = {}

    # --- Messages
    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:
        self._store.put(queue, dumps(message))

    def _put_fanout(self, exchange: str, message: dict[str, Any], routing_key: str, **kwargs: Any) -> None:
        self._store.put_all({queue for _, _, queue in self._store.bindings(exchange)}, dumps(message))

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        version, now = self._store.version(), time.monotonic()
        known_empty = self._found_empty.get(queue)
        if known_empty and known_empty[0] == version and now < known_empty[1]:
            raise Empty
        delivery = self._store.take(queue, lease=self._lease)
        if delivery is None:
            if known_empty and now >= known_empty[1]:
                self._store.release_the_dead()
            self._found_empty[queue] = version, now + RECHECK_SECONDS
            raise Empty
        if queue in self._unacknowledged_queues:
            self._store.done(delivery.tag)
        message: dict[str, Any] = loads(delivery.body)
        message["properties"]["delivery_tag"] = delivery.tag
        message["properties"]["delivery_info"]["redelivered"] = delivery.redelivered
        return message

    def basic_consume(self, queue: str, no_ack: bool = False, *args: Any, **kwargs: Any) -> Any:
        if no_ack:
            self._unacknowledged_queues.add(queue)
        return super().basic_consume(queue, no_ack, *args, **kwargs)

    def basic_get(self, queue: str, no_ack: bool = False, **kwargs: Any) -> Any:
        message = super().basic_get(queue, no_ack=no_ack, **kwargs)
        if message is not None and no_ack:
            self._store.done(str(message.delivery_tag))
        return message

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        self._store.done(delivery_tag)
        super().basic_ack(delivery_tag, multiple)
        self.connection.room_made()

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:
        if not requeue:
            self._store.done(delivery_tag)
        super().basic_reject(delivery_tag, requeue=requeue)
        self.connection.room_made()

    def _restore(self, message: Any) -> None:
        """Gives a lease back; a forked child closing the parent's channel must not."""
        if os.getpid() == self._process:
            self._store.release(message.delivery_tag)

    def keep_alive(self) -> None:
        """Renews what this channel holds: its messages and the queues that vanish with it."""
        self._store.renew(self.qos.tags(), lease=self._lease)
        self._store.listening(self._transient_queues.intersection(self._active_queues))

    # --- Queues
    def _new_queue(self, queue: str, auto_delete: bool = False, **kwargs: Any) -> None:
        if auto_delete:
            self._transient_queues.add(queue)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str | None, queue: str) -> None:
        transient = queue in self._transient_queues
        self._store.bind(exchange, routing_key or "", pattern or "", queue, transient=transient)

    def get_table(self, exchange: str) -> list[Any]:
        """The bindings of all processes, and this one's own should the file have been replaced."""
        return [*self._store.bindings(exchange), *self._own_table(exchange)]

    def _own_table(self, exchange: str) -> list[Any]:
        table: list[Any] = (self.state.exchanges or {}).get(exchange, {}).get("table", [])
        return table

    def queue_unbind(self, queue: str, exchange: str | None = None, *args: Any, **kwargs: Any) -> None:
        super().queue_unbind(queue, exchange, *args, **kwargs)
        self._unbind(queue, exchange or "")

    def _unbind(self, queue: str, exchange: str) -> None:
        self._store.unbind(exchange, queue)
        table = self._own_table(exchange)
        table[:] = [row for row in table if row[2] != queue]

    def basic_cancel(self, consumer_tag: str) -> None:
        queue = self._tag_to_queue.get(consumer_tag)
        super().basic_cancel(consumer_tag)
        if queue in self._transient_queues and queue not in self._active_queues:
            self.queue_delete(queue)

    def _size(self, queue: str) -> int:
        return self._store.size(queue, lease=self._lease)

    def _purge(self, queue: str) -> int:
        return self._store.purge(queue, lease=self._lease)

    def _delete(self, queue: str, exchange: str = "", *args: Any, **kwargs: Any) -> None:
        self._unbind(queue, exchange)
        self._purge(queue)


class Transport(virtual.Transport):
    """Polls the store, from a worker's event loop or by itself."""

    Channel = Channel
    channels: list[Any]
    cycle: FairCycle
    driver_type = "sqlite"
    driver_name = "sqlite3"
    polling_interval = POLL_SECONDS
    implements = virtual.Transport.implements.extend(
        asynchronous=True, exchange_type=frozenset({"direct", "topic", "fanout"})
    )
    connection_errors = (
        *virtual.Transport.connection_errors,
        sqlite3.OperationalError,
        sqlite3.DatabaseError,
    )

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.store: Store = store_at(Path(client.virtual_host or "").absolute())
        self.lease = float(client.transport_options.get("visibility_timeout", LEASE_SECONDS))
        self._renew_at = 0.0
        self._loop: Any = None
        self._alarm: Any = None
        self._asked = False

    @property
    def default_connection_params(self) -> dict[str, Any]:
        return {}

    def driver_version(self) -> str:
        return sqlite3.sqlite_version

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """Hands on one message; TimeoutError when none came within `timeout` seconds (None waits)."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._deliver_one():
            left = self.polling_interval if deadline is None else deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            time.sleep(min(self.polling_interval, left))

    def register_with_event_loop(self, connection: Any, loop: Any) -> None:
        """Asks the store by the alarm of a worker's loop; at its ticks a task would wait one more turn."""
        self._leave_loop()
        self._loop = loop
        self._alarm = loop.call_repeatedly(self.polling_interval, self._deliver_some)

    def room_made(self) -> None:
        """Asks at once: a full consumer can take again. By a timer, for `call_soon` waits until a poll has ended."""
        if self._loop is not None and not self._asked:
            self._asked = True
            self._loop.call_later(0, self._deliver_some)

    def unregister_from_event_loop(self, connection: Any, loop: Any) -> None:
        self._leave_loop()

    def close_connection(self, connection: Any) -> None:
        self._leave_loop()
        super().close_connection(connection)

    def _leave_loop(self) -> None:
        if self._loop is not None:
            self._alarm.cancel()
            self._loop = None

    def _deliver_some(self) -> None:
        self._asked = False
        for _ in range(MESSAGES_A_TURN):
            if self._loop is None or not self._deliver_one():
                return

    def _deliver_one(self) -> bool:
        now = time.monotonic()
        if now >= self._renew_at:
            self._renew_at = now + self.lease / 3
            for channel in list(self.channels):
                channel.keep_alive()
        try:
            self.cycle.get(self._deliver)
        except Empty:
            return False
        return True
