"""Has strangers' pictures decoded by processes that know nothing: a server started once, and a fork of it a picture.

An interpreter with Pillow takes a tenth of a second to start, a fork of one two milliseconds. Each picture still has a
process of its own, made before any other picture was seen.
"""

import os
import select
import socket
import subprocess
import sys
import threading
from pathlib import Path

# `-I`: nothing of the environment or the working folder is imported.
SERVER = [sys.executable, "-I", str(Path(__file__).with_name("child.py"))]
# The child ends itself after 20 s (`child.SECONDS`): this is for one that was stopped.
PATIENCE = 25
ATTEMPTS = 2
A_MOMENT = 0.2


class Apart:
    """The server of this process, started with its first picture and again when it died. It ends with this process."""

    _requests: socket.socket | None = None

    def __init__(self) -> None:
        self.forget()

    def ask(self, data: bytes) -> bytes:
        """What a child says of these bytes: nothing where it died or stalled over them.

        Raises OSError where no process can be started.
        """
        for _ in range(ATTEMPTS):
            requests = self._server()
            answer = _ask(requests, data)
            if answer or not _is_gone(requests):
                return answer
            self._replace(requests)
        raise ChildProcessError("the process that decodes pictures ends as soon as it starts")

    def forget(self) -> None:
        """Lets go of the server, which ends when nobody holds it; the next picture starts another."""
        if self._requests is not None:
            self._requests.close()
        self._lock = threading.Lock()
        self._requests = None
        self._process: subprocess.Popen[bytes] | None = None

    def _server(self) -> socket.socket:
        with self._lock:
            if self._requests is None:
                # Messages, not a stream: threads send side by side.
                self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                with theirs:
                    # Without our environment, which holds secrets, and away from our folder.
                    self._process = subprocess.Popen(  # noqa: S603
                        SERVER,
                        stdin=theirs.fileno(),
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                        env={},
                        cwd="/",
                    )
            return self._requests

    def _replace(self, gone: socket.socket) -> None:
        with self._lock:
            if self._requests is gone and self._process is not None:
                self._process.kill()
                self._process.wait()
                gone.close()
                self._requests = self._process = None


def _ask(requests: socket.socket, data: bytes) -> bytes:
    ours, theirs = socket.socketpair()
    with ours:
        ours.settimeout(PATIENCE)
        try:
            with theirs:
                socket.send_fds(requests, [b"."], [theirs.fileno()])
            ours.sendall(data)
            ours.shutdown(socket.SHUT_WR)
            with ours.makefile("rb") as answer:
                return answer.read()
        except OSError:  # it died before it had read all, or stalled
            return b""


def _is_gone(requests: socket.socket) -> bool:
    """Whether the server itself ended: it never sends anything, so only its end can be heard."""
    waiting = select.poll()
    try:
        waiting.register(requests, select.POLLIN)
    except (OSError, ValueError):  # another thread replaced it
        return True
    return bool(waiting.poll(A_MOMENT * 1000))  # what a killed process held is closed in no order


apart = Apart()
os.register_at_fork(after_in_child=apart.forget)
