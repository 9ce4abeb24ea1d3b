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


@dataclass(frozen=True, slots=True, repr=False)
class Claim:
    """Who says to have signed what, and when."""

    secret_id: str
    date: str
    service: str
    signed: tuple[str, ...]
    signature: str
    stamp: str


def claim_of(headers: Mapping[str, str], keys: Mapping[str, str], now: float) -> Claim:
    """The claim in a request's headers, as far as it can be refused without the body. Raises Refused."""
    found = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if not found:
        raise Refused("AuthFailure.InvalidAuthorization", "The Authorization header is missing or malformed.")
    signed = tuple(found["signed"].split(";"))
    if not set(signed) >= _MUST_SIGN or signed != tuple(sorted(set(signed))):
        raise Refused(
            "AuthFailure.InvalidAuthorization", "SignedHeaders must hold content-type;host, sorted."
        )
    stamp = headers.get("x-tc-timestamp")
    if stamp is None:
        raise Refused("MissingParameter", "The request is missing the required parameter `Timestamp`.")
    if not _TIMESTAMP.fullmatch(stamp):
        raise Refused("InvalidParameterValue", "The value of `Timestamp` is wrong.")
    if found["secret_id"] not in keys:
        raise Refused("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
    if abs(now - int(stamp)) > CLOCK_SKEW_SECONDS:
        raise Refused("AuthFailure.SignatureExpire", "The signature is expired: check the clock.")
    return Claim(found["secret_id"], found["date"], found["service"], signed, found["signature"], stamp)


def verify(request: Signed, keys: Mapping[str, str], now: float) -> str:
    """The SecretId that signed the request. Raises Refused.

    `keys` maps SecretId to SecretKey; `now` is seconds since the epoch.
    """
    claim = claim_of(request.headers, keys, now)
    if not _holds(claim, request, keys[claim.secret_id]):
        raise Refused("AuthFailure.SignatureFailure", "The provided credentials could not be validated.")
    if request.headers.get("x-tc-token"):
        raise Refused("AuthFailure.TokenFailure", "This server gives out no temporary tokens.")
    return claim.secret_id


def _holds(claim: Claim, request: Signed, secret_key: str) -> bool:
    """Header values may be signed as sent (so the SDKs do) or in lower case (so the document says)."""
    if claim.date != datetime.fromtimestamp(int(claim.stamp), UTC).strftime("%Y-%m-%d"):
        return False
    # Older SDKs sign the first label of their endpoint where newer ones sign the service's own name.
    if claim.service not in {SERVICE, request.headers.get("host", "").split(".")[0]}:
        return False
    values = [request.headers.get(name, "").strip() for name in claim.signed]
    names, payload = ";".join(claim.signed), _payload_hash(request)
    scope = f"{claim.date}/{claim.service}/tc3_request"
    key = _derive(secret_key, claim.date, claim.service)
    good = False
    for variant in (values, [value.lower() for value in values]):
        lines = "".join(f"{name}:{value}\n" for name, value in zip(claim.signed, variant, strict=True))
        canonical = f"{request.method}\n{request.path}\n{request.query}\n{lines}\n{names}\n{payload}"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        text = f"{ALGORITHM}\n{claim.stamp}\n{scope}\n{digest}"
        expected = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        good |= hmac.compare_digest(expected, claim.signature)
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
