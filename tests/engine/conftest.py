"""One engine for all tests of the reader, and the sample cards with their truth."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from ocr_integration.engine import CardEngine, CardRead

CARDS = Path(__file__).parents[1] / "cards"
Truth = Mapping[str, object]


@pytest.fixture(scope="session")
def engine() -> CardEngine:
    return CardEngine()


@pytest.fixture(scope="session")
def read_cards(engine: CardEngine) -> list[tuple[Truth, CardRead]]:
    """The clean and photographed sample cards, read once."""
    truths = json.loads((CARDS / "truth.json").read_text(encoding="utf-8"))
    easy = [truth for truth in truths if not truth["file"].startswith("hard")]
    return [(truth, engine.read((CARDS / truth["file"]).read_bytes(), photo=True)) for truth in easy]
