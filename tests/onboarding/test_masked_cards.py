"""Without a statute only cards are taken whose last seven digits are masked in the browser (PIPA 24-2)."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from django.test import Client
from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from kyc.domain.actors import SYSTEM
from kyc.domain.facts import Field
from kyc.domain.lifecycle import IllegalMove, State
from kyc.models import AuditEntry, Case, Document, FieldValue, Reading
from kyc.services import custody, egress, intake, recognition, refusals, review, subject
from kyc.vault import storage
from kyc.vault.keys import Refused
from tests.officers import factories
from tests.onboarding import way

DIGITS = (0.27, 0.36, 0.53, 0.46)  # of a clean card: the last seven digits, left, top, right, bottom


@pytest.fixture(scope="module")
def reader() -> Iterator[None]:
    """The local reader answers."""
    with recognition.running():
        yield


@pytest.fixture(autouse=True)
def _without_a_statute(settings: LazySettings) -> None:
    settings.LEGAL_BASIS = settings.NO_BASIS


def covered(card: bytes) -> bytes:
    """As a customer would cover it: a black bar over the last seven digits."""
    with Image.open(io.BytesIO(card)) as image:
        image = image.convert("RGB")
        left, top, right, bottom = DIGITS
        box = (left * image.width, top * image.height, right * image.width, bottom * image.height)
        ImageDraw.Draw(image).rectangle(box, fill="black")
        out = io.BytesIO()
        image.save(out, "JPEG", quality=92)
    return out.getvalue()


def _files() -> set[Path]:
    return set(Path(storage.pictures().path("")).rglob("*.sealed"))


@pytest.mark.django_db
def test_a_number_that_can_be_read_destroys_the_picture_and_says_what_to_do(
    reader: None, browser: Client, card: bytes, django_capture_on_commit_callbacks: Any
) -> None:
    before = _files()
    document = way.sent(browser, card)
    assert len(_files() - before) == 1
    with django_capture_on_commit_callbacks(execute=True):
        recognition.read(document_id=document.pk)
    case = Case.objects.get()
    assert case.status is State.RETAKE
    assert _files() == before, "the picture is gone from the store"
    assert not FieldValue.objects.exists()
    reading = Reading.objects.get()
    assert (reading.error_code, reading.sealed_answer, reading.sealed_photo) == (
        "Sinwon.NumberNotMasked",
        None,
        None,
    )
    assert AuditEntry.objects.filter(action="document.destroyed").count() == 1
    with pytest.raises(Refused):
        custody.open_picture(Document.objects.get())
    told = subject.export(case=case, account=None, by=SYSTEM, reason="request 1", address=None)
    assert zipfile.ZipFile(io.BytesIO(told)).namelist() == ["data.json"]
    page = browser.get("/picture/")
    assert "your picture was destroyed" in way.words(page)
    assert "Let a person look" not in way.words(page)
    browser.post("/insist/")
    with pytest.raises(IllegalMove):
        intake.insist(case=Case.objects.get())
    assert Case.objects.get().status is State.RETAKE


@pytest.mark.django_db
def test_a_masked_card_goes_to_an_officer_who_needs_no_number_and_can_type_none(
    reader: None, browser: Client, card: bytes
) -> None:
    document = way.sent(browser, covered(card))
    recognition.read(document_id=document.pk)
    case = Case.objects.get()
    assert case.status is State.IN_REVIEW
    assert custody.open_picture(Document.objects.get())[:3] == b"\xff\xd8\xff"
    officer = way.held(case)
    with pytest.raises(refusals.NumberBarred):
        review.correct(case=case, field=Field.RRN, text="640419-2976160", by=officer)
    typed = {Field.NAME: "안장만", Field.BIRTHDAY: "1964-04-19", Field.ISSUED: "2009-03-11"}
    page = factories.browser(officer)
    shown = page.get(f"/admin/kyc/case/{case.pk}/change/").content.decode()
    assert 'name="value_name"' in shown
    assert 'name="value_rrn"' not in shown
    assert 'name="value_sex"' not in shown
    told = {
        f"value_{field}": text for field, text in (typed | {Field.ADDRESS: way.READ[Field.ADDRESS]}).items()
    }
    work = f"/admin/kyc/case/{case.pk}/work/"
    refused = page.post(work, {"do": "save", "value_rrn": "640419-2976160"})
    assert refused.status_code == 422
    assert "Not saved" in refused.content.decode()
    factories.identified(case)  # by another way beside the card
    assert page.post(work, told | {"do": "approve"}).status_code == 302
    assert Case.objects.get().status is State.APPROVED
    assert not FieldValue.objects.filter(field="rrn").exists()


@pytest.mark.django_db
def test_a_picture_that_no_reader_could_judge_is_destroyed_and_seen_by_nobody(
    browser: Client, card: bytes, django_capture_on_commit_callbacks: Any
) -> None:
    before = _files()
    document = way.sent(browser, card)
    with django_capture_on_commit_callbacks(execute=True):
        way.is_unreadable(document, "too_blurred")
    assert Case.objects.get().status is State.RETAKE
    assert _files() == before


@pytest.mark.django_db
def test_no_picture_goes_abroad_before_it_is_known_to_be_masked(settings: LazySettings) -> None:
    settings.OCR_READERS = ["local", "tencent"]
    case = intake.open_case()
    case.consents.create(code=egress.TRANSFER_ABROAD, version="1", sha256="", locale="ko", granted=True)
    assert egress.readers_for(case) == ["local"]


@pytest.mark.django_db
def test_the_notice_says_that_the_number_is_not_taken(browser: Client) -> None:
    way.begin(browser)
    assert "we do not take it" in way.words(browser.get("/notices/"))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1280])
def test_the_browser_covers_the_digits_before_the_picture_leaves_it(
    live_server: Any, cards: Path, width: int
) -> None:
    """The bar stands on the digits at first, moves by keys and buttons, and is burnt into what is sent."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = chromium.new_context(locale="en-US", viewport={"width": width, "height": 844}).new_page()
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
        page.goto(live_server.url)
        page.click("form[action='/begin/'] button")
        page.click("form[action='/notices/'] button")
        page.click("button[value=keep]")
        page.wait_for_url("**/picture/")
        page.set_input_files("#by-file", str(cards / "clean-001.jpg"))
        page.wait_for_selector("#masked:visible")
        before = page.evaluate("document.getElementById('masked').toDataURL().length")
        page.focus("#masked")
        page.keyboard.press("ArrowRight")
        page.click("[data-move=left]")
        page.click("[data-move=larger]")
        assert page.evaluate("document.getElementById('masked').toDataURL().length") != before
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        barriers = [fault["id"] for fault in Axe().run(page).response["violations"]]
        page.click("#send")
        page.wait_for_url("**/status/")
        chromium.close()
    assert broken == barriers == []
    sent = custody.open_picture(Document.objects.get())
    with Image.open(io.BytesIO(sent)) as image:
        grey = image.convert("L")
        left, top, right, bottom = DIGITS
        inside = grey.crop(
            (
                int((left + 0.03) * grey.width),
                int((top + 0.02) * grey.height),
                int((right - 0.03) * grey.width),
                int((bottom - 0.02) * grey.height),
            )
        )
        assert inside.getextrema()[1] < 40, "black, edge to edge"
