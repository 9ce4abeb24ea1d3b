"""Processes for the tests of the embedded broker: `python -m tests.runtime.broker_parts ROLE FILE …`."""

import sys
import time
from pathlib import Path
from queue import Empty

from kombu import Connection

from config.embedded_broker import url_for

QUEUE = "race"


def connect(file: Path, *, lease: float = 60.0) -> Connection:
    return Connection(url_for(file), transport_options={"visibility_timeout": lease})


def produce(file: Path, first: int, count: int) -> None:
    """Sends the numbers from `first` on."""
    with connect(file) as connection, connection.SimpleQueue(QUEUE) as queue:
        for number in range(first, first + count):
            queue.put(number)


def consume(file: Path, idle: float) -> None:
    """Prints every number it got and acknowledged, until none came for `idle` seconds."""
    with connect(file) as connection, connection.SimpleQueue(QUEUE) as queue:
        while True:
            try:
                message = queue.get(timeout=idle)
            except Empty:
                return
            message.ack()
            print(message.payload)


def hold(file: Path, lease: float) -> None:
    """Takes one message, says so, and keeps it for ever without renewing its lease; then acknowledges it."""
    with connect(file, lease=lease) as connection, connection.SimpleQueue(QUEUE) as queue:
        message = queue.get(timeout=10)
        print(message.payload, flush=True)
        sys.stdin.readline()
        message.ack()
        print("acknowledged", flush=True)
        time.sleep(60)


if __name__ == "__main__":
    role, path, *numbers = sys.argv[1:]
    if role == "produce":
        produce(Path(path), int(numbers[0]), int(numbers[1]))
    elif role == "consume":
        consume(Path(path), float(numbers[0]))
    else:
        hold(Path(path), float(numbers[0]))
