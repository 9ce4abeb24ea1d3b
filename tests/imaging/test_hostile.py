"""Hundreds of hostile files: none crashes or hangs the child, none brings anything through but pixels."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kyc.imaging import PictureRefused, child, reencode
from kyc.imaging.reencode import CHILD, sniff
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


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return hostile.corpus()


@pytest.fixture(scope="module")
def results(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What became of each file that reaches the decoder, with the bytes that came out."""
    given, out = tmp_path_factory.mktemp("given"), tmp_path_factory.mktemp("out")
    names = [name for name, data in files.items() if data and len(data) <= LIMIT and sniff(data) is None]
    for number, name in enumerate(names):
        (given / f"{number:04d}").write_bytes(files[name])
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            str(Path(__file__).with_name("one_by_one.py")),
            CHILD[-1],
            str(given),
            str(out),
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    found = {names[int(number)]: result for number, result in told.items()}
    for number, name in enumerate(names):
        file = out / f"{number:04d}"
        found[name]["jpeg"] = file.read_bytes() if file.exists() else b""
    return found


def test_the_corpus_is_large_and_most_of_it_reaches_the_decoder(
    files: dict[str, bytes], results: dict[str, dict[str, Any]]
) -> None:
    assert len(files) >= 300
    assert len(results) >= 250
    assert sum(bool(result["jpeg"]) for result in results.values()) >= 80, (
        "a corpus that is only refused shows little"
    )


def test_no_hostile_file_crashes_the_child_or_makes_it_hang(results: dict[str, dict[str, Any]]) -> None:
    died = {name: result["status"] for name, result in results.items() if result["status"] != 0}
    slow = {name: result["seconds"] for name, result in results.items() if result["seconds"] > 15}
    assert died == {}
    assert slow == {}


def test_what_comes_out_is_a_clean_picture_or_a_reason(results: dict[str, dict[str, Any]]) -> None:
    for name, result in results.items():
        jpeg = result["jpeg"]
        if not jpeg:
            assert set(result["told"]) == {"problem"}, name
            continue
        assert jpeg[:3] == b"\xff\xd8\xff", name
        assert jpeg[-2:] == b"\xff\xd9", name
        assert len(jpeg) <= child.MAX_JPEG, name
        assert [mark for mark in FORBIDDEN if mark in jpeg] == [], name
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
            assert (image.mode, image.size) == ("RGB", (result["told"]["width"], result["told"]["height"])), (
                name
            )
            assert max(image.size) <= child.MAX_SIDE, name
            assert not image.getexif(), name
            assert "comment" not in image.info, name


def test_what_is_no_picture_by_its_first_bytes_reaches_no_decoder(files: dict[str, bytes]) -> None:
    refused = [name for name, data in files.items() if sniff(data) is not None]
    assert {"HTML", "SVG", "text", "zip"} <= {name.removeprefix("what begins as ") for name in refused}
    for name in refused:
        with pytest.raises(PictureRefused):
            reencode(files[name], max_bytes=LIMIT)


@pytest.mark.parametrize(
    "name",
    [
        "PNG of 30000x30000",
        "PNG with a bomb in zTXt",
        "JPEG with its place",
        "JPEG and a zip",
    ],
)
def test_the_products_own_child_says_the_same(
    name: str, files: dict[str, bytes], results: dict[str, dict[str, Any]]
) -> None:
    if results[name]["jpeg"]:
        assert reencode(files[name], max_bytes=LIMIT).jpeg == results[name]["jpeg"]
        return
    with pytest.raises(PictureRefused) as refused:
        reencode(files[name], max_bytes=LIMIT)
    assert {"problem": refused.value.problem} == results[name]["told"]
