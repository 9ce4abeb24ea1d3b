"""The local reader for a bare `manage.py`: used where it answers, started for the while where it does not."""

import http.client
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from kyc.services.recognition.readers import LOCAL, local_endpoint, started_here

logger = logging.getLogger(__name__)

START_SECONDS = 60


class ReaderDidNotStart(Exception):
    """The local reader could not be started; its own words are in its log."""


@contextmanager
def running() -> Iterator[None]:
    """Inside, the local reader answers (where it is configured at all). Raises ReaderDidNotStart."""
    if LOCAL not in settings.OCR_READERS or answers(local_endpoint()):
        yield
        return
    file = Path(settings.VAR) / f"reader-of-command-{os.getpid()}.addr"
    command = [sys.executable, "-m", "ocr_integration.server", "--port", "0"]
    command += ["--port-file", str(file), "--keys", str(settings.OCR_LOCAL_KEYS)]
    with _log_file().open("ab") as log:
        process = subprocess.Popen(  # noqa: S603
            command, cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    started_here.append(file)
    try:
        _wait(process)
        yield
    finally:
        started_here.remove(file)
        process.terminate()
        process.wait()
        file.unlink(missing_ok=True)


def _wait(process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        if answers(local_endpoint()):
            return
        time.sleep(0.1)
    raise ReaderDidNotStart(f"the local reader did not start: see {_log_file()}")


def _log_file() -> Path:
    """The reader's log, for the while that a command runs it."""
    folder = Path(settings.VAR) / "log"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / "reader-of-command.log"


def answers(endpoint: str, *, seconds: float = 2) -> bool:
    """Whether the local reader says that it is well."""
    if not endpoint:
        return False
    connection = http.client.HTTPConnection(endpoint, timeout=seconds)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
