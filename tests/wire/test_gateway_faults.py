"""Whatever network or server do, the gateway ends in the right action within its time."""

import json
import logging
import os
import socket
import threading
import time
from pathlib import Path

import pytest

from ocr_integration.contract import ERRORS, Action, OcrError
from ocr_integration.gateway import Reader, read_card
from tests.wire import faults as fault
from tests.wire.conftest import WIDE, reader_at
from tests.wire.faults import EXAMPLE, FaultServer, Script

PICTURE = b"\xff\xd8\xff" + bytes(range(256)) * 40
SECONDS = 1.5
"""The whole deadline in these tests; a read time-out is 1 s."""


def outcome(reader: Reader) -> OcrError:
    started = time.monotonic()
    with pytest.raises(OcrError) as caught:
        read_card(PICTURE, reader=reader)
    assert time.monotonic() - started < SECONDS + 1
    text = f"{caught.value} {caught.value.__cause__} {caught.value.args}"
    assert "820701" not in text
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


def at(server: FaultServer) -> Reader:
    return reader_at(server.address, deadline=SECONDS, read_timeout=1)


SCRIPTS: list[tuple[str, Script, str, Action]] = [
    ("reset", fault.reset, "ClientNetworkError", Action.RETRY),
    ("hang up", fault.hang_up, "ClientNetworkError", Action.RETRY),
    ("garbage", fault.garbage, "ClientNetworkError", Action.RETRY),
    ("header stall", fault.silence, "ClientNetworkError", Action.RETRY),
    ("body stall", fault.stall_in_body, "Gateway.IncompleteAnswer", Action.RETRY),
    ("dripping head", fault.drip_head, "Gateway.DeadlineExceeded", Action.RETRY),
    ("dripping body", fault.drip_body, "Gateway.DeadlineExceeded", Action.RETRY),
    ("truncated", fault.truncated, "Gateway.IncompleteAnswer", Action.RETRY),
    ("truncated chunks", fault.truncated_chunks, "Gateway.IncompleteAnswer", Action.RETRY),
    ("not JSON", fault.body(b"not json at all"), "Gateway.MalformedAnswer", Action.RETRY),
    ("empty", fault.body(b""), "Gateway.MalformedAnswer", Action.RETRY),
    ("HTML with 200", fault.body(b"<html>", kind="text/html"), "Gateway.MalformedAnswer", Action.RETRY),
    (
        "HTML with 502",
        fault.body(b"<html>", "502 Bad Gateway", "text/html"),
        "ServerNetworkError",
        Action.RETRY,
    ),
    ("503", fault.body(b"{}", "503 Unavailable"), "ServerNetworkError", Action.RETRY),
    ("429", fault.body(b"{}", "429 Too Many"), "ServerNetworkError", Action.RETRY),
    ("404", fault.body(b"{}", "404 Not Found"), "ServerNetworkError.Refused", Action.HALT),
    ("no Response", fault.body(b'{"foo":1}'), "Gateway.MalformedAnswer", Action.RETRY),
    ("a list", fault.body(b"[]"), "Gateway.MalformedAnswer", Action.RETRY),
    ("Response null", fault.body(b'{"Response":null}'), "Gateway.MalformedAnswer", Action.RETRY),
    ("Error a text", fault.body(b'{"Response":{"Error":"x"}}'), "Gateway.MalformedAnswer", Action.RETRY),
    ("deep", fault.body(b'{"Response":' + b"[" * 100_000), "Gateway.MalformedAnswer", Action.RETRY),
    (
        "no RequestId",
        fault.answer({"Error": {"Code": "InternalError"}}),
        "Gateway.MalformedAnswer",
        Action.RETRY,
    ),
    ("11 MB", fault.answer({"Photo": "A" * 11_000_000}), "ResponseSizeLimitExceeded", Action.DEFECT),
]


@pytest.mark.parametrize(("script", "code", "action"), [s[1:] for s in SCRIPTS], ids=[s[0] for s in SCRIPTS])
def test_each_fault_ends_in_its_action_within_its_time(
    faults: FaultServer, script: Script, code: str, action: Action
) -> None:
    faults.script = script
    error = outcome(at(faults))
    assert (error.code, error.action) == (code, action)


@pytest.mark.parametrize("code", [*ERRORS, "FailedOperation.Unheard", "Unheard"])
def test_each_code_stated_by_a_server_ends_in_its_action(faults: FaultServer, code: str) -> None:
    faults.script = fault.error(code)
    error = outcome(at(faults))
    assert error.code == code
    assert error.request_id == EXAMPLE["RequestId"]


def test_an_error_is_seen_although_the_sdk_skips_it_for_a_charset(faults: FaultServer) -> None:
    faults.script = fault.error("FailedOperation.OcrFailed", kind="application/json; charset=utf-8")
    assert outcome(at(faults)).action is Action.RETAKE


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    error = outcome(reader_at(address, deadline=SECONDS))
    assert (error.code, error.action) == ("ClientNetworkError.Unreachable", Action.RETRY)


def test_a_name_that_does_not_resolve() -> None:
    error = outcome(reader_at("nowhere.invalid", deadline=SECONDS))
    assert error.action is Action.RETRY


def test_a_connection_that_is_never_accepted_ends_in_the_connect_time() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        error = outcome(reader_at(f"127.0.0.1:{full.getsockname()[1]}", deadline=5))
        assert error.code == "ClientNetworkError.Unreachable"
        for one in waiting:
            one.close()


def test_a_certificate_that_is_not_trusted_halts(tls_server: str) -> None:
    reader = Reader("tencent", tls_server, "https", "ap-singapore", *WIDE, local=False, deadline=SECONDS)
    error = outcome(reader)
    assert (error.code, error.action) == ("ClientNetworkError.Certificate", Action.HALT)


def test_a_redirect_is_refused_and_the_picture_goes_nowhere_else(faults: FaultServer) -> None:
    other = FaultServer()
    faults.script = fault.redirect_to(f"http://{other.address}/")
    error = outcome(at(faults))
    assert (error.code, error.action) == ("ServerNetworkError.Refused", Action.HALT)
    assert not other.requests
    other.close()


def test_seven_megabytes_are_an_answer_like_any_other(faults: FaultServer) -> None:
    faults.script = fault.answer(EXAMPLE | {"Photo": "/9j/" + "A" * (7 * 2**20 - 4)})
    reading = read_card(PICTURE, reader=reader_at(faults.address))
    assert reading.rrn == "820701-2345678"
    assert len(reading.photo) == 7 * 2**20 // 4 * 3
    assert len(reading.raw) < 1000


def test_no_thread_is_left_behind_at_a_dripping_server(faults: FaultServer) -> None:
    faults.script = fault.drip_body
    for _ in range(3):
        with pytest.raises(OcrError, match="DeadlineExceeded"):
            read_card(PICTURE, reader=reader_at(faults.address, deadline=0.3))
        time.sleep(0.1)
    assert sum(thread.name == "deadline" for thread in threading.enumerate()) <= 2


def test_what_goes_out_is_the_picture_alone(faults: FaultServer) -> None:
    read_card(PICTURE, reader=at(faults))
    read_card(PICTURE, reader=reader_at(faults.address, local=True), photo=False)
    first, second = (json.loads(request.partition(b"\r\n\r\n")[2]) for request in faults.requests)
    assert set(first) == {"ImageBase64", "ReturnHeadImage"}
    assert set(second) == {"ImageBase64", "ReturnHeadImage", "ReturnSinwon"}
    assert (first["ReturnHeadImage"], second["ReturnHeadImage"]) == (True, False)


def test_neither_proxies_nor_netrc_reroute_a_local_call(
    faults: FaultServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    proxy = FaultServer()
    netrc = tmp_path / "netrc"
    netrc.write_text("default login other password word\n")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://{proxy.address}")
    monkeypatch.setenv("NETRC", str(netrc))
    reader = Reader("local", faults.address, "http", "ap-singapore", *WIDE, local=True)
    assert read_card(PICTURE, reader=reader).rrn == "820701-2345678"
    assert not proxy.requests
    assert b"Authorization: TC3-HMAC-SHA256" in faults.requests[0]
    proxy.close()


def test_the_vendor_is_called_through_the_deployments_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = FaultServer()
    proxy.script = fault.body(b"", "502 Bad Gateway")
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    reader = Reader(
        "tencent", "ocr.tencentcloudapi.com", "https", "ap-singapore", *WIDE, local=False, deadline=SECONDS
    )
    assert outcome(reader).action is Action.RETRY
    assert proxy.requests[0].startswith(b"CONNECT ocr.tencentcloudapi.com:443 ")
    assert b"ImageBase64" not in proxy.requests[0]
    proxy.close()


def test_the_sdk_logs_nothing_of_a_card_even_when_told_to(
    faults: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("tencentcloud_sdk_common").setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        read_card(PICTURE, reader=at(faults))
    assert "820701" not in caplog.text
    assert "ImageBase64" not in caplog.text


def test_a_picture_beyond_the_limit_is_not_sent(faults: FaultServer) -> None:
    with pytest.raises(OcrError) as caught:
        read_card(bytes(7 * 2**20 // 4 * 3 + 1), reader=at(faults))
    assert (caught.value.code, caught.value.action) == ("LimitExceeded.TooLargeFileError", Action.DEFECT)
    assert not faults.requests


@pytest.mark.parametrize("secret", ["", " ", "with space", "줄", "line\n"])
def test_credentials_that_cannot_be_any_halt_without_a_call(faults: FaultServer, secret: str) -> None:
    reader = Reader("tencent", faults.address, "http", "ap-singapore", "AKID", secret, local=False)
    error = outcome(reader)
    assert (error.code, error.action) == ("Gateway.InvalidCredentials", Action.HALT)
    assert not faults.requests


@pytest.mark.parametrize("endpoint", ["", "http://host", "host/path", "user@host", "a b", "host:port"])
def test_an_endpoint_that_cannot_be_one_is_refused_at_once(endpoint: str) -> None:
    with pytest.raises(ValueError, match="endpoint"):
        Reader("tencent", endpoint, "https", "ap-singapore", *WIDE, local=False)


def test_a_reader_does_not_show_its_secret() -> None:
    assert WIDE[1] not in repr(reader_at("127.0.0.1:1"))


def test_a_connection_is_used_again_but_never_across_a_fork() -> None:
    server = FaultServer(keep_alive=True)
    reader = at(server)
    for _ in range(3):
        read_card(PICTURE, reader=reader)
    assert server.connections == 1
    child = os.fork()
    if child == 0:
        try:
            read_card(PICTURE, reader=reader)
        except BaseException:
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    read_card(PICTURE, reader=reader)
    assert (len(server.requests), server.connections) == (5, 2)
    server.close()
