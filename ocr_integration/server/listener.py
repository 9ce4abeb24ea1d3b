"""Accepts connections, one thread each, and speaks HTTP/1.1 on them until the server is told to stop."""

import contextlib
import logging
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from email.utils import formatdate
from http import HTTPStatus

from ocr_integration.contract import CONTENT_TYPE
from ocr_integration.server import wire
from ocr_integration.server.app import Answer, Service
from ocr_integration.server.connection import BadRequest, Gone, Head, Limits, Peer, TooLarge
from ocr_integration.server.signature import Refused

MAX_CONNECTIONS = 64
SMALL_BODY = 64 * 1024
_TOO_LARGE = Refused("RequestSizeLimitExceeded", "The request is too large: 10 MB at most, 32 KB for GET.")

log = logging.getLogger("sinwon.server")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises OSError when the address cannot be had.

    Whoever connects before a Listener starts waits in its queue.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=128)


class Listener:
    """A listening socket and the threads that serve its connections."""

    def __init__(self, service: Service, listening: socket.socket, limits: Limits | None = None) -> None:
        self._service = service
        self._limits = limits or Limits()
        self._socket = listening
        self._places = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._stopping = threading.Event()
        self._busy = 0
        self._count = threading.Condition()

    @property
    def port(self) -> int:
        """The port in use."""
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Serves in threads of its own and returns."""
        threading.Thread(target=self._accept, name="accept", daemon=True).start()

    def stop(self, grace: float) -> bool:
        """Takes nothing new and waits for the answers under way; False when `grace` seconds were too few."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._count:
            return self._count.wait_for(lambda: self._busy == 0, timeout=grace)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            self._places.acquire()
            try:
                connection, _ = self._socket.accept()
            except OSError:
                self._places.release()
                if not self._stopping.is_set():
                    time.sleep(0.05)  # out of descriptors: others must end first
                continue
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                peer = Peer(connection, self._limits)
                while self._serve_one(peer):
                    pass
        except (Gone, OSError):
            pass
        finally:
            self._places.release()

    def _serve_one(self, peer: Peer) -> bool:
        """Whether the connection goes on."""
        try:
            head = peer.read_head()
            # A stranger must not make this server hold megabytes: the headers are looked at first.
            refusal = self._service.refusal_of(head) if head.length > SMALL_BODY else None
            if refusal:
                return self._leave(peer, refusal)
            body = peer.read_body(head)
        except TooLarge:
            return self._leave(peer, self._service.refuse(_TOO_LARGE))
        except BadRequest as bad:
            peer.write(_page(bad.status, bad.text))
            peer.linger()
            return False
        with self._working():
            return self._answer(peer, head, body)

    def _answer(self, peer: Peer, head: Head, body: bytearray) -> bool:
        keep = head.keep_alive and not self._stopping.is_set()
        if head.path == "/healthz" and head.method == "GET":
            peer.write(_response(200, b"ok", "text/plain", keep=keep))
        elif head.method == "HEAD":
            peer.write(_response(405, b"", CONTENT_TYPE, keep=False))
            return False
        elif head.path != "/":
            peer.write(_page(404, "there is nothing at this path"))
            return False
        else:
            started = time.monotonic()
            self._send(peer, self._service.answer(head, body), started, keep=keep)
        return keep

    def _leave(self, peer: Peer, answer: Answer) -> bool:
        """Answers without having read the body, and ends the connection."""
        self._send(peer, answer, time.monotonic(), keep=False)
        peer.linger()
        return False

    def _send(self, peer: Peer, answer: Answer, started: float, *, keep: bool) -> None:
        took = round((time.monotonic() - started) * 1000)
        log.info("request_id=%s code=%s ms=%d", answer.request_id, answer.code or "ok", took)
        peer.write(_response(200, answer.body, CONTENT_TYPE, keep=keep))

    @contextlib.contextmanager
    def _working(self) -> Iterator[None]:
        with self._count:
            self._busy += 1
        try:
            yield
        finally:
            with self._count:
                self._busy -= 1
                self._count.notify_all()


def _page(status: int, text: str) -> bytes:
    """An answer to what is not a request of the protocol: a clean 4xx in the protocol's own form."""
    request_id = str(uuid.uuid4())
    log.info("request_id=%s status=%d ms=0", request_id, status)
    body = wire.envelope(wire.error("InvalidRequest", text), request_id)
    return _response(status, body, CONTENT_TYPE, keep=False)


def _response(status: int, body: bytes, kind: str, *, keep: bool) -> bytes:
    lines = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        f"Connection: {'keep-alive' if keep else 'close'}",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
