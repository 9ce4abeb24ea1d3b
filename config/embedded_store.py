"""The messages of the embedded broker: one SQLite file, shared by all processes of one machine.

A message that is taken stays in its row under a lease. Only its holder can delete it, and when the lease runs
out or its holder's process is dead it is there for the next. So each message is delivered at least once.
"""

import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.holders import holder_of, is_dead

SCHEMA_VERSION = 1
BUSY_SECONDS = 5.0
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
ATTEMPTS = 3
# A fan-out copy that nobody fetched in this time had no living listener.
BROADCAST_SECONDS = 60.0
# The queue of a listener that has not been seen for this long is gone.
LISTENER_SECONDS = 3600.0
CLOCK_MARGIN = 5.0

SCHEMA = f"""
begin immediate;
create table if not exists message (
    id integer primary key autoincrement, queue text not null, body text not null,
    deliveries integer not null default 0, visible_at real not null default 0, holder text, expires_at real);
create index if not exists message_queue on message (queue);
create index if not exists message_holder on message (holder) where holder is not null;
create table if not exists binding (
    exchange text not null, routing_key text not null, pattern text not null, queue text not null,
    transient integer not null, seen_at real not null,
    primary key (exchange, routing_key, pattern, queue)) without rowid;
pragma user_version = {SCHEMA_VERSION};
commit;
"""
# A lease that claims to end later than any lease can was given before the clock was set back.
WAITING = """from message where queue = :queue
and (visible_at <= :now or visible_at > :now + :lease + :margin)
and (expires_at is null or expires_at > :now)"""
TAKE = f"""
update message set deliveries = deliveries + 1, visible_at = :now + :lease, holder = :holder
where id = (select id {WAITING} order by id limit 1) returning id, deliveries, body
"""  # noqa: S608 - put together from constants only
COUNT = f"select count(*) {WAITING}"
PURGE = f"delete {WAITING} returning id"
FREE = "update message set visible_at = 0, holder = null where"


class StoreError(ConnectionError):
    """The file cannot be used: busy for too long, damaged, or no room left. To kombu a lost connection."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message handed out once. The tag names the message and which delivery of it this is."""

    tag: str
    body: str
    redelivered: bool


class Store:
    """All access to one file. One instance and one connection a process, used by all its threads in turn."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._own_puts = 0
        self._start_afresh()

    def _start_afresh(self) -> None:
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._holder = holder_of(os.getpid()) or f"?:{os.getpid()}:{time.time()}"

    def after_fork(self) -> sqlite3.Connection | None:
        """Hands over the parent's connection, which a child may neither use nor close: keep it alive."""
        inherited = self._connection
        self._start_afresh()
        return inherited

    # --- Messages
    def put(self, queue: str, body: str) -> None:
        self._run("insert into message (queue, body) values (?, ?)", (queue, body))
        self._own_puts += 1

    def put_all(self, queues: Iterable[str], body: str) -> None:
        """A copy for each queue of a fan-out; copies that nobody fetches vanish after a minute."""
        now = time.time()
        self._run("delete from message where expires_at < ?", (now,))
        self._run("delete from binding where transient and seen_at < ?", (now - LISTENER_SECONDS,))
        for queue in queues:
            self._run(
                "insert into message (queue, body, expires_at) values (?, ?, ?)",
                (queue, body, now + BROADCAST_SECONDS),
            )
        self._own_puts += 1

    def take(self, queue: str, *, lease: float) -> Delivery | None:
        """The oldest message of the queue that nobody holds, now held by this process for `lease` seconds."""
        rows = self._run(TAKE, {**self._ready(lease), "holder": self._holder, "queue": queue})
        if not rows:
            return None
        number, deliveries, body = rows[0]
        return Delivery(f"{number}-{deliveries}", body, deliveries > 1)

    def done(self, tag: str) -> bool:
        """Deletes the message; False when its lease ran out and it was delivered again."""
        return bool(self._run("delete from message where id = ? and deliveries = ? returning id", _key(tag)))

    def release(self, tag: str) -> bool:
        """Gives the lease back: the message is there for the next at once, in its old place."""
        rows = self._run(f"{FREE} id = ? and deliveries = ? returning id", _key(tag))
        self._own_puts += 1
        return bool(rows)

    def renew(self, tags: Iterable[str], *, lease: float) -> None:
        """Prolongs leases that still hold."""
        until = time.time() + lease
        for tag in tags:
            self._run(
                "update message set visible_at = ? where id = ? and deliveries = ?", (until, *_key(tag))
            )

    def release_the_dead(self) -> int:
        """Gives back what processes of this machine held that are no more; returns how many messages."""
        rows = self._run("select distinct holder from message where holder <> ?", (self._holder,))
        dead = [holder for (holder,) in rows if is_dead(holder)]
        self._own_puts += len(dead)
        return sum(len(self._run(f"{FREE} holder = ? returning id", (holder,))) for holder in dead)

    def size(self, queue: str, *, lease: float) -> int:
        """How many messages of the queue wait, those under a lease not counted."""
        return int(self._run(COUNT, {**self._ready(lease), "queue": queue})[0][0])

    def purge(self, queue: str, *, lease: float) -> int:
        """Deletes the waiting messages of the queue; returns how many."""
        return len(self._run(PURGE, {**self._ready(lease), "queue": queue}))

    # --- Bindings
    def bind(self, exchange: str, routing_key: str, pattern: str, queue: str, *, transient: bool) -> None:
        self._run(
            "insert or replace into binding values (?, ?, ?, ?, ?, ?)",
            (exchange, routing_key, pattern, queue, transient, time.time()),
        )

    def bindings(self, exchange: str) -> list[tuple[str, str, str]]:
        """(routing key, pattern, queue) of every binding of the exchange."""
        return self._run("select routing_key, pattern, queue from binding where exchange = ?", (exchange,))

    def unbind(self, exchange: str, queue: str) -> None:
        self._run("delete from binding where exchange = ? and queue = ?", (exchange, queue))

    def listening(self, queues: Iterable[str]) -> None:
        """Says that the listeners of these transient queues are alive."""
        for queue in queues:
            self._run("update binding set seen_at = ? where queue = ?", (time.time(), queue))

    # --- The file
    def version(self) -> tuple[object, ...]:
        """Differs whenever a message may have come since it was last asked; costs microseconds."""
        return self._run("pragma data_version")[0][0], self._own_puts, self._file

    def _ready(self, lease: float) -> dict[str, Any]:
        return {"now": time.time(), "lease": lease, "margin": CLOCK_MARGIN}

    def _run(self, statement: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[Any]:
        """One statement in its own transaction, tried again a few times while others hold the file."""
        attempt = 1
        while True:
            try:
                with self._lock:
                    return self._connected().execute(statement, values).fetchall()
            except sqlite3.DatabaseError as e:
                if attempt == ATTEMPTS or e.sqlite_errorcode & 0xFF not in BUSY:
                    raise StoreError(f"{self.path}: {e}") from e
            attempt += 1
            time.sleep(random.uniform(0.01, 0.05))  # noqa: S311 - only spreads retries

    def _connected(self) -> sqlite3.Connection:
        """The connection; a new one when the file was deleted or replaced under us."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            file = None
        else:
            file = (status.st_dev, status.st_ino)
        if self._connection is None or file != self._file:
            if self._connection is not None:
                self._connection.close()
            self._connection = _open(self.path)
            status = self.path.stat()
            self._file = (status.st_dev, status.st_ino)
        return self._connection


def _open(path: Path) -> sqlite3.Connection:
    """Opens or makes the file, readable by its owner only (SQLite gives its side files the same mode)."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            # Changing the journal's mode does not wait for others by itself.
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            connection.execute("pragma journal_size_limit = 4194304")
            if connection.execute("pragma user_version").fetchone()[0] != SCHEMA_VERSION:
                connection.executescript(SCHEMA)
        except sqlite3.OperationalError:
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0.01, 0.05))  # noqa: S311 - only spreads retries
        else:
            return connection


def _key(tag: str) -> tuple[int, int]:
    number, _, deliveries = tag.partition("-")
    return int(number), int(deliveries)


_stores: dict[Path, Store] = {}
_stores_lock = threading.Lock()
_inherited: list[sqlite3.Connection] = []


def store_at(path: Path) -> Store:
    """The one store of this process for that file."""
    with _stores_lock:
        return _stores.setdefault(path, Store(path))


def _forget_after_fork() -> None:
    global _stores_lock
    _stores_lock = threading.Lock()
    _inherited.extend(c for c in (store.after_fork() for store in _stores.values()) if c is not None)


os.register_at_fork(after_in_child=_forget_after_fork)
