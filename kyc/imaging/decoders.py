"""The processes that decode strangers' pictures: a server that knows nothing, started once, and a fork of it a picture.

An interpreter with Pillow takes a tenth of a second to start, a fork of one two milliseconds. Each picture still has a
process of its own, made before any other picture was seen.
"""

import json
import logging
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

logger = logging.getLogger(__name__)

# `-I`: nothing of the environment or the working folder is imported.
SERVER = [sys.executable, "-I", str(Path(__file__).with_name("child.py"))]
HEADER = struct.Struct(">II")  # the lengths of what is told, as JSON, and of the JPEG
# Seconds. A child ends itself before, or the server ends it: after this the server itself must hang.
PATIENCE = 25.0
# What a killed process held is closed in no order: within these seconds its end is heard.
A_MOMENT = 0.5
# One picture may take hundreds of megabytes to decode: so many at once, in each of our processes.
AT_ONCE = 2
WAITS = 10.0  # seconds for one of these places, in which hundreds of photographs are decoded
ATTEMPTS = 2
PIECE = 1 << 18
LARGEST = 1 << 23  # bytes of an answer: `child.MAX_JPEG` and what is told are less

Answer = tuple[dict[str, object], bytes]


class DecodersDown(OSError):
    """No process decodes pictures now. No picture is to blame: it may be sent again."""


class Decoders:
    """The server of this process, started with its first picture, and again when it died. It ends with this process."""

    def __init__(self) -> None:
        self._start_afresh()

    def _start_afresh(self) -> None:
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._process: subprocess.Popen[bytes] | None = None
        self._to_server: socket.socket | None = None
        self._retired: list[subprocess.Popen[bytes]] = []

    def decode(self, picture: bytes) -> Answer | None:
        """What a child says of the picture, and the clean JPEG; None where it died over it. Raises DecodersDown, also
        where others' pictures leave it no place in time.
        """
        places = self._places
        if not places.acquire(timeout=WAITS):
            raise DecodersDown("all places are taken")
        try:
            return self._decode(picture)
        finally:
            places.release()

    def _decode(self, picture: bytes) -> Answer | None:
        for _ in range(ATTEMPTS):
            to_server = self._server()
            try:
                answer = _exchange(to_server, picture)
            except TimeoutError as e:
                self._replace(to_server)
                raise DecodersDown("the server of decoders hangs") from e
            except OSError:  # it is gone, or another thread replaced it
                self._replace(to_server)
                continue
            if answer is not None:
                return answer
            if not _is_gone(to_server):
                self._retire(to_server)
                return None
            self._replace(to_server)
        raise DecodersDown("the server of decoders ends again and again")

    def forget(self) -> None:
        """Lets go of the server, which ends when nobody holds it. For a process that was forked: it starts its own."""
        if self._to_server is not None:
            self._to_server.close()
        self._start_afresh()

    def _server(self) -> socket.socket:
        with self._lock:
            if self._to_server is None:
                self._retired = [process for process in self._retired if process.poll() is None]
                self._process, self._to_server = _start()
            return self._to_server

    def _replace(self, to_server: socket.socket) -> None:
        """Kills the server, which is dead or hangs."""
        with self._lock:
            if self._to_server is to_server and self._process is not None:
                self._process.kill()
                self._process.wait()
                to_server.close()
                self._process = self._to_server = None

    def _retire(self, to_server: socket.socket) -> None:
        """The server serves who asked already, then ends: all its children have their memory at the same places, and
        whoever crashed one must not learn from it for the next.
        """
        with self._lock:
            if self._to_server is to_server and self._process is not None:
                logger.warning("a process died over a picture that it decoded")
                to_server.close()
                self._retired.append(self._process)
                self._process = self._to_server = None


def _start() -> tuple[subprocess.Popen[bytes], socket.socket]:
    # Messages, not a stream: threads send side by side.
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(PATIENCE)
    try:
        with theirs:
            # Without our environment, which holds secrets, and away from our folder.
            process = subprocess.Popen(  # noqa: S603
                SERVER,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
            )
    except OSError as e:
        ours.close()
        raise DecodersDown("the server of decoders cannot be started") from e
    return process, ours


def _exchange(to_server: socket.socket, picture: bytes) -> Answer | None:
    """Hands the server one end of a connection, the picture and takes the answer from the other.

    None where the child died before it had answered. Raises TimeoutError, and OSError where the server takes nothing.
    """
    until = time.monotonic() + PATIENCE
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            socket.send_fds(to_server, [b"."], [theirs.fileno()])
        ours.settimeout(PATIENCE)
        try:
            ours.sendall(picture)
            ours.shutdown(socket.SHUT_WR)
            answer = _received(ours, until)
        except ConnectionError:
            return None
    return _parsed(answer)


def _received(connection: socket.socket, until: float) -> bytearray:
    """All that comes until the other end closes; nothing where it is more than any child of ours would say."""
    answer = bytearray()
    while len(answer) <= LARGEST:
        connection.settimeout(max(until - time.monotonic(), 0.001))
        piece = connection.recv(PIECE)
        if not piece:
            return answer
        answer += piece
    return bytearray()


def _parsed(answer: bytearray) -> Answer | None:
    """None for what is cut short."""
    try:
        told_size, jpeg_size = HEADER.unpack_from(answer)
        if len(answer) != HEADER.size + told_size + jpeg_size:
            return None
        told = json.loads(answer[HEADER.size : HEADER.size + told_size])
    except (struct.error, ValueError):
        return None
    return told, bytes(answer[HEADER.size + told_size :])


def _is_gone(to_server: socket.socket) -> bool:
    """Whether the server itself ended: it never sends anything, so only its end can be heard."""
    waiting = select.poll()
    try:
        waiting.register(to_server, select.POLLIN)
    except (OSError, ValueError):  # another thread replaced it
        return True
    return bool(waiting.poll(A_MOMENT * 1000))


decoders = Decoders()
os.register_at_fork(after_in_child=decoders.forget)
