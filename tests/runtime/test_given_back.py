"""A worker that is told to stop while the reader hangs gives the picture back: no lease left, no death counted."""

import signal
import socket
import time
from pathlib import Path

import pytest

from tests.stack import Stack
from tests.wire.faults import FaultServer

CARD = Path(__file__).parent.parent / "cards" / "clean-001.jpg"
SEND = (
    "import json; from pathlib import Path; from kyc import tasks; from kyc.services import intake;"
    f"document = intake.submit_document(case=intake.open_case(), upload=Path({str(CARD)!r}).read_bytes());"
    "tasks.enqueue(document); print(json.dumps(str(document.id)))"
)
JOB = (
    "import json; from kyc.models import ReadingJob; job = ReadingJob.objects.get();"
    "print(json.dumps([job.lease_until, job.attempts, job.deaths, job.last_error, job.settled_at]))"
)


def _hang(connection: socket.socket) -> None:
    """Takes the call and says nothing until the caller leaves."""
    connection.settimeout(60)
    connection.recv(1)


class Hanging(Stack):
    """The product before a reader that takes a call and says nothing."""

    def ready(self) -> bool:
        return "Sinwon is ready." in (self.folder / "up.log").read_text()


@pytest.mark.stack
def test_ctrl_c_gives_back_what_a_hanging_reader_holds_and_counts_no_death(tmp_path: Path) -> None:
    reader = FaultServer()
    reader.script = _hang
    product = Hanging(tmp_path, OCR_LOCAL_ENDPOINT=reader.address)
    product.start()
    try:
        product.ask(SEND)
        until = time.monotonic() + 30
        while not any(b"RecognizeKoreanIDCardOCR" in request for request in reader.requests):
            assert time.monotonic() < until, "the reader was not asked"
            time.sleep(0.1)
        product.stop(signal.SIGINT)
    finally:
        product.stop()
        reader.close()
    assert product.ask(JOB) == [None, 0, 0, "Sinwon.Stopped", None]
