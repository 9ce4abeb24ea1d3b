"""What is fuzzed, and what must hold whatever comes in: a refusal of ours or a clean result, nothing else."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import atheris

from tests.fuzz import seeds

with atheris.instrument_imports(include=["PIL", "kyc.imaging.child", "ocr_integration"]):
    from PIL import Image

    from kyc.imaging import child
    from ocr_integration import answers, details
    from ocr_integration.contract import OcrError
    from ocr_integration.server import signature, wire
    from ocr_integration.server.connection import BadRequest, Head, parse_head

KEYS = {"AKID": "secret"}
NOW = 1_700_000_000.0
RESPONSE = ("Name", "ID", "Sex", "Birthday", "Address", "DateOfIssue", "Photo", "RequestId", "Error", "Code")
DETAILS = ("Engine", "Version", "Reason", "Card", "Fields", "Geometry", "PhotoBox")
FIELD = ("Text", "Unconstrained", "Confidence", "Box")
GEOMETRY = ("Located", "Corners", "Tilt", "Rotation", "Sharpness", "Glare", "Brightness", "CardWidth")
PARAMETERS = ("ImageBase64", "ImageUrl", "ReturnHeadImage", "ReturnSinwon", "Other")
# What may stand in a clean JPEG: start, JFIF, tables, frame, scan and end; no EXIF, no comment, no profile.
METADATA = (b"Exif\0", b"http://ns.adobe.com", b"ICC_PROFILE", b"Photoshop")


def picture(data: bytes) -> None:
    """The decoder behind every upload (kyc.imaging.child), with the limits of its process left to libFuzzer."""
    told, jpeg = child.clean(data)
    if not jpeg:
        assert set(told) == {"problem"}, told
        return
    assert jpeg[:3] == b"\xff\xd8\xff"
    assert jpeg[-2:] == b"\xff\xd9"
    assert len(jpeg) <= child.MAX_JPEG
    assert not any(mark in jpeg[:1024] for mark in METADATA)
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        assert image.mode == "RGB"
        assert max(image.size) <= child.MAX_SIDE
        assert not image.getexif()


def message(data: bytes) -> None:
    """The server's side of the wire: head, claim, parameters, picture, address."""
    block, _, body = data.partition(b"\r\n\r\n")
    try:
        head = parse_head(block)
        signed = signature.Signed(head.method, head.path, head.query, head.headers, body)
        try:
            signature.verify(signed, KEYS, NOW)
        except signature.Refused as refused:
            wire.envelope(wire.error(refused.code, refused.message), "r")
        params = wire.params_of(head, body)
        if params.image_base64:
            wire.check_picture(wire.decode_picture(params.image_base64))
    except (BadRequest, signature.Refused):
        return


def answer(data: bytes) -> None:
    """The gateway's side of the wire: what a reader, or who stands in its place, may answer."""
    try:
        decoded = json.loads(data)
    except (ValueError, RecursionError):
        return
    _answered(decoded)


def values(data: bytes) -> None:
    """Both sides once more, with well-formed JSON of unexpected values at every known name."""
    dice = atheris.FuzzedDataProvider(data)
    response = {name: _value(dice, 3) for name in RESPONSE if dice.ConsumeBool()}
    response["Sinwon"] = {name: _value(dice, 4) for name in DETAILS if dice.ConsumeBool()}
    _answered({"Response": response})
    asked = {name: _value(dice, 1) for name in PARAMETERS if dice.ConsumeBool()}
    head = Head("POST", "/", "", {"content-type": "application/json"}, True, 0)
    try:
        wire.params_of(head, json.dumps(asked).encode())
    except signature.Refused:
        return


def _answered(decoded: object) -> None:
    try:
        reading = answers.reading_of(decoded, duration=0.1, details=True)
    except OcrError:
        return
    json.loads(reading.raw)
    if reading.details:
        json.dumps(details.details_to_json(reading.details))


def _value(dice: atheris.FuzzedDataProvider, depth: int) -> Any:
    """Any JSON value; objects with the names that the wire knows, lists of four as corners are."""
    kind = dice.ConsumeIntInRange(0, 9 if depth else 6)
    if kind == 0:
        return None
    if kind == 1:
        return dice.ConsumeBool()
    if kind == 2:
        return dice.ConsumeInt(8) * 10 ** dice.ConsumeIntInRange(0, 400)
    if kind == 3:
        return dice.ConsumeFloat()
    if kind in (4, 5):
        return dice.ConsumeUnicode(dice.ConsumeIntInRange(0, 40))
    if kind == 6:
        return "/9j/" + dice.ConsumeUnicodeNoSurrogates(20)
    if kind == 7:
        return [_value(dice, depth - 1) for _ in range(dice.PickValueInList([0, 2, 2, 4, 4, 5]))]
    if kind == 8:
        return [[dice.ConsumeProbability(), dice.ConsumeInt(2)] for _ in range(4)]
    return {name: _value(dice, depth - 1) for name in (*FIELD, *GEOMETRY, *RESPONSE) if dice.ConsumeBool()}


TARGETS: dict[str, tuple[Callable[[bytes], None], Callable[[], Iterator[bytes]]]] = {
    "picture": (picture, seeds.pictures),
    "message": (message, seeds.heads),
    "answer": (answer, seeds.answers),
    "values": (values, seeds.noise),
}


def main() -> None:
    """`python -m tests.fuzz.targets NAME FOLDER [libFuzzer's options]`: one target until its time is over."""
    name, folder, *options = sys.argv[1:]
    test, begin = TARGETS[name]
    corpus = Path(folder)
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(begin()):
        (corpus / f"seed-{number}").write_bytes(data)
    Image.MAX_IMAGE_PIXELS = None
    atheris.Setup([name, str(corpus), *options], test)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
