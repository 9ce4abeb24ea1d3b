"""kill -9 in the middle of the work: every card reaches an officer, read once."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack import Stack

pytestmark = pytest.mark.stack

CARDS = 20
SETTLED_SECONDS = 180
COUNTS = """
import json
from kyc.models import Case, Document, Reading, FieldValue
print(json.dumps({
    "states": list(Case.objects.values_list("state", flat=True)),
    "documents": Document.objects.count(),
    "readings": Reading.objects.count(),
    "read_documents": Reading.objects.filter(error_code="").values("document").distinct().count(),
    "values": FieldValue.objects.filter(field="rrn", step="read").count(),
}))
"""


@pytest.fixture
def fresh_stack(tmp_path: Path) -> Iterator[Stack]:
    running = Stack(tmp_path, READING_LEASE_SECONDS="10", OCR_DEADLINE_SECONDS="9")
    running.start()
    yield running
    running.stop()


def test_twenty_cards_survive_the_death_of_every_part(fresh_stack: Stack, cards: Path) -> None:
    files = sorted(str(file) for kind in ("clean", "photo") for file in cards.glob(f"{kind}-*.jpg"))
    assert len(files) == CARDS
    fresh_stack.manage("submit", *files)
    killed = 0
    for word in ("ocr_integration.server", "celery", "gunicorn"):
        time.sleep(1.5)
        killed += fresh_stack.kill(word)
    assert killed >= 3
    told = _settled(fresh_stack)
    assert told["states"] == ["in_review"] * CARDS
    assert told["documents"] == told["readings"] == told["read_documents"] == told["values"] == CARDS
    assert "unbroken" in fresh_stack.manage("verify_audit")


def _settled(stack: Stack) -> dict[str, object]:
    until = time.monotonic() + SETTLED_SECONDS
    while time.monotonic() < until:
        told: dict[str, object] = stack.ask(COUNTS)
        if not {"queued", "reading"} & set(told["states"]):  # type: ignore[call-overload]
            return told
        time.sleep(1)
    raise AssertionError(f"not settled in {SETTLED_SECONDS} s: {stack.ask(COUNTS)}")
