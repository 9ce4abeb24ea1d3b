"""The vendor's conventions: headers and parameters in, the envelope out. Pure."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from ocr_integration.contract import (
    ACTION,
    MAX_BASE64_BYTES,
    REGION,
    VERSION,
    ReadingDetails,
)
from ocr_integration.details import details_to_json
from ocr_integration.server.connection import Head
from ocr_integration.server.signature import Refused

MAX_URL = 2048
_KNOWN = {"ImageBase64", "ImageUrl", "ReturnHeadImage", "ReturnSinwon", "SinwonGlance"}
_WRONG_VALUE = "InvalidParameterValue.InvalidParameterValueLimit"


@dataclass(frozen=True, slots=True, repr=False)
class Params:
    """What is asked: one of two sources of the picture, and what to return beside the text."""

    image_base64: str
    image_url: str
    head_image: bool
    details: bool
    glance: bool
    """Of our own gateway: the picture is only measured, nothing on the card is read."""


def check_common(headers: Mapping[str, str]) -> None:
    """Version, action and region, in this order. Raises Refused."""
    for header, name, expected, code in (
        ("x-tc-version", "Version", VERSION, "NoSuchVersion"),
        ("x-tc-action", "Action", ACTION, "InvalidAction"),
        ("x-tc-region", "Region", REGION, "UnsupportedRegion"),
    ):
        given = headers.get(header)
        if not given:
            raise Refused("MissingParameter", f"The request is missing the required parameter `{name}`.")
        if given != expected:
            raise Refused(code, f"The value of `{name}` is not served here.")


def params_of(head: Head, body: bytes | bytearray) -> Params:
    """The parameters of a GET's query string or a POST's JSON. Raises Refused."""
    given = _from_query(head.query) if head.method == "GET" else _from_json(head.headers, body)
    for name in sorted(given.keys() - _KNOWN):
        raise Refused("UnknownParameter", f"The parameter `{_printable(name)}` is not recognized.")
    params = Params(
        image_base64=_text(given, "ImageBase64"),
        image_url=_text(given, "ImageUrl"),
        head_image=_flag(given, "ReturnHeadImage"),
        details=_flag(given, "ReturnSinwon"),
        glance=_flag(given, "SinwonGlance"),
    )
    if not params.image_url and not params.image_base64:
        raise Refused("MissingParameter", "ImageUrl or ImageBase64 must be given.")
    if len(params.image_url) > MAX_URL:
        raise Refused(_WRONG_VALUE, "The value of `ImageUrl` is too long.")
    if not params.image_url and len(params.image_base64) > MAX_BASE64_BYTES:
        raise Refused("LimitExceeded.TooLargeFileError", "The file is too large: 7 MB after base64 at most.")
    return params


def decode_picture(text: str) -> bytes:
    """The picture's bytes. Raises Refused when the text is not base64."""
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        raise Refused(_WRONG_VALUE, "The value of `ImageBase64` is not base64.") from None


def check_picture(data: bytes) -> None:
    """PNG or JPEG by content, within the size limit. Raises Refused."""
    if len(data) > MAX_BASE64_BYTES // 4 * 3:
        raise Refused("LimitExceeded.TooLargeFileError", "The file is too large: 7 MB after base64 at most.")
    if not data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise Refused("FailedOperation.ImageDecodeFailed", "The picture is neither PNG nor JPEG.")


def envelope(response: Mapping[str, object], request_id: str) -> bytes:
    """The answer's body."""
    whole = {"Response": {**response, "RequestId": request_id}}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False).encode()


def error(code: str, message: str, details: ReadingDetails | None = None) -> dict[str, object]:
    """The Response of an error, with our own details when they were asked for."""
    response: dict[str, object] = {"Error": {"Code": code, "Message": message}}
    return response | sinwon(details)


def success(fields: Mapping[str, str], photo: bytes, details: ReadingDetails | None) -> dict[str, object]:
    """The Response of a card that was read."""
    return {**fields, "Photo": base64.b64encode(photo).decode("ascii")} | sinwon(details)


def sinwon(details: ReadingDetails | None) -> dict[str, object]:
    """The key that only our own gateway asks for; nothing when it did not."""
    return {"Sinwon": details_to_json(details)} if details else {}


def _from_query(query: str) -> dict[str, object]:
    try:
        return dict(parse_qsl(query, keep_blank_values=True, max_num_fields=20, errors="strict"))
    except ValueError:
        raise Refused("InvalidParameter", "The query string is malformed.") from None


def _from_json(headers: Mapping[str, str], body: bytes | bytearray) -> dict[str, object]:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused("InvalidRequest", "Content-Type must be application/json.")
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("InvalidParameter", "The body is not JSON.") from None
    if not isinstance(given, dict):
        raise Refused("InvalidParameter", "The body is not a JSON object.")
    return given


def _text(given: Mapping[str, object], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused("InvalidParameter", f"The type of `{name}` must be String.")
    return value


def _flag(given: Mapping[str, object], name: str) -> bool:
    """True and "true": the official example sends the string."""
    value = given.get(name)
    if value is None or value == "":
        return False
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise Refused("InvalidParameter", f"The type of `{name}` must be Boolean.")
    if value.lower() not in {"true", "false"}:
        raise Refused(_WRONG_VALUE, f"The value of `{name}` must be true or false.")
    return value.lower() == "true"


def _printable(name: str) -> str:
    return name if name.isascii() and name.isidentifier() and len(name) <= 40 else "?"
