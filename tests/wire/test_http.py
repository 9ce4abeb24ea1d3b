"""No bytes whatever bring anything from the port but a valid envelope or a clean 4xx."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr_integration.engine import CardRead
from ocr_integration.server.accounts import Accounts, KeyPair
from ocr_integration.server.app import Service
from ocr_integration.server.connection import Limits
from ocr_integration.server.fetch import download
from ocr_integration.server.listener import Listener, listen
from tests.wire.servers import ReaderProcess
from tests.wire.signing import Request


class Broken:
    """An engine with a defect, whose error quotes what it should not."""

    def read(self, data: bytes, *, photo: bool) -> CardRead:
        raise ZeroDivisionError("820701-2345678")


@pytest.fixture(scope="module")
def hasty() -> Iterator[Listener]:
    """A server of short patience."""
    accounts = Accounts({"AKID": KeyPair("secret")})
    service = Service(accounts=accounts, engine=Broken(), download=download, seats=1)
    listener = Listener(service, listen("127.0.0.1", 0), Limits(idle=0.5, head=0.6, body=0.7, write=1))
    listener.start()
    yield listener
    listener.stop(1)


def talk(address: str, data: bytes, *, half_close: bool = True) -> bytes:
    """Everything the server says to these bytes."""
    host, _, port = address.partition(":")
    answer = b""
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(data)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        while more := connection.recv(65536):
            answer += more
    return answer


def statuses(answer: bytes) -> list[int]:
    """The statuses of all answers on a connection; each must be whole, and an envelope if it has a body."""
    found = []
    while answer:
        head, end, rest = answer.partition(b"\r\n\r\n")
        assert end, answer
        first, *lines = head.decode("ascii").split("\r\n")
        version, status, _ = first.split(" ", 2)
        assert version == "HTTP/1.1"
        headers = dict(line.split(": ", 1) for line in lines)
        length = int(headers.get("Content-Length", "0"))
        body, answer = rest[:length], rest[length:]
        assert len(body) == length
        found.append(int(status))
        if headers.get("Content-Type") == "application/json" and body:
            response = json.loads(body)["Response"]
            assert response["Error"]["Code"]
            assert response["RequestId"]
            assert "Traceback" not in body.decode()
    return found


heads = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            [
                b"GET / HTTP/1.1\r\n",
                b"POST / HTTP/1.1\r\n",
                b"POST / HTTP/1.0\r\n",
                b"GET /?ImageUrl=%FF&a HTTP/1.1\r\n",
                b"POST http://h/ HTTP/1.1\r\n",
                b"PUT /x HTTP/1.1\r\n",
                b"HEAD / HTTP/1.1\r\n",
                b"GET /healthz HTTP/1.1\r\n",
                b"Host: h\r\n",
                b"Content-Length: 2\r\n",
                b"Content-Length: 99999999999\r\n",
                b"Content-Length: -1\r\n",
                b"Transfer-Encoding: chunked\r\n",
                b"Expect: 100-continue\r\n",
                b"Authorization: TC3-HMAC-SHA256 Credential=a/2026-01-01/ocr/tc3_request, SignedHeaders=host",
                b"Connection: close\r\n",
                b"X: \x00\r\n",
                b" folded\r\n",
                b"\r\n",
                b"{}",
            ]
        ),
    ),
    max_size=12,
).map(b"".join)


@given(heads)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_whatever_bring_anything_but_an_envelope_or_a_4xx(
    reader_process: ReaderProcess, data: bytes
) -> None:
    for status in statuses(talk(reader_process.address, data)):
        assert status in {100, 200} or 400 <= status < 500


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
        (b"get / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nX: \x01\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +2\r\n\r\n{}", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"GET / HTTP/1.1\r\nHost: h\r\n" + b"X: y\r\n" * 101 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", 431),
        (b"HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", 405),
        (b"GET /other HTTP/1.1\r\nHost: h\r\n\r\n", 404),
        (b"GET / HTTP/1.1\r\nHo", 400),
        (b"\r\n\r\nGET /healthz HTTP/1.1\r\nHost: h\r\n\r\n", 200),
        (b"POST / HTTP/1.1\r\nHost: h\r\n\r\n", 200),
        (b"DELETE / HTTP/1.1\r\nHost: h\r\n\r\n", 200),
    ],
)
def test_each_malformed_request_gets_its_status(
    reader_process: ReaderProcess, data: bytes, status: int
) -> None:
    assert statuses(talk(reader_process.address, data)) == [status]


def test_requests_follow_each_other_on_one_connection(reader_process: ReaderProcess) -> None:
    request = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"
    assert statuses(talk(reader_process.address, request * 3)) == [200, 200, 200]


def test_an_http_1_0_client_is_answered_and_left(reader_process: ReaderProcess) -> None:
    answer = talk(reader_process.address, b"GET /healthz HTTP/1.0\r\n\r\n", half_close=False)
    assert statuses(answer) == [200]
    assert b"Connection: close" in answer


def test_other_methods_are_an_unsupported_protocol(signed: Callable[..., Request]) -> None:
    assert signed(method="PUT").code() == "UnsupportedProtocol"


def test_a_body_is_asked_for_when_the_client_waits_to_be_asked(reader_process: ReaderProcess) -> None:
    head = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    host, _, port = reader_process.address.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head)
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK")


def test_a_body_over_ten_megabytes_is_refused_before_it_comes(reader_process: ReaderProcess) -> None:
    head = f"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {10 * 2**20 + 1}\r\n\r\n".encode()
    started = time.monotonic()
    answer = talk(reader_process.address, head)
    assert b"RequestSizeLimitExceeded" in answer
    assert statuses(answer) == [200]
    assert time.monotonic() - started < 2


def test_a_client_that_sends_it_all_the_same_still_sees_the_answer(signed: Callable[..., Request]) -> None:
    assert signed(body=b" " * (12 * 2**20)).code() == "RequestSizeLimitExceeded"


def test_a_stranger_is_refused_before_a_large_body_comes(reader_process: ReaderProcess) -> None:
    request = Request(reader_process.address, "AKIDNOBODY", "secret")
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers().items())
    data = f"POST / HTTP/1.1\r\n{head}Content-Length: {9 * 2**20}\r\n\r\n".encode()
    started = time.monotonic()
    assert b"AuthFailure.SecretIdNotFound" in talk(reader_process.address, data)
    assert time.monotonic() - started < 2


def test_ten_megabytes_are_taken(signed: Callable[..., Request]) -> None:
    assert signed(body=b"{}" + b" " * (10 * 2**20 - 2)).code() == "MissingParameter"


def test_a_get_over_32_kilobytes_is_refused(reader_process: ReaderProcess) -> None:
    for size in (33_000, 200_000):
        data = b"GET /?ImageBase64=" + b"A" * size + b" HTTP/1.1\r\nHost: h\r\n\r\n"
        assert b"RequestSizeLimitExceeded" in talk(reader_process.address, data)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", []),
        (b"GET / HT", [408]),
        (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n{", [408]),
    ],
    ids=["idle", "head", "body"],
)
def test_who_stalls_is_sent_away(hasty: Listener, data: bytes, status: list[int]) -> None:
    started = time.monotonic()
    assert statuses(talk(f"127.0.0.1:{hasty.port}", data, half_close=False)) == status
    assert time.monotonic() - started < 3


def test_who_drips_is_sent_away(hasty: Listener) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=10) as connection:
        started = time.monotonic()

        def drip() -> None:
            for _ in range(40):
                try:
                    connection.sendall(b"G")
                except OSError:
                    return
                time.sleep(0.05)

        thread = threading.Thread(target=drip)
        thread.start()
        assert b"408" in connection.recv(1000)
        assert time.monotonic() - started < 2
    thread.join()


def test_a_defect_is_an_internal_error_that_tells_nothing(
    hasty: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="sinwon.server"):
        request = Request(f"127.0.0.1:{hasty.port}", "AKID", "secret", body=b'{"ImageBase64":"/9j/AAAA"}')
        response = request.send()
    assert response["Error"] == {"Code": "InternalError", "Message": "An internal error has occurred."}
    assert "defect=ZeroDivisionError at=test_http.py" in caplog.text
    assert response["RequestId"] in caplog.text
    assert "820701" not in caplog.text


def test_a_crowd_larger_than_the_servers_places_is_served_in_the_end(hasty: Listener) -> None:
    idle = [socket.create_connection(("127.0.0.1", hasty.port), timeout=10) for _ in range(70)]
    assert statuses(talk(f"127.0.0.1:{hasty.port}", b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n")) == [200]
    for connection in idle:
        connection.close()
