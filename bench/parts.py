"""The processes beside the one that measures: readers, the real Celery worker, the real web; and the bare SDK."""

import base64
import contextlib
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

from bench import scratch
from ocr_integration.contract import ACTION, REGION, SERVICE, VERSION
from tests.stack import free_port
from tests.wire.servers import ReaderProcess


class Bare:
    """What a caller without this product would write: one SDK client, one `call_json` a picture."""

    def __init__(self, address: str) -> None:
        secret = next(iter(json.loads(settings.OCR_LOCAL_KEYS.read_text()).items()))
        http = HttpProfile(protocol="http", endpoint=address, keepAlive=True)
        profile = ClientProfile(httpProfile=http)
        self._sdk = CommonClient(SERVICE, VERSION, Credential(*secret), REGION, profile)

    def call(self, picture: bytes, *, details: bool = False) -> dict[str, object]:
        parameters: dict[str, object] = {
            "ImageBase64": base64.b64encode(picture).decode(),
            "ReturnHeadImage": True,
        }
        if details:
            parameters["ReturnSinwon"] = True
        answer: dict[str, object] = self._sdk.call_json(ACTION, parameters)
        return answer


@contextlib.contextmanager
def reader() -> Iterator[ReaderProcess]:
    """The product's own reader, with its models."""
    folder = scratch.FOLDER / "reader"
    folder.mkdir(exist_ok=True)
    process = ReaderProcess(folder, "--keys", str(settings.OCR_LOCAL_KEYS))
    try:
        yield process
    finally:
        process.stop()


@contextlib.contextmanager
def instant(answer: dict[str, object]) -> Iterator[str]:
    """The address of a reader that gives this answer at once."""
    file = scratch.FOLDER / "answer.json"
    file.write_text(json.dumps(answer))
    with _running("bench.instant", str(file), stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield process.stdout.readline().decode().strip()


@contextlib.contextmanager
def worker() -> Iterator[int]:
    """The process id of a Celery worker with one child, started as the supervisor starts it."""
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    with _running("celery", "-A", "config", "worker", "-c", "1", "-l", "ERROR", *quiet) as process:
        yield process.pid


@contextlib.contextmanager
def web() -> Iterator[tuple[int, str]]:
    """The process id of gunicorn with one worker of eight threads, and its address."""
    address = f"127.0.0.1:{free_port()}"
    options = ("--bind", address, "--workers", "1", "--threads", "8", "--log-level", "warning")
    with _running("gunicorn", "config.wsgi", *options, "--no-control-socket") as process:
        until = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"http://{address}/healthz", timeout=2).close()
                break
            except OSError:
                assert time.monotonic() < until, "the web did not start in time"
                time.sleep(0.1)
        yield process.pid, f"http://{address}"


@contextlib.contextmanager
def _running(module: str, *arguments: str, stdout: int | None = None) -> "Iterator[subprocess.Popen[bytes]]":
    log = Path(scratch.FOLDER / f"{module}.log").open("ab")  # noqa: SIM115 - as long as the process
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=scratch.ROOT, stdout=stdout or log, stderr=log
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()
