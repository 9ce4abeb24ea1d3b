"""An ImageUrl is downloaded safely: in three seconds, within its size, from nowhere inside."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_integration.contract import MAX_IMAGE_BYTES
from ocr_integration.server.fetch import download, parse
from ocr_integration.server.signature import Refused
from tests.wire.servers import Store

FAILED = "FailedOperation.DownLoadError"
JPEG = b"\xff\xd8\xff" + bytes(1000)


@pytest.fixture
def other() -> Iterator[Store]:
    """A server of the inner network that no deployment has named."""
    running = Store()
    yield running
    running.close()


def code_of(url: str, *allowed: Store, seconds: float = 3.0) -> str:
    started = time.monotonic()
    with pytest.raises(Refused) as caught:
        download(url, [store.address for store in allowed], seconds)
    assert time.monotonic() - started < seconds + 0.5
    return caught.value.code


def test_the_deployments_own_store_is_allowed(store: Store) -> None:
    url = store.page("/card.jpg?key=a%2Fb", JPEG)
    assert download(url, [store.address]) == JPEG


def test_nothing_else_inside_is_reached(other: Store) -> None:
    assert code_of(other.page("/card.jpg", JPEG)) == FAILED
    assert not other.seen


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "localhost.",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
        "0",
    ],
)
def test_no_notation_reaches_this_machine(other: Store, host: str) -> None:
    other.page("/card.jpg", JPEG)
    assert code_of(f"http://{host}:{other.address.partition(':')[2]}/card.jpg") == FAILED
    assert not other.seen


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://[64:ff9b::7f00:1]/",
        "http://nowhere.invalid/",
        "http://168.63.129.16/",
    ],
)
def test_metadata_and_the_like_are_refused(url: str) -> None:
    assert code_of(url) == FAILED


def test_a_name_is_looked_up_once_and_only_what_was_checked_is_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name server that answers a public address first and an inner one afterwards gains nothing."""
    answers = [["8.8.8.8"], ["127.0.0.1"]]
    connected = []

    def look_up(host: str, port: int, **_: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers.pop(0)]

    def connect(address: tuple[str, int], **_: object) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert code_of("http://rebinding.example/card.jpg") == FAILED
    assert connected == [("8.8.8.8", 80)]
    assert len(answers) == 1


def test_a_name_with_one_inner_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("8.8.8.8", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("connected"))
    assert code_of("http://mixed.example/card.jpg") == FAILED


def test_redirects_are_followed_three_times_and_no_further(store: Store) -> None:
    url = store.page("/0", JPEG)
    for number in range(1, 5):
        url = store.page(f"/{number}", b"", 302, Location=f"/{number - 1}")
    assert download(f"http://{store.address}/3", [store.address]) == JPEG
    assert code_of(url, store) == FAILED


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_inside_is_refused(store: Store, other: Store, status: int) -> None:
    inside = other.page("/card.jpg", JPEG)
    assert code_of(store.page("/away", b"", status, Location=inside), store) == FAILED
    assert not other.seen


@pytest.mark.parametrize(
    "location", ["", "ftp://a/b", "file:///etc/passwd", "//user@host/", "http://[::1", "gopher://x"]
)
def test_a_redirect_to_nonsense_is_refused(store: Store, location: str) -> None:
    assert code_of(store.page("/odd", b"", 302, Location=location), store) == FAILED


@pytest.mark.parametrize("status", [201, 204, 206, 304, 400, 404, 500])
def test_only_a_whole_success_counts(store: Store, status: int) -> None:
    assert code_of(store.page("/status", b"", status), store) == FAILED


def test_a_body_cut_short_is_refused(store: Store) -> None:
    assert code_of(store.page("/short", JPEG, Content_Length="5000"), store) == FAILED


def test_a_coded_body_is_refused(store: Store) -> None:
    assert code_of(store.page("/coded", JPEG, Content_Encoding="gzip"), store) == FAILED


def test_the_size_is_capped_while_streaming(store: Store) -> None:
    url = store.page("/large", JPEG + bytes(MAX_IMAGE_BYTES))
    assert code_of(url, store) == "LimitExceeded.TooLargeFileError"


def test_what_just_fits_is_taken(store: Store) -> None:
    assert len(download(store.page("/fits", bytes(MAX_IMAGE_BYTES)), [store.address])) == MAX_IMAGE_BYTES


def dripping(head: bytes, drop: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        while True:
            handler.wfile.write(drop)
            handler.wfile.flush()
            time.sleep(0.1)

    return answer


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"\xff"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"", b"H"),
    ],
    ids=["body", "head", "status line"],
)
def test_a_dripping_server_is_left_in_time(store: Store, head: bytes, drop: bytes) -> None:
    store.pages["/drip"] = dripping(head, drop)
    assert code_of(f"http://{store.address}/drip", store, seconds=0.5) == FAILED


def test_a_silent_server_is_left_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(Refused, match="could not be downloaded"):
            download(f"http://{address}/", [address], seconds=0.5)
        assert time.monotonic() - started < 1.5


def test_an_untrusted_certificate_is_refused(tls_server: str) -> None:
    with pytest.raises(Refused, match="could not be downloaded"):
        download(f"https://{tls_server}/", [tls_server])


@pytest.mark.parametrize(
    "url",
    ["", "card.jpg", "ftp://a/b", "file:///etc/passwd", "http://", "http:///a", "http://u:p@a/", "http://a:99999/",
     "http://a\\@b/", "http://a b/", "http://a/\r\nHost: b", "http://[::1",
     "http://줄/", "http://[fe80::1%25lo]/", "HTTP:/a"],
)  # fmt: skip
def test_what_is_no_plain_url_is_refused_as_a_value(url: str) -> None:
    assert code_of(url) == "InvalidParameterValue.InvalidParameterValueLimit"


@given(st.text() | st.text().map(lambda rest: f"http://{rest}"))
def test_no_text_whatever_makes_the_parser_raise(text: str) -> None:
    target = parse(text)
    assert target is None or (target.host and 0 < target.port < 65536)


def test_an_image_url_wins_over_base64(ask: Callable[..., Any], store: Store, card: bytes) -> None:
    url = store.page("/url.gif", b"GIF89a")
    assert ask(ImageUrl=url, ImageBase64="/9j/AAAA")["Error"]["Code"] == "FailedOperation.ImageDecodeFailed"
    assert (
        json.dumps(ask(ImageUrl=store.page("/card", card)), ensure_ascii=False).count("801017-1987702") == 1
    )
