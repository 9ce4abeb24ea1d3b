"""A picture in parts: a lost connection goes on where it broke, and whatever is repeated makes one document."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.test import Client

from kyc import tasks
from kyc.domain.lifecycle import State
from kyc.models import Case, Document, Upload, UploadPart
from kyc.services import retention, uploads
from tests.onboarding import way


@pytest.fixture
def picture(card: bytes) -> bytes:
    """Longer than three parts: bytes after a JPEG's end change nothing in it."""
    return card + bytes(3 * uploads.PART_BYTES)


def test_a_picture_in_parts_is_queued_and_nothing_of_it_stays_behind(browser: Client, picture: bytes) -> None:
    way.to_picture(browser)
    assert way.send_parts(browser, picture).json() == {"next": "/status/"}
    assert Case.objects.get().status is State.QUEUED
    assert Document.objects.count() == 1
    assert not UploadPart.objects.exists()


def test_an_upload_cut_at_99_percent_goes_on_where_it_broke(browser: Client, picture: bytes) -> None:
    way.to_picture(browser)
    last = len(picture) - len(picture) % uploads.PART_BYTES
    assert way.send_parts(browser, picture, stop=last).json() == {"received": last}
    # The browser comes back, and begins from the front: it is told how far it was.
    assert way.send_parts(browser, picture, stop=10).json() == {"received": last}
    assert way.send_parts(browser, picture, start=last).json() == {"next": "/status/"}
    assert bytes(Document.objects.get().sha256).hex() == Upload.objects.get().mark


def test_a_part_that_is_not_the_next_changes_nothing(browser: Client, picture: bytes) -> None:
    way.to_picture(browser)
    assert way.send_parts(browser, picture, start=uploads.PART_BYTES).json() == {"received": 0}
    assert not Document.objects.exists()


def test_the_last_part_sent_again_after_its_answer_was_lost_makes_one_document(
    browser: Client, picture: bytes
) -> None:
    way.to_picture(browser)
    way.send_parts(browser, picture)
    last = len(picture) - len(picture) % uploads.PART_BYTES
    assert way.send_parts(browser, picture, start=last).json() == {"next": "/status/"}
    assert way.send_parts(browser, picture).json() == {"next": "/status/"}
    assert Document.objects.count() == 1


def test_what_waits_in_the_database_is_sealed(browser: Client, picture: bytes) -> None:
    way.to_picture(browser)
    way.send_parts(browser, picture, stop=uploads.PART_BYTES)
    assert picture[:40] not in bytes(UploadPart.objects.get().sealed)


@pytest.mark.parametrize(
    "broken",
    [
        {"mark": ""},
        {"mark": "../../x"},
        {"mark": "a" * 65},
        {"offset": -1},
        {"size": "much"},
        {"source": "staff"},
        {"source": ""},
    ],
)
def test_what_is_no_part_is_refused_in_words(browser: Client, broken: dict[str, object]) -> None:
    way.to_picture(browser)
    told = {"mark": "ab" * 32, "size": 10, "offset": 0, "source": "file"} | broken
    answer = browser.post("/picture/part/", told)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not Upload.objects.exists()


def test_more_bytes_than_were_announced_are_refused(browser: Client, card: bytes) -> None:
    way.to_picture(browser)
    told = {"mark": "ab" * 32, "size": 10, "offset": 0, "source": "file"}
    answer = browser.post("/picture/part/", told | {"part": way.SimpleUploadedFile("part", card)})
    assert answer.status_code == 422
    assert not UploadPart.objects.exists()


def test_another_browser_without_the_case_sends_nothing(browser: Client, korean: Client, card: bytes) -> None:
    way.to_picture(browser)
    assert way.send_parts(korean, card).status_code == 404


def test_only_a_few_pictures_are_on_their_way_at_once(browser: Client) -> None:
    way.to_picture(browser)
    for number in range(uploads.MOST_AT_ONCE + 4):
        way.send_parts(browser, bytes([number]) * (2 * uploads.PART_BYTES), stop=uploads.PART_BYTES)
    assert UploadPart.objects.count() == uploads.MOST_AT_ONCE


def _no_repeats(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
    if "kyc_repeat" in sql:
        raise OperationalError
    return execute(sql, *more)


def test_unfinished_uploads_go_after_a_day_and_with_their_case(
    browser: Client, picture: bytes, settings: LazySettings
) -> None:
    case = way.to_picture(browser)
    way.send_parts(browser, picture, stop=uploads.PART_BYTES)
    assert uploads.tidy() == 0
    Upload.objects.update(at=Upload.objects.get().at - uploads.KEPT_FOR)
    with connection.execute_wrapper(_no_repeats):
        tasks.tidy()  # what comes before the uploads cannot be tidied
    assert not Upload.objects.exists()
    way.send_parts(browser, picture, stop=uploads.PART_BYTES)
    browser.post("/withdraw/")
    retention.erase(case=Case.objects.get(pk=case.pk), by=retention.RETENTION, reason=retention.Reason.ASKED)
    assert not UploadPart.objects.exists()


def test_a_picture_from_a_file_is_recorded_as_one_and_a_camera_as_what_it_said(
    browser: Client, card: bytes
) -> None:
    way.to_picture(browser)
    way.send_parts(browser, card, source="virtual")
    assert Document.objects.get().source == "virtual"


@pytest.mark.parametrize("source", ["file", "virtual"])
def test_where_only_the_live_camera_counts_a_file_is_told_the_way_round(
    browser: Client, card: bytes, settings: LazySettings, source: str
) -> None:
    settings.LIVE_CAMERA_ONLY, settings.OPERATOR_COUNTER = True, "Jongno 1, ground floor"
    way.to_picture(browser)
    assert "Jongno 1, ground floor" in way.words(browser.get("/picture/"))
    answer = way.send_parts(browser, card, source=source)
    assert answer.status_code == 422
    assert "Jongno 1, ground floor" in answer.json()["error"]
    assert way.send(browser, card).status_code == 422
    assert not Document.objects.exists()
    assert way.send_parts(browser, card, source="camera").json() == {"next": "/status/"}
