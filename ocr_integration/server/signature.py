"""TC3-HMAC-SHA256, verified in full. Pure: a request's parts and a clock in, a SecretId or a refusal out.

Source: Tencent Cloud API, "Signature v3". The canonical request is method, path, query string, signed
headers, their names and the hash of the payload; the string to sign adds time and scope; the key is derived
from the SecretKey by date, service and "tc3_request".
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ocr_integration.contract import CLOCK_SKEW_SECONDS, SERVICE

ALGORITHM = "TC3-HMAC-SHA256"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
_MUST_SIGN = {"content-type", "host"}
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} +Credential=(?P<secret_id>[^/\s,]{{1,128}})/(?P<date>\d{{4}}-\d\d-\d\d)"
    r"/(?P<service>[^/\s,]{1,253})/tc3_request"
    r", *SignedHeaders=(?P<signed>[a-z0-9-]{1,64}(?:;[a-z0-9-]{1,64}){0,30})"
    r", *Signature=(?P<signature>[0-9a-f]{64})",
    re.ASCII,
)
_TIMESTAMP = re.compile(r"\d{1,12}", re.ASCII)


class Refused(Exception):
    """The request is answered with this code; the text is ours and safe to send."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True, repr=False)
class Signed:
    """The parts of a request that a signature covers, as they came; header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes | bytearray | memoryview


def verify(request: Signed, keys: Mapping[str, str], now: float) -> str:
    """The SecretId that signed the request. Raises Refused.

    `keys` maps SecretId to SecretKey; `now` is seconds since the epoch.
    """
    found = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if not found:
        raise Refused("AuthFailure.InvalidAuthorization", "The Authorization header is missing or malformed.")
    signed = found["signed"].split(";")
    if not set(signed) >= _MUST_SIGN or signed != sorted(set(signed)):
        raise Refused(
            "AuthFailure.InvalidAuthorization", "SignedHeaders must hold content-type;host, sorted."
        )
    stamp = request.headers.get("x-tc-timestamp")
    if stamp is None:
        raise Refused("MissingParameter", "The request is missing the required parameter `Timestamp`.")
    if not _TIMESTAMP.fullmatch(stamp):
        raise Refused("InvalidParameterValue", "The value of `Timestamp` is wrong.")
    secret_key = keys.get(found["secret_id"])
    if secret_key is None:
        raise Refused("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
    if abs(now - int(stamp)) > CLOCK_SKEW_SECONDS:
        raise Refused("AuthFailure.SignatureExpire", "The signature is expired: check the clock.")
    if not _matches(request, found, signed, stamp, secret_key):
        raise Refused("AuthFailure.SignatureFailure", "The provided credentials could not be validated.")
    if request.headers.get("x-tc-token"):
        raise Refused("AuthFailure.TokenFailure", "This server gives out no temporary tokens.")
    return found["secret_id"]


def _matches(request: Signed, found: re.Match[str], signed: list[str], stamp: str, secret_key: str) -> bool:
    """Header values may be signed as sent (so the SDKs do) or in lower case (so the document says)."""
    if found["date"] != datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d"):
        return False
    host = request.headers.get("host", "")
    # Older SDKs sign the first label of their endpoint where newer ones sign the service's own name.
    if found["service"] not in {SERVICE, host.split(".")[0]}:
        return False
    values = [request.headers.get(name, "").strip() for name in signed]
    payload = _payload_hash(request)
    scope = f"{found['date']}/{found['service']}/tc3_request"
    key = _derive(secret_key, found["date"], found["service"])
    good = False
    for variant in (values, [value.lower() for value in values]):
        lines = "".join(f"{name}:{value}\n" for name, value in zip(signed, variant, strict=True))
        canonical = (
            f"{request.method}\n{request.path}\n{request.query}\n{lines}\n{found['signed']}\n{payload}"
        )
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        expected = hmac.new(key, f"{ALGORITHM}\n{stamp}\n{scope}\n{digest}".encode(), hashlib.sha256)
        good |= hmac.compare_digest(expected.hexdigest(), found["signature"])
    return good


def _payload_hash(request: Signed) -> str:
    if request.headers.get("x-tc-content-sha256") == UNSIGNED_PAYLOAD:
        return hashlib.sha256(UNSIGNED_PAYLOAD.encode()).hexdigest()
    return hashlib.sha256(request.body).hexdigest()


def _derive(secret_key: str, date: str, service: str) -> bytes:
    key = f"TC3{secret_key}".encode()
    for part in (date, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
