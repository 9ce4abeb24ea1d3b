"""The embedded broker with real processes: nothing lost, nothing delivered twice without cause."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection, Queue

from config import embedded_store
from config.embedded_store import Store
from tests.runtime.broker_parts import QUEUE, connect

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "broker.sqlite3"


def start(role: str, file: Path, *numbers: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.runtime.broker_parts", role, str(file), *map(str, numbers)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def send(connection: Connection, *numbers: int) -> None:
    with connection.SimpleQueue(QUEUE) as queue:
        for number in numbers:
            queue.put(number)


def receive(connection: Connection, timeout: float = 5) -> Any:
    """The next message, unacknowledged."""
    return connection.SimpleQueue(QUEUE).get(timeout=timeout)


def hold_one(file: Path, *, lease: float) -> subprocess.Popen[str]:
    """A process that holds the only message of the queue."""
    with connect(file) as connection:
        send(connection, 7)
    holder = start("hold", file, lease)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "7\n"
    return holder


def test_messages_come_in_the_order_they_were_sent(file: Path) -> None:
    with connect(file) as connection:
        send(connection, *range(20))
        queue = connection.SimpleQueue(QUEUE, no_ack=True)
        assert [queue.get(timeout=5).payload for _ in range(20)] == list(range(20))


def test_a_race_of_producers_and_consumers_loses_and_doubles_nothing(file: Path) -> None:
    consumers = [start("consume", file, 3) for _ in range(2)]
    producers = [start("produce", file, first, 1000) for first in (0, 1000)]
    assert [p.wait(60) for p in producers] == [0, 0]
    got = [int(line) for consumer in consumers for line in consumer.communicate(timeout=60)[0].split()]
    assert sorted(got) == list(range(2000))


def test_what_a_killed_process_held_comes_back_at_once(file: Path) -> None:
    holder = hold_one(file, lease=600)
    with connect(file, lease=600) as connection:
        with pytest.raises(Empty):
            receive(connection, timeout=1.5)
        holder.send_signal(signal.SIGKILL)
        holder.wait(5)
        message = receive(connection)
        assert (message.payload, message.delivery_info["redelivered"]) == (7, True)


def test_a_frozen_holder_loses_its_message_and_cannot_take_it_back(file: Path) -> None:
    holder = hold_one(file, lease=2)
    holder.send_signal(signal.SIGSTOP)
    with connect(file, lease=60) as connection:
        message = receive(connection, timeout=8)
        holder.send_signal(signal.SIGCONT)
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdin.write("go on\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == "acknowledged\n"
        holder.kill()
        message.requeue()
        assert receive(connection).payload == 7


def test_a_living_consumer_keeps_what_it_holds_beyond_the_lease(file: Path) -> None:
    with connect(file, lease=0.6) as mine, connect(file, lease=0.6) as others:
        send(mine, 7)
        received: list[Any] = []
        with mine.Consumer([Queue(QUEUE)], callbacks=[lambda _, message: received.append(message)]):
            mine.drain_events(timeout=5)
            with pytest.raises(TimeoutError):
                mine.drain_events(timeout=2)
            with pytest.raises(Empty):
                receive(others, timeout=0.2)
            received[0].ack()
    assert Store(file).size(QUEUE, lease=0.6) == 0


def test_closing_gives_back_what_was_not_acknowledged(file: Path) -> None:
    with connect(file, lease=600) as connection:
        send(connection, 1, 2)
        first = receive(connection)
        assert first.payload == 1
    with connect(file, lease=600) as connection:
        queue = connection.SimpleQueue(QUEUE)
        assert [queue.get(timeout=1).payload, queue.get(timeout=1).payload] == [1, 2]


def test_a_rejected_message_is_gone_and_a_requeued_one_comes_again(file: Path) -> None:
    with connect(file) as connection:
        send(connection, 1, 2)
        queue = connection.SimpleQueue(QUEUE)
        queue.get(timeout=1).reject()
        queue.get(timeout=1).requeue()
        again = queue.get(timeout=1)
        assert (again.payload, again.delivery_info["redelivered"]) == (2, True)


def test_a_forked_child_sends_for_itself_and_leaves_the_parents_messages_alone(file: Path) -> None:
    with connect(file, lease=600) as connection:
        send(connection, 1)
        held = receive(connection)
        child = os.fork()
        if child == 0:
            send(connect(file), 2)
            connection.close()
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert receive(connection).payload == 2
        assert held.payload == 1
        with pytest.raises(Empty):
            receive(connection, timeout=1.2)


def test_threads_of_one_process_share_the_file(file: Path) -> None:
    def sender(first: int) -> None:
        with connect(file) as connection:
            send(connection, *range(first, first + 25))

    threads = [threading.Thread(target=sender, args=(first,)) for first in range(0, 200, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with connect(file) as connection:
        queue = connection.SimpleQueue(QUEUE, no_ack=True)
        assert sorted(queue.get(timeout=2).payload for _ in range(200)) == list(range(200))


def test_a_sender_waits_while_another_process_holds_the_file(file: Path) -> None:
    with connect(file) as connection:
        send(connection, 1)
        other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        other.execute("begin exclusive")
        threading.Timer(1, other.rollback).start()
        send(connection, 2)
        assert Store(file).size(QUEUE, lease=60) == 2


def test_a_deleted_file_is_made_anew_and_senders_go_on(file: Path) -> None:
    with connect(file) as sender, connect(file) as receiver:
        send(sender, 1)
        for path in file.parent.glob("broker.sqlite3*"):
            path.unlink()
        send(sender, 2)
        assert receive(receiver).payload == 2


def test_only_the_owner_may_read_the_file(file: Path) -> None:
    with connect(file) as connection:
        send(connection, 1)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.glob("broker.sqlite3*")}
    assert set(modes.values()) == {0o600}
    assert file.name in modes


def test_a_lease_given_before_the_clock_was_set_back_holds_no_longer_than_any(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(file)
    store.put(QUEUE, "{}")
    assert store.take(QUEUE, lease=60) is not None
    assert store.take(QUEUE, lease=60) is None
    real = time.time
    monkeypatch.setattr(embedded_store.time, "time", lambda: real() - 3600)
    assert store.take(QUEUE, lease=60) is not None


def test_an_unusable_file_is_a_lost_connection_to_whoever_sends(file: Path) -> None:
    file.write_text("no database at all, but long enough to be taken for one" * 20)
    with connect(file) as connection, pytest.raises(ConnectionError):
        send(connection, 1)
