"""The reader as a process: how it starts, tells its address, and stops."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ocr_integration.contract import Action, OcrError
from ocr_integration.gateway import read_card
from tests.wire.conftest import WIDE, reader_at
from tests.wire.servers import ROOT, ReaderProcess
from tests.wire.signing import Request


def start(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "ocr_integration.server", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)


def test_without_keys_it_starts_answers_its_health_and_refuses_all(tmp_path: Path) -> None:
    reader = ReaderProcess(tmp_path)
    with urllib.request.urlopen(f"http://{reader.address}/healthz") as answer:
        assert (answer.status, answer.read()) == (200, b"ok")
    assert Request(reader.address, "AKID", "secret").code() == "AuthFailure.SecretIdNotFound"
    assert "no key pair is configured" in reader.log.read_text()
    started = time.monotonic()
    assert reader.stop(signal.SIGTERM) == 0
    assert time.monotonic() - started < 2
    assert not reader.port_file.exists()


def test_a_pair_from_the_environment_is_served_and_an_idle_client_does_not_hold_up_the_stop(
    tmp_path: Path,
) -> None:
    reader = ReaderProcess(tmp_path, OCR_SERVER_SECRET_ID="AKIDENV", OCR_SERVER_SECRET_KEY="envsecret")
    assert Request(reader.address, "AKIDENV", "envsecret").code() == "MissingParameter"
    host, _, port = reader.address.partition(":")
    with socket.create_connection((host, int(port))):
        started = time.monotonic()
        assert reader.stop(signal.SIGINT) == 0
        assert time.monotonic() - started < 2


def test_it_stops_at_a_sigint_that_its_parent_ignored(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        reader = ReaderProcess(tmp_path)
    finally:
        signal.signal(signal.SIGINT, before)
    assert reader.stop(signal.SIGINT) == 0


def test_its_log_holds_one_line_a_request_and_nothing_of_it(tmp_path: Path) -> None:
    reader = ReaderProcess(tmp_path, OCR_SERVER_SECRET_ID="AKIDENV", OCR_SERVER_SECRET_KEY="envsecret")
    body = json.dumps({"ImageBase64": "R0lGODlh", "ImageUrl": ""}).encode()
    response = Request(reader.address, "AKIDENV", "envsecret", body=body).send()
    reader.stop()
    lines = [line for line in reader.log.read_text().splitlines() if response["RequestId"] in line]
    assert len(lines) == 1
    assert "code=FailedOperation.ImageDecodeFailed ms=" in lines[0]
    assert not {"R0lG", "AKIDENV", "envsecret"} & set(reader.log.read_text().replace("=", " ").split())


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = start("--port", port, folder=tmp_path)
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"a": 5}', '{"a": ""}', '{"a": {"SecretKey": "s", "RequestsPerSecond": 0}}', '{"a": null}'],
)
def test_a_bad_file_of_keys_is_named_without_its_keys(tmp_path: Path, text: str) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(text)
    done = start("--port", "0", "--keys", str(keys), folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") <= 1
    assert str(keys) in done.stderr


def test_it_stops_in_time_in_the_middle_of_a_card_and_the_gateway_says_try_again(
    tmp_path: Path, card: bytes
) -> None:
    reader = ReaderProcess(
        tmp_path, OCR_SERVER_SECRET_ID=WIDE[0], OCR_SERVER_SECRET_KEY=WIDE[1], OCR_SERVER_THREADS="1"
    )
    at = reader_at(reader.address, local=True)

    def read(_: int) -> Action | None:
        try:
            read_card(card, reader=at)
        except OcrError as error:
            return error.action
        return None

    with ThreadPoolExecutor(6) as pool:
        outcomes = pool.map(read, range(6))
        time.sleep(0.5)
        started = time.monotonic()
        assert reader.stop() == 0
        assert time.monotonic() - started < 2
        assert Action.RETRY in (told := set(outcomes))
    assert told <= {Action.RETRY, None}


def test_the_reader_reports_to_nobody() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import ocr_integration.engine, os; print(os.environ['ORT_DISABLE_TELEMETRY'])",
        ],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "1"
