"""A worker that is told to stop signs how far the audit chain has come."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.stack import ROOT, Stack

GROW = (
    "from kyc.models import AuditEntry; from kyc.domain.actors import SYSTEM;"
    'AuditEntry.append("test.event", by=SYSTEM)'
)
SEEN = "import json; from kyc.models import AuditEntry, Checkpoint; print(json.dumps([AuditEntry.objects.count(), "
SEEN += "[point.sequence for point in Checkpoint.objects.order_by('sequence')]]))"


@pytest.mark.stack
def test_a_worker_that_stops_leaves_no_entry_without_a_checkpoint(tmp_path: Path) -> None:
    product = Stack(tmp_path)
    product.manage("init")
    product.manage("migrate", "-v", "0")
    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "config", "worker", "-c", "1", "-l", "INFO"],
            cwd=ROOT,
            env=product.environment,
            stdout=log,
            stderr=log,
        )
    until = time.monotonic() + 60
    while b" ready." not in (tmp_path / "worker.log").read_bytes():
        assert worker.poll() is None, (tmp_path / "worker.log").read_text()[-2000:]
        assert time.monotonic() < until
        time.sleep(0.2)
    product.manage("shell", "-v", "0", "-c", GROW)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    entries, points = product.ask(SEEN)
    assert entries > 0
    assert points[-1:] == [entries], (tmp_path / "worker.log").read_text()[-2000:]
