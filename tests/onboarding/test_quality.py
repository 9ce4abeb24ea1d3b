"""Whether a picture will do is said at once, in words; after two warnings the customer may insist. The real reader."""

import hashlib
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.conf import LazySettings
from django.test import Client

from kyc.domain.lifecycle import IllegalMove, State
from kyc.domain.sources import Source
from kyc.models import AuditEntry, Case, Document, Upload, UploadPart
from kyc.services import intake, recognition, uploads
from tests import specimens
from tests.onboarding import way
from tests.services.conftest import reader

__all__ = ["reader"]


pytestmark = pytest.mark.usefixtures("reader")


@pytest.fixture(autouse=True)
def _patient(settings: LazySettings) -> None:
    """A machine that does much else besides must not decide what these tests see."""
    settings.GLANCE_SECONDS = 30.0


def _jpeg(picture: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()


def _photo(seed: int = 11, **shot: object) -> bytes:
    return _jpeg(specimens.draw(seed, "photo", watermark=True, **shot).picture)


@pytest.fixture(scope="module")
def dark() -> bytes:
    return _photo(exposure=0.18)


@pytest.fixture(scope="module")
def bad() -> dict[str, tuple[bytes, str]]:
    table = np.random.default_rng(1).normal(128, 6, (960, 1280, 3)).clip(0, 255).astype(np.uint8)
    return {
        "dark": (_photo(exposure=0.18), "Find more light"),
        "blurred": (_photo(defocus=6.0), "Hold the phone still"),
        "glare": (_photo(glare=1.0), "Tilt it away"),
        "no card": (_jpeg(table), "Lay your card on a dark, plain table"),
    }


@pytest.mark.parametrize("name", ["dark", "blurred", "glare", "no card"])
def test_what_to_change_is_said_at_once(
    browser: Client, bad: dict[str, tuple[bytes, str]], name: str
) -> None:
    data, sentence = bad[name]
    way.to_picture(browser)
    assert way.send(browser, data).headers["Location"] == "/picture/"
    assert sentence in way.words(browser.get("/picture/"))
    assert not Document.objects.exists()
    assert way.send_parts(browser, data).json() == {"next": "/picture/"}


@pytest.mark.parametrize("kind", ["clean", "photo", "hard"])
def test_pictures_that_can_be_read_are_not_held_up(browser: Client, cards: Path, kind: str) -> None:
    for number in range(3):
        case = uploads.intake.open_case()
        data = (cards / f"{kind}-00{number}.jpg").read_bytes()
        outcome = uploads.take(case=case, data=data, source=uploads.Source.FILE)
        assert outcome.document is not None, outcome.faults
        assert outcome.document.quality["card_width"] > 400


def test_the_verdict_comes_within_a_second(cards: Path) -> None:
    """From the picture as it arrived: written anew in its child process, sent to the reader, measured."""
    data = (cards / "photo-001.jpg").read_bytes()
    taken = []
    for _ in range(5):
        started = time.monotonic()
        picture = intake.clean(data)
        assert recognition.glance(picture) is not None
        taken.append(time.monotonic() - started)
    assert min(taken) < 1.0


def test_after_two_warnings_the_customer_may_insist_and_an_officer_decides(
    browser: Client, bad: dict[str, tuple[bytes, str]]
) -> None:
    way.to_picture(browser)
    way.send(browser, bad["dark"][0])
    assert "Send my last picture all the same" not in way.words(browser.get("/picture/"))
    assert browser.post("/picture/insist/").headers["Location"] == "/status/"
    assert not Document.objects.exists()
    way.send(browser, bad["no card"][0])
    assert "Send my last picture all the same" in way.words(browser.get("/picture/"))
    browser.post("/picture/insist/")
    document = Document.objects.get()
    assert document.insisted
    assert not UploadPart.objects.exists()
    case = way.is_unreadable(document, "no_card")
    assert case.status is State.IN_REVIEW
    assert AuditEntry.objects.filter(action="picture.warned").count() == 2


def test_a_better_picture_after_a_warning_goes_its_usual_way(
    browser: Client, card: bytes, dark: bytes
) -> None:
    way.to_picture(browser)
    way.send(browser, dark)
    assert way.send(browser, card).headers["Location"] == "/status/"
    assert not Document.objects.get().insisted
    assert not UploadPart.objects.exists()
    assert Case.objects.get().status is State.QUEUED


def test_the_same_picture_sent_again_is_a_second_warning(browser: Client, dark: bytes) -> None:
    """Nobody is trapped with the only picture that they can take."""
    way.to_picture(browser)
    for _ in range(2):
        way.send(browser, dark)
    assert Upload.objects.get().warned == 2
    browser.post("/picture/insist/")
    assert Document.objects.get().insisted


def test_who_insists_on_a_picture_never_submits_another_that_came_meanwhile(
    browser: Client, bad: dict[str, tuple[bytes, str]]
) -> None:
    """Two devices may work on one case: the fields are shown where the picture came from."""
    case = way.to_picture(browser)
    mine = uploads.take(case=case, data=bad["dark"][0], source=Source.FILE).held
    theirs = uploads.take(case=case, data=bad["no card"][0], source=Source.FILE).held
    assert mine is not None
    assert theirs is not None
    with pytest.raises(IllegalMove):
        uploads.insist(case=case, held_id=mine)
    assert not Document.objects.exists()
    document = uploads.insist(case=case, held_id=theirs)
    assert bytes(document.sha256) == hashlib.sha256(bad["no card"][0]).digest()


def test_pictures_sent_in_turn_by_script_and_by_form_are_all_held_whole(
    browser: Client, bad: dict[str, tuple[bytes, str]]
) -> None:
    """Whatever broke off or made room for another before, what is held can be insisted on."""
    case = way.to_picture(browser)
    dark, blurred = bad["dark"][0], bad["blurred"][0]
    way.send_parts(browser, dark, stop=100)
    way.send(browser, dark)
    way.send_parts(browser, blurred)
    assert way.send_parts(browser, dark).json() == {"next": "/picture/"}
    assert "Find more light" in way.words(browser.get("/picture/"))
    held = case.uploads.order_by("-at").first()
    assert held is not None
    assert held.warned == 2
    browser.post("/picture/insist/")
    assert bytes(Document.objects.get().sha256) == hashlib.sha256(dark).digest()


def test_a_card_that_must_be_masked_is_never_held_in_waiting(
    browser: Client, dark: bytes, settings: LazySettings
) -> None:
    settings.LEGAL_BASIS = settings.NO_BASIS
    way.to_picture(browser)
    assert way.send(browser, dark).headers["Location"] == "/status/"
    assert not UploadPart.objects.exists()
