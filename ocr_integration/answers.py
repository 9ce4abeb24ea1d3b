"""From a decoded answer to a CardReading: every type checked, nothing taken on trust."""

import base64
import binascii
import json
import re

from ocr_integration.contract import MAX_IMAGE_BYTES, CardReading, OcrError
from ocr_integration.details import details_from_json

MAX_TEXT = 1000
"""Characters of one field; what is longer is no field of a card."""
MAX_RAW = 256 * 1024
"""Bytes of an answer without its photo."""

_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,100}")
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def reading_of(answer: object, *, duration: float, details: bool) -> CardReading:
    """The reading in a whole answer. Raises OcrError for an error answer and for what is no answer."""
    response = response_of(answer)
    request_id = request_id_of(response)
    photo = _photo(response.pop("Photo", None))
    raw = json.dumps(response, ensure_ascii=False, separators=(",", ":")).encode(errors="backslashreplace")
    if len(raw) > MAX_RAW:
        raise OcrError("ResponseSizeLimitExceeded", request_id=request_id)
    return CardReading(
        name=_text(response, "Name"),
        rrn=_text(response, "ID"),
        sex=_text(response, "Sex"),
        birthday=_text(response, "Birthday"),
        address=_text(response, "Address"),
        issued=_text(response, "DateOfIssue"),
        photo=photo,
        request_id=request_id,
        duration=duration,
        raw=raw,
        details=details_from_json(response.get("Sinwon")) if details else None,
    )


def response_of(answer: object) -> dict[str, object]:
    """The `Response` object of an answer that is not an error. Raises OcrError."""
    response = answer.get("Response") if isinstance(answer, dict) else None
    if not isinstance(response, dict):
        raise OcrError("Gateway.MalformedAnswer")
    if "Error" in response:
        raise error_of(response)
    return response


def error_of(response: dict[str, object]) -> OcrError:
    """The error that a `Response` states; its own words are left behind, they may hold anything."""
    stated, details = response.get("Error"), response.get("Sinwon")
    code = stated.get("Code") if isinstance(stated, dict) else None
    reason = details.get("Reason") if isinstance(details, dict) else None
    return OcrError(
        code if isinstance(code, str) else "Gateway.MalformedAnswer",
        request_id=request_id_of(response),
        reason=reason if isinstance(reason, str) else "",
    )


def request_id_of(response: dict[str, object]) -> str | None:
    """The RequestId; None where it is absent or no id."""
    given = response.get("RequestId")
    return given if isinstance(given, str) and _REQUEST_ID.fullmatch(given) else None


def _text(response: dict[str, object], name: str) -> str:
    value = response.get(name)
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        return ""
    return _NOT_TEXT.sub("", value)


def _photo(value: object) -> bytes:
    """A JPEG; b'' for anything else (the official example's own photo is cut short)."""
    if not isinstance(value, str):
        return b""
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if data.startswith(b"\xff\xd8\xff") and len(data) <= MAX_IMAGE_BYTES else b""
