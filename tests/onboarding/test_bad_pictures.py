"""Whatever a customer sends is answered in a sentence that says what to do, and the case survives."""

import io
import struct
import zlib

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from kyc.domain.lifecycle import State
from kyc.models import Case, Document
from kyc.services import intake
from tests.onboarding import way


def _picture(kind: str, size: tuple[int, int] = (600, 400)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind)
    return out.getvalue()


def _giant() -> bytes:
    """A PNG that claims 30,000 by 30,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


BAD = {
    "text": (b"I am not a picture", "This file is not a picture."),
    "nothing": (b"", "The file is empty."),
    "gif": (_picture("GIF"), "We cannot take this kind of file."),
    "pdf": (b"%PDF-1.7 and so on", "We cannot take this kind of file."),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC format"),
    "cut off": (_picture("JPEG")[:9000], "damaged or incomplete"),
    "giant": (_giant(), "too many pixels"),
    "tiny": (_picture("PNG", (120, 90)), "too small to be read"),
    "40 MB": (b"\xff\xd8\xff" + bytes(40 * 1024 * 1024), "The picture is too large."),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_told_in_a_sentence_and_the_case_survives(
    browser: Client, card: bytes, name: str
) -> None:
    data, sentence = BAD[name]
    way.to_picture(browser)
    page = way.send(browser, data)
    assert page.status_code in (413, 422)
    assert sentence in way.words(page)
    assert not Document.objects.exists()
    assert way.send(browser, card).headers["Location"] == "/status/"
    assert Case.objects.get().status is State.QUEUED


@pytest.mark.parametrize("name", BAD)
def test_a_script_is_told_the_same_sentence(browser: Client, name: str) -> None:
    data, sentence = BAD[name]
    way.to_picture(browser)
    answer = way.send_parts(browser, data)
    assert sentence in answer.json()["error"]


def test_a_korean_customer_reads_the_sentence_in_korean(korean: Client) -> None:
    way.to_picture(korean)
    error = way.send_parts(korean, b"text").json()["error"]
    assert any("가" <= letter <= "힣" for letter in error)


def test_a_form_without_a_picture_asks_for_one(browser: Client) -> None:
    way.to_picture(browser)
    page = browser.post("/picture/", {})
    assert page.status_code == 422
    assert "No picture was chosen." in way.words(page)


def test_a_too_large_picture_is_no_forged_form() -> None:
    browser = Client(headers={"Accept-Language": "en"}, enforce_csrf_checks=True)
    page = way.Page(browser.get("/"))
    token = {"csrfmiddlewaretoken": page.inputs["csrfmiddlewaretoken"]}
    browser.post("/begin/", token | {"key": page.inputs["key"]})
    browser.post("/notices/", token)
    answer = browser.post("/picture/", token | {"picture": io.BytesIO(BAD["40 MB"][0])})
    assert answer.status_code == 413
    assert "The picture is too large." in way.words(answer)


def test_a_script_learns_where_to_go_on(browser: Client, card: bytes) -> None:
    way.to_picture(browser)
    assert way.send_parts(browser, card).json() == {"next": "/status/"}


def test_a_storage_that_fails_is_told_and_the_picture_can_be_sent_again(
    browser: Client, card: bytes, settings: LazySettings
) -> None:
    way.to_picture(browser)
    works = settings.STORAGES
    broken = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": "/proc/nowhere"},
    }
    settings.STORAGES = works | {"pictures": broken}
    page = way.send(browser, card)
    assert page.status_code == 503
    assert "Please send it again in a minute." in way.words(page)
    settings.STORAGES = works
    assert way.send(browser, card).headers["Location"] == "/status/"


def test_a_picture_after_a_withdrawal_is_answered_with_where_the_case_stands(
    browser: Client, card: bytes
) -> None:
    case = way.to_picture(browser)
    browser.post("/withdraw/")
    assert Case.objects.get(pk=case.pk).status not in intake.TAKES_PICTURES
    page = browser.get(way.send(browser, card).headers["Location"])
    assert "You have withdrawn your application." in way.words(page)


def test_a_body_far_beyond_any_picture_is_refused_unread(browser: Client, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    answer = browser.post("/picture/", {"picture": SimpleUploadedFile("card.jpg", bytes(6000))})
    assert answer.status_code == 413
    assert "far too large" in answer.content.decode()
