"""Limits the whole duration of a blocking network call.

A socket's time-out counts from byte to byte, so a server that drips outlasts it, and looking up a name has
none at all. So the call runs in another thread; when time is up the caller cuts its connection and goes on,
and the thread is free again by itself because nothing is left to wait for.
"""

import contextlib
import contextvars
import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")

IDLE_SECONDS = 60.0
"""How long a thread without a call is kept for the next one."""


class DeadlineExceeded(Exception):
    """The call did not end in time; its connection is cut."""


class Line:
    """The connection in use, held by a duplicate of its descriptor so that another thread can cut it.

    A duplicate stays valid through a TLS handshake, which takes the socket object over, and cannot be
    mistaken for a descriptor that the system has given out anew.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: socket.socket | None = None
        self._cut = False

    def hold(self, connection: socket.socket) -> None:
        """Takes a connection in place of the last one; cuts it at once if time is already up."""
        with self._lock:
            self._drop()
            self._held = connection.dup()
            if self._cut:
                self._shut()

    def cut(self) -> None:
        """Breaks the connection, and every later one of this line."""
        with self._lock:
            self._cut = True
            self._shut()
            self._drop()

    def close(self) -> None:
        """Lets go of the connection without breaking it."""
        with self._lock:
            self._drop()

    def _shut(self) -> None:
        if self._held:
            with contextlib.suppress(OSError):
                self._held.shutdown(socket.SHUT_RDWR)

    def _drop(self) -> None:
        if self._held:
            self._held.close()
        self._held = None


class _Runner(threading.Thread):
    """Runs one job after another: a thread made anew for each would fault in its memory anew, too."""

    def __init__(self) -> None:
        super().__init__(name="deadline", daemon=True)
        self.jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.start()

    def run(self) -> None:
        while True:
            try:
                self.jobs.get(timeout=IDLE_SECONDS)()
                _waiting.append(self)
            except Empty:
                with contextlib.suppress(ValueError):  # taken at this very moment: a job is coming
                    _waiting.remove(self)
                    return


_waiting: list[_Runner] = []
os.register_at_fork(after_in_child=_waiting.clear)


def _hand_over(job: Callable[[], None]) -> None:
    try:
        runner = _waiting.pop()
    except IndexError:
        runner = _Runner()
    runner.jobs.put(job)


def within(seconds: float, work: Callable[[], T], line: Line) -> T:
    """What `work` returns or raises; after `seconds` of wall clock the line is cut: DeadlineExceeded."""
    outcome: Future[T] = Future()
    context = contextvars.copy_context()  # the trace that is worked on, for the log and for the reader

    def run() -> None:
        try:
            outcome.set_result(context.run(work))
        except BaseException as error:
            outcome.set_exception(error)

    _hand_over(run)
    try:
        done, _ = wait([outcome], timeout=seconds)
    except BaseException:  # the caller itself is interrupted, by a task's time limit for one
        line.cut()
        raise
    if not done:
        line.cut()
        raise DeadlineExceeded
    return outcome.result()
