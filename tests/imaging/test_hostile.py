"""Hundreds of hostile files: none crashes or hangs the child, none brings anything through but pixels."""

import io
import time
from dataclasses import dataclass

import pytest
from PIL import Image

from kyc.imaging import PictureRefused, child, reencode
from kyc.imaging.decoders import Answer, decoders
from kyc.imaging.reencode import sniff
from tests.imaging import hostile

LIMIT = 20 * 1024 * 1024
FORBIDDEN = (
    hostile.MARK,
    b"Exif\0",
    b"http://ns.adobe.com",
    b"ICC_PROFILE",
    b"Photoshop",
    b"<script",
    b"<?php",
    b"PK\x03\x04",
)


@dataclass(frozen=True, slots=True)
class Result:
    """A child's answer, None where it died, and how long it took."""

    answer: Answer | None
    seconds: float

    @property
    def told(self) -> dict[str, object]:
        return self.answer[0] if self.answer else {}

    @property
    def jpeg(self) -> bytes:
        return self.answer[1] if self.answer else b""


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return hostile.corpus()


@pytest.fixture(scope="module")
def results(files: dict[str, bytes]) -> dict[str, Result]:
    """What became of each file that reaches the decoder, as the product's children tell it."""
    found = {}
    for name, data in files.items():
        if data and len(data) <= LIMIT and sniff(data) is None:
            began = time.monotonic()
            found[name] = Result(decoders.decode(data), time.monotonic() - began)
    return found


def test_the_corpus_is_large_and_most_of_it_reaches_the_decoder(
    files: dict[str, bytes], results: dict[str, Result]
) -> None:
    assert len(files) >= 300
    assert len(results) >= 250
    assert sum(bool(result.jpeg) for result in results.values()) >= 80, (
        "a corpus that is only refused shows little"
    )


def test_no_hostile_file_crashes_the_child_or_makes_it_hang(results: dict[str, Result]) -> None:
    died = [name for name, result in results.items() if not result.answer]
    slow = {name: result.seconds for name, result in results.items() if result.seconds > 10}
    assert died == []
    assert slow == {}


def test_what_comes_out_is_a_clean_picture_or_a_reason(results: dict[str, Result]) -> None:
    for name, result in results.items():
        jpeg = result.jpeg
        if not jpeg:
            assert set(result.told) == {"problem"}, name
            continue
        assert jpeg[:3] == b"\xff\xd8\xff", name
        assert jpeg[-2:] == b"\xff\xd9", name
        assert len(jpeg) <= child.MAX_JPEG, name
        assert [mark for mark in FORBIDDEN if mark in jpeg] == [], name
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
            assert (image.mode, image.size) == ("RGB", (result.told["width"], result.told["height"])), name
            assert max(image.size) <= child.MAX_SIDE, name
            assert not image.getexif(), name
            assert "comment" not in image.info, name


def test_a_jpeg_of_very_many_scans_is_refused_before_it_is_decoded() -> None:
    out = io.BytesIO()
    Image.new("L", (8000, 7990), 128).save(out, "JPEG", progressive=True)
    began = time.monotonic()
    answer = decoders.decode(hostile.of_scans(out.getvalue(), 20_000))
    assert answer == ({"problem": "damaged"}, b"")
    assert time.monotonic() - began < 2


def test_bytes_that_look_like_scans_refuse_no_honest_picture() -> None:
    """A phone puts a thumbnail into a segment, and a short film behind the end."""
    jpeg = hostile.base("JPEG", progressive=True)
    look_alikes = b"\xff\xda\x00\x02" * 1000
    honest = hostile.after_start(jpeg, hostile.segment(0xE2, look_alikes)) + look_alikes
    assert child.scans(honest) == jpeg.count(b"\xff\xda") <= 20
    answer = decoders.decode(honest)
    assert answer
    assert answer[0] == {"width": hostile.SIZE[0], "height": hostile.SIZE[1]}


def test_what_is_no_picture_by_its_first_bytes_reaches_no_decoder(files: dict[str, bytes]) -> None:
    refused = [name for name, data in files.items() if sniff(data) is not None]
    assert {"HTML", "SVG", "text", "zip"} <= {name.removeprefix("what begins as ") for name in refused}
    for name in refused:
        with pytest.raises(PictureRefused):
            reencode(files[name], max_bytes=LIMIT)
