"""One client's connection: bytes in, requests out, answers back, with a limit on size and time everywhere."""

import contextlib
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

from ocr_integration.contract import MAX_BODY_BYTES

HEAD_LIMIT = 64 * 1024
TARGET_LIMIT = 32 * 1024
"""The vendor takes GET requests up to 32 KB."""
HEADER_COUNT = 100
LINGER_SECONDS = 5.0
LINGER_BYTES = 64 * 1024 * 1024

_REQUEST_LINE = re.compile(rb"([A-Z]{1,16}) ([\x21-\x7e]+) HTTP/1\.([01])")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*")
_LENGTH = re.compile(r"\d{1,15}", re.ASCII)
_ONCE = {"host", "content-length", "content-type", "authorization", "transfer-encoding"}


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds a client may take."""

    idle: float = 15
    head: float = 10
    body: float = 30
    write: float = 30


class Gone(Exception):
    """The client closed the connection, or left it idle: nothing is to be answered."""


class BadRequest(Exception):
    """Not HTTP as this server speaks it: answered with the status, then the connection is closed."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text


class TooLarge(Exception):
    """Head or body beyond the limits; the rest of it has not been read."""


@dataclass(frozen=True, slots=True, repr=False)
class Head:
    """A request without its body; header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    keep_alive: bool
    length: int


class Peer:
    """Reads requests from one socket and writes answers to it."""

    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        self._socket = connection
        self._limits = limits
        self._buffer = bytearray()

    def read_head(self) -> Head:
        """The next request's head. Raises Gone, BadRequest, TooLarge."""
        block = self._read_head_block()
        head = parse_head(block)
        if len(block) > TARGET_LIMIT and len(head.path) + len(head.query) > TARGET_LIMIT:
            raise TooLarge
        if head.length > MAX_BODY_BYTES:
            raise TooLarge
        return head

    def read_body(self, head: Head) -> bytearray:
        """The body announced by the head. Raises Gone, BadRequest when it is late."""
        body = bytearray(head.length)
        ready = min(len(self._buffer), head.length)
        body[:ready] = self._buffer[:ready]
        del self._buffer[:ready]
        if ready < head.length and head.headers.get("expect", "").lower() == "100-continue":
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        until = time.monotonic() + self._limits.body
        with memoryview(body) as view:
            while ready < head.length:
                self._wait(until)
                try:
                    count = self._socket.recv_into(view[ready:])
                except TimeoutError:
                    raise BadRequest(408, "the body did not come in time") from None
                if not count:
                    raise Gone
                ready += count
        return body

    def write(self, data: bytes) -> None:
        """Sends all of it in time, or raises OSError."""
        self._socket.settimeout(self._limits.write)
        self._socket.sendall(data)

    def linger(self) -> None:
        """Ends the answer and throws away what still comes.

        A close with bytes unread would reset the connection before the client has seen the answer.
        """
        until = time.monotonic() + LINGER_SECONDS
        seen = 0
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            while seen < LINGER_BYTES:
                self._wait(until)
                data = self._socket.recv(65536)
                if not data:
                    return
                seen += len(data)

    def _read_head_block(self) -> bytes:
        until = time.monotonic() + (self._limits.head if self._buffer else self._limits.idle)
        started = bool(self._buffer)
        while True:
            while self._buffer[:2] == b"\r\n":  # RFC 9112 2.2: empty lines before a request are ignored
                del self._buffer[:2]
            if self._buffer and not (65 <= self._buffer[0] <= 90 or self._buffer == b"\r"):
                raise BadRequest(400, "not an HTTP request")
            end = self._buffer.find(b"\r\n\r\n")
            if 0 <= end <= HEAD_LIMIT:
                block = bytes(self._buffer[:end])
                del self._buffer[: end + 4]
                return block
            if len(self._buffer) > HEAD_LIMIT:
                self._refuse_long_head()
            if self._buffer and not started:
                started, until = True, time.monotonic() + self._limits.head
            self._buffer += self._receive_head(until)

    def _receive_head(self, until: float) -> bytes:
        self._wait(until)
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            if self._buffer:
                raise BadRequest(408, "the request did not come in time") from None
            raise Gone from None
        if not data and self._buffer:
            raise BadRequest(400, "the request broke off")
        if not data:
            raise Gone
        return data

    def _refuse_long_head(self) -> None:
        line = bytes(self._buffer[: TARGET_LIMIT + 32])
        if line.startswith(b"GET /") and b"\r\n" not in line:
            raise TooLarge
        raise BadRequest(431, "the request's head is too large")

    def _wait(self, until: float) -> None:
        """Sets the socket's time-out to what is left; TimeoutError from the next call when nothing is."""
        self._socket.settimeout(max(until - time.monotonic(), 0.001))


def parse_head(block: bytes) -> Head:
    """A head without its last empty line, as a Head. Raises BadRequest."""
    first, *rest = block.split(b"\r\n")
    line = _REQUEST_LINE.fullmatch(first)
    if not line:
        raise BadRequest(400, "the request line is malformed")
    headers = _headers(rest)
    version_1_1 = line[3] == b"1"
    if version_1_1 and "host" not in headers:
        raise BadRequest(400, "Host is missing")
    if "transfer-encoding" in headers:
        raise BadRequest(411, "Content-Length is required")
    length = headers.get("content-length", "0")
    if not _LENGTH.fullmatch(length):
        raise BadRequest(400, "Content-Length is malformed")
    path, _, query = _origin_form(line[2].decode("ascii")).partition("?")
    connection = headers.get("connection", "").lower()
    return Head(
        method=line[1].decode("ascii"),
        path=path,
        query=query,
        headers=headers,
        keep_alive="close" not in connection and (version_1_1 or "keep-alive" in connection),
        length=int(length),
    )


def _origin_form(target: str) -> str:
    """`/path?query` of a target that may be absolute (RFC 9112 3.2.2)."""
    if target.startswith("http://"):
        authority_and_path = target.removeprefix("http://")
        start = min(
            (i for i in map(authority_and_path.find, "/?") if i >= 0), default=len(authority_and_path)
        )
        target = authority_and_path[start:]
        return target if target.startswith("/") else f"/{target}"
    if not target.startswith("/"):
        raise BadRequest(400, "the target is malformed")
    return target


def _headers(lines: list[bytes]) -> dict[str, str]:
    if len(lines) > HEADER_COUNT:
        raise BadRequest(431, "too many headers")
    headers: dict[str, str] = {}
    for line in lines:
        found = _HEADER.fullmatch(line)
        if not found:
            raise BadRequest(400, "a header is malformed")
        name, value = found[1].decode("ascii").lower(), found[2].decode("latin-1")
        if name in headers and (name in _ONCE or name.startswith("x-tc-")):
            raise BadRequest(400, "a header is given twice")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
