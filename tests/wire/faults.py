"""A server on a real socket that answers as scripted: everything a network and a broken service can do."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable

Script = Callable[[socket.socket], None]

EXAMPLE = {
    "Address": "서울특별시 종로구은천로 93.1203동 1204호(봉천동, 진달래아파트101동 2301호)",
    "Birthday": "01/07/1982",
    "DateOfIssue": "01/01/8207",
    "ID": "820701-2345678",
    "Name": "홍길동 (洪吉童)",
    "Photo": "/9j/4AAQSkZJRg.....s97n//2Q==",
    "RequestId": "8b03725a-d5b3-4dfa-81b5-55214271a69a",
    "Sex": "女",
}


class FaultServer:
    """Reads each request whole, keeps it in `requests`, then runs the script on the connection and closes it
    (or reads on, with `keep_alive`)."""

    def __init__(self, *, keep_alive: bool = False) -> None:
        self.keep_alive = keep_alive
        self.connections = 0
        self.script: Script = body(json.dumps({"Response": EXAMPLE}).encode())
        self.requests: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self.closing = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.closing.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                self.connections += 1
                while request := _read_request(connection):
                    self.requests.append(request)
                    self.script(connection)
                    if not self.keep_alive:
                        return
            except OSError:
                pass


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, rest = data.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(rest) < length:
        rest += connection.recv(1 << 20)
    return head + b"\r\n\r\n" + rest


def head(length: int, status: str = "200 OK", kind: str = "application/json") -> bytes:
    """A response's head."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()


def body(data: bytes, status: str = "200 OK", kind: str = "application/json") -> Script:
    """A whole answer."""
    return lambda connection: connection.sendall(head(len(data), status, kind) + data)


def answer(response: object, kind: str = "application/json") -> Script:
    """A whole answer whose body is {"Response": response}."""
    return body(json.dumps({"Response": response}).encode(), kind=kind)


def error(code: str, kind: str = "application/json") -> Script:
    """The vendor's way to state an error."""
    stated = {"Code": code, "Message": "words of the server's own 820701-2345678"}
    return answer({"Error": stated, "RequestId": "8b03725a-d5b3-4dfa-81b5-55214271a69a"}, kind)


def reset(connection: socket.socket) -> None:
    """Resets instead of answering."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def silence(connection: socket.socket) -> None:
    """Never answers."""
    time.sleep(8)


def stall_in_body(connection: socket.socket) -> None:
    """Begins the body and stops."""
    connection.sendall(head(1000) + b'{"Resp')
    time.sleep(8)


def drip_head(connection: socket.socket) -> None:
    """One byte of the head at a time, each in time, never an end."""
    _drip(connection, b"HTTP/1.1 200 OK\r\n" + b"X-Drip: 1\r\n" * 100)


def drip_body(connection: socket.socket) -> None:
    """One byte of the body at a time, each in time, never an end."""
    connection.sendall(head(1000))
    _drip(connection, b" " * 1000)


def truncated(connection: socket.socket) -> None:
    """Half of a body."""
    data = json.dumps({"Response": EXAMPLE}).encode()
    connection.sendall(head(len(data)) + data[: len(data) // 2])


def truncated_chunks(connection: socket.socket) -> None:
    """A chunked body that breaks off within a chunk."""
    start = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection.sendall(start + b'40\r\n{"Resp')


def garbage(connection: socket.socket) -> None:
    """No HTTP at all."""
    connection.sendall(b"\x15\x03\x01\x00\x02\x02\x0a" * 10)


def hang_up(connection: socket.socket) -> None:
    """Closes without a word."""


def redirect_to(url: str) -> Script:
    """Points elsewhere, asking for the same request again."""
    text = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n"
    return lambda connection: connection.sendall(text.encode())


def _drip(connection: socket.socket, data: bytes) -> None:
    for value in data:
        connection.sendall(bytes([value]))
        time.sleep(0.1)


if __name__ == "__main__":
    # As a process of its own, where what it costs must not be counted: tests of the gateway's CPU.
    print(FaultServer(keep_alive=True).address, flush=True)
    time.sleep(600)
