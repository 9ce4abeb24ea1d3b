"""One account's quota over four worker processes: used in full, never exceeded."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chaos.programs import Ledger
from tests.stack import ROOT, Stack
from tests.wire.faults import FaultServer, answer, error

pytestmark = [pytest.mark.stack, pytest.mark.full]

DOCUMENTS, PER_SECOND, PROCESSES = 400, 20, 4
READING = {
    "Name": "홍길동",
    "ID": "820701-2345679",
    "Sex": "女",
    "Birthday": "01/07/1982",
    "Address": "서울특별시 종로구 은천로 93",
    "DateOfIssue": "01/01/2012",
    "Photo": "",
    "RequestId": "8b03725a-d5b3-4dfa-81b5-55214271a69a",
}
# The cards lie ready before the clock starts: reading is measured here, not intake.
SUBMIT = """
import io
from PIL import Image
from kyc.services import intake
for number in range({documents}):
    out = io.BytesIO()
    Image.new("RGB", (400, 260), (number % 256, number // 256, 90)).save(out, "PNG")
    intake.submit_document(case=intake.open_case(), upload=out.getvalue())
"""
RING = """
import time
from kyc import tasks
for _ in range(90):
    tasks.ring_stranded.delay()
    time.sleep(1)
"""
ERRORS = """
import json
from kyc.models import Reading
print(json.dumps(list(Reading.objects.exclude(error_code="").values_list("error_code", flat=True))))
"""


class CountingServer(FaultServer):
    """Answers at once, but refuses the twenty-first call within any second, as the vendor would."""

    def __init__(self) -> None:
        super().__init__(keep_alive=True)
        self.times: list[float] = []
        self.refused = 0
        self._lock = threading.Lock()
        self.script = self._count

    def _count(self, connection: socket.socket) -> None:
        with self._lock:
            now = time.monotonic()
            recent = sum(1 for at in self.times[-PER_SECOND:] if now - at < 1)
            over = recent >= PER_SECOND
            self.times.append(now)
            self.refused += over
        (error("RequestLimitExceeded") if over else answer(READING))(connection)


@pytest.fixture
def vendor() -> Iterator[CountingServer]:
    server = CountingServer()
    yield server
    server.close()


def test_four_processes_use_the_quota_and_never_exceed_it(vendor: CountingServer, tmp_path: Path) -> None:
    stack = Stack(tmp_path, OCR_LOCAL_ENDPOINT=vendor.address)
    stack.prepare()
    stack.manage("shell", "-v", "0", "-c", SUBMIT.format(documents=DOCUMENTS))
    ledger = Ledger(
        stack.environment
    )  # asks without starting a process each second, which would delay the calls
    workers = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", str(PROCESSES), "-l", "ERROR"],
        cwd=ROOT,
        env=stack.environment | {"PYTHONWARNINGS": "ignore"},
    )
    beat = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", RING], cwd=ROOT, env=stack.environment
    )
    try:
        until = time.monotonic() + 90
        while ledger.waiting():
            assert time.monotonic() < until, "not settled in time"
            time.sleep(1)
    finally:
        for process in (beat, workers):
            process.terminate()
            process.wait(30)
        ledger.stop()
    assert vendor.refused == 0
    assert stack.ask(ERRORS) == []
    assert len(vendor.times) == DOCUMENTS
    used = (DOCUMENTS - 1) / (vendor.times[-1] - vendor.times[0])
    assert used >= 0.95 * PER_SECOND, used
