"""CONTRIBUTING's way to a new document, walked: a youth card (청소년증) is added in the named places alone."""

import random
import re

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from kyc import wording
from kyc.domain import cards, facts, findings
from kyc.domain.cards import CardType
from kyc.domain.facts import Field, RawFields
from ocr_integration.engine import kinds
from ocr_integration.engine.kinds import Kind
from ocr_integration.engine.reader import CardEngine
from tests.documents.conftest import ROOT
from tests.specimens import paper, people, portrait
from tests.specimens.card import write
from tests.specimens.paper import Picture

FACE = "truetype/nanum/NanumSquareB.ttf"
INK = (32, 30, 30)
# What is patched below, and the file in which a contributor writes it.
PLACES = {
    "kinds.KINDS": "ocr_integration/engine/kinds.py",
    "cards.TYPES": "kyc/domain/cards.py",
    "wording.CARDS": "kyc/wording.py",
    "the specimen": "tests/specimens",
}


@pytest.fixture
def youth_card(monkeypatch: pytest.MonkeyPatch) -> CardType:
    card = CardType("youth", fields=tuple(field for field in Field if field is not Field.ADDRESS))
    monkeypatch.setattr(kinds, "KINDS", (*kinds.KINDS, Kind("youth", "청소년증", address=False)))
    monkeypatch.setattr(cards, "TYPES", {**cards.TYPES, card.code: card})
    monkeypatch.setattr(wording, "CARDS", {**wording.CARDS, card.code: "youth card"})
    return card


def drawn(seed: int) -> tuple[Picture, people.Holder]:
    """An invented card: title, name above the number, no address, the date of issue."""
    rng = random.Random(seed)
    holder = people.invent(rng, people.Wishes(people.Generation.PLASTIC, hanja=people.Hanja.NONE))
    sheet = paper.ground(rng)
    head = portrait.draw(rng, holder.female, 17)
    sheet[120:430, 716:964] = cv2.resize(head, (248, 310), interpolation=cv2.INTER_AREA)
    image = Image.fromarray(sheet)
    pen = ImageDraw.Draw(image)
    write(pen, (60, 40), "청소년증", FACE, 60, INK)
    write(pen, (70, 170), holder.hangul, FACE, 48, INK)
    write(pen, (70, 250), holder.rrn, FACE, 44, INK)
    write(pen, (330, 500), f"{holder.issued:%Y.%m.%d.}", FACE, 34, INK)
    write(pen, (300, 556), "서울특별시 종로구청장", FACE, 36, INK)
    return np.asarray(image).copy(), holder


def test_a_new_document_is_read_and_judged_after_four_entries(youth_card: CardType) -> None:
    picture, holder = drawn(3)
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
    read = CardEngine().read(data.tobytes(), photo=False)
    said = read.wire()
    assert (read.kind, said["ID"], said["Name"], said["Address"]) == ("youth", holder.rrn, holder.hangul, "")
    raw = RawFields(
        name=said["Name"],
        rrn=said["ID"],
        sex=said["Sex"],
        birthday=said["Birthday"],
        issued=said["DateOfIssue"],
    )
    card = cards.of(read.kind)
    assert card is youth_card
    told = facts.parse_facts(raw, latin=card.latin_names)
    assert "address.missing" not in {one.code for one in findings.find(raw, told, holder.issued, card=card)}
    assert str(told.name) == holder.hangul


def test_contributing_names_just_these_places() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    section = text.partition("## Add a document type")[2].partition("\n## ")[0]
    steps = re.findall(r"^\d\. \*\*[^*]+\*\*,? [^`]*`([\w/.]+)`", section, re.MULTILINE)
    assert steps[: len(PLACES)] == list(PLACES.values())
