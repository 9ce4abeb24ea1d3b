"""Where the fuzzer begins: small pictures of every kind that is taken, and messages of the wire."""

import base64
import io
import json
import random
from collections.abc import Iterator

import numpy as np
from PIL import Image

SIDE = 200  # the smallest picture that is taken: the fuzzer shall get past the first limit, fast


def pictures() -> Iterator[bytes]:
    grey = np.tile(np.arange(SIDE, dtype=np.uint8), (SIDE, 1))
    colour = Image.fromarray(np.dstack([grey, grey.T, 255 - grey]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "maker"
    for mode in ("RGB", "L", "CMYK"):
        for progressive in (False, True):
            yield _saved(colour.convert(mode), "JPEG", progressive=progressive, quality=30)
    yield _saved(colour, "JPEG", exif=exif, comment=b"a comment", dpi=(72, 72), quality=30)
    for mode in ("RGB", "L", "P", "RGBA", "LA", "1"):
        yield _saved(colour.convert(mode), "PNG")
    yield _saved(Image.fromarray(grey.astype(np.uint16) * 257), "PNG")
    yield _saved(colour.convert("P"), "PNG", transparency=3, exif=exif)
    yield _saved(colour, "WEBP", quality=30)
    yield _saved(colour.convert("RGBA"), "WEBP", lossless=True, exif=exif)


def heads() -> Iterator[bytes]:
    headers = {
        "Host": "ocr.tencentcloudapi.com",
        "Content-Type": "application/json",
        "Content-Length": "30",
        "Authorization": "TC3-HMAC-SHA256 Credential=AKID/2026-11-25/ocr/tc3_request, "
        "SignedHeaders=content-type;host, Signature=" + "0" * 64,
        "X-TC-Action": "RecognizeKoreanIDCardOCR",
        "X-TC-Version": "2018-11-19",
        "X-TC-Region": "ap-singapore",
        "X-TC-Timestamp": "1700000000",
    }
    lines = "".join(f"\r\n{name}: {value}" for name, value in headers.items())
    body = json.dumps(
        {"ImageBase64": base64.b64encode(b"\xff\xd8\xff\xe0").decode(), "ReturnHeadImage": True}
    )
    yield f"POST / HTTP/1.1{lines}\r\n\r\n{body}".encode()
    yield f"GET /?ImageUrl=https%3A%2F%2Fexample.com%2Fa.jpg&ReturnHeadImage=true HTTP/1.1{lines}\r\n\r\n".encode()
    yield b"GET http://a:80/?ImageUrl=http%3A%2F%2F127.1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"


def answers() -> Iterator[bytes]:
    field = {"Text": "a", "Unconstrained": "a", "Confidence": 0.9, "Box": [[0, 0], [1, 0], [1, 1], [0, 1]]}
    geometry = {
        "Located": True, "Corners": field["Box"], "Tilt": 0.1, "Rotation": 0, "Sharpness": 1.5, "Glare": 0.0,
        "Brightness": 0.5, "CardWidth": 1012,
    }  # fmt: skip
    sinwon = {"Engine": "e", "Version": "1", "Fields": {"Name": field, "ID": field}, "Geometry": geometry}
    told = {
        "Name": "a",
        "ID": "1",
        "Sex": "M",
        "Birthday": "",
        "Address": "b",
        "DateOfIssue": "",
        "RequestId": "r",
    }
    yield json.dumps({"Response": told | {"Photo": "/9j/", "Sinwon": sinwon}}).encode()
    yield json.dumps(
        {"Response": {"Error": {"Code": "FailedOperation.OcrFailed"}, "RequestId": "r"}}
    ).encode()


def noise() -> Iterator[bytes]:
    """For a target that makes its values out of the bytes themselves."""
    dice = random.Random(7)
    for size in (40, 80, 160, 320, 640, 1280, 2560):
        yield dice.randbytes(size)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()
