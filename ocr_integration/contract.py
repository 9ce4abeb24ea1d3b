"""The wire: action, limits, every error code and what to do about it, and what a reading looks like.

Source: Tencent Cloud OCR API 2018-11-19, `RecognizeKoreanIDCardOCR`. Nothing here imports Django,
the SDK or the engine; the gateway, the server and the engine all import this.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SERVICE: Final = "ocr"
VERSION: Final = "2018-11-19"
ACTION: Final = "RecognizeKoreanIDCardOCR"
REGION: Final = "ap-singapore"
PUBLIC_ENDPOINT: Final = "ocr.tencentcloudapi.com"

MAX_BASE64_BYTES: Final = 7 * 1024 * 1024
"""A picture, after base64."""
MAX_IMAGE_BYTES: Final = MAX_BASE64_BYTES // 4 * 3
"""A picture, before base64."""
MAX_BODY_BYTES: Final = 10 * 1024 * 1024
"""A whole request, and the largest answer the gateway accepts."""
CLOCK_SKEW_SECONDS: Final = 300
REQUESTS_PER_SECOND: Final = 20
DOWNLOAD_SECONDS: Final = 3.0
MAX_ATTEMPTS: Final = 6
"""Calls for one picture; after that an officer types the fields."""
CONTENT_TYPE: Final = "application/json"
"""Exactly this on an answer: with a charset parameter the official SDK skips its error check."""

FIELDS: Final = ("Name", "ID", "Sex", "Birthday", "Address", "DateOfIssue")
"""The text fields of an answer, by their names on the wire."""


class Action(StrEnum):
    """What to do about an error."""

    RETRY = "retry"  # the same call may succeed later
    RETAKE = "retake"  # ask the customer for another picture
    HALT = "halt"  # stop calling, alert the operator, keep everything queued
    DEFECT = "defect"  # ours or hopeless: to manual review


ERRORS: Final[Mapping[str, tuple[str, Action]]] = {
    # The action's own codes.
    "FailedOperation.DownLoadError": ("the picture could not be downloaded", Action.RETRY),
    "FailedOperation.ImageDecodeFailed": ("the picture cannot be decoded", Action.RETAKE),
    "FailedOperation.OcrFailed": ("no card could be read in the picture", Action.RETAKE),
    "FailedOperation.UnKnowError": ("the service failed without a reason", Action.RETRY),
    "FailedOperation.UnOpenError": ("the service is not activated for this account", Action.HALT),
    "InvalidParameter.EngineImageDecodeFailed": ("the picture cannot be decoded", Action.RETAKE),
    "InvalidParameterValue.InvalidParameterValueLimit": ("a parameter's value is wrong", Action.DEFECT),
    "LimitExceeded.TooLargeFileError": ("the picture is larger than the service takes", Action.DEFECT),
    "ResourcesSoldOut.ChargeStatusException": ("the account's billing state is abnormal", Action.HALT),
    # Codes that every action of the vendor may answer.
    "ActionOffline": ("the vendor no longer serves this action", Action.HALT),
    "AuthFailure.InvalidAuthorization": ("the Authorization header is malformed", Action.HALT),
    "AuthFailure.InvalidSecretId": ("the key is not one for this API", Action.HALT),
    "AuthFailure.MFAFailure": ("the account asks for a second factor", Action.HALT),
    "AuthFailure.SecretIdNotFound": ("the SecretId is unknown", Action.HALT),
    "AuthFailure.SignatureExpire": ("the signature is too old: check this machine's clock", Action.HALT),
    "AuthFailure.SignatureFailure": ("the signature is wrong: check the SecretKey", Action.HALT),
    "AuthFailure.TokenFailure": ("the temporary token is wrong or expired", Action.HALT),
    "AuthFailure.UnauthorizedOperation": ("the account may not call this action", Action.HALT),
    "DryRunOperation": ("the request was a dry run", Action.DEFECT),
    "FailedOperation": ("the operation failed", Action.RETRY),
    "InternalError": ("the service failed inside", Action.RETRY),
    "InvalidAction": ("the vendor does not know this action", Action.HALT),
    "InvalidParameter": ("a parameter is wrong", Action.DEFECT),
    "InvalidParameterValue": ("a parameter's value is wrong", Action.DEFECT),
    "InvalidRequest": ("the request's form is wrong", Action.DEFECT),
    "IpInBlacklist": ("this machine's address is blocked", Action.HALT),
    "IpNotInWhitelist": ("this machine's address is not allowed", Action.HALT),
    "LimitExceeded": ("a limit of the service is exceeded", Action.RETRY),
    "MissingParameter": ("a parameter is missing", Action.DEFECT),
    "NoSuchProduct": ("the vendor does not know this product", Action.HALT),
    "NoSuchVersion": ("the vendor does not know this version", Action.HALT),
    "RequestLimitExceeded": ("too many requests in this second", Action.RETRY),
    "RequestLimitExceeded.GlobalRegionUinLimitExceeded": ("too many requests of the account", Action.RETRY),
    "RequestLimitExceeded.IPLimitExceeded": ("too many requests from this address", Action.RETRY),
    "RequestLimitExceeded.UinLimitExceeded": ("too many requests of the account", Action.RETRY),
    "RequestSizeLimitExceeded": ("the request is too large", Action.DEFECT),
    "ResourceInUse": ("a resource is in use", Action.RETRY),
    "ResourceInsufficient": ("the service lacks resources", Action.RETRY),
    "ResourceNotFound": ("a resource does not exist", Action.DEFECT),
    "ResourceUnavailable": ("a resource is not available to this account", Action.HALT),
    "ResponseSizeLimitExceeded": ("the answer is too large", Action.DEFECT),
    "ServiceUnavailable": ("the service is not available now", Action.RETRY),
    "UnauthorizedOperation": ("the account may not do this", Action.HALT),
    "UnknownParameter": ("a parameter is unknown", Action.DEFECT),
    "UnsupportedOperation": ("the operation is not supported", Action.HALT),
    "UnsupportedProtocol": ("the protocol is not supported", Action.HALT),
    "UnsupportedRegion": ("the region is not served", Action.HALT),
    # The gateway's own: what the network or a broken answer can do. The first two are the SDK's names.
    "ClientNetworkError": ("the connection to the reader broke", Action.RETRY),
    "ClientNetworkError.Certificate": ("the reader's certificate is not trusted", Action.HALT),
    "ClientNetworkError.Unreachable": ("the reader could not be reached: nothing was sent", Action.RETRY),
    "ServerNetworkError": ("the reader answered with an HTTP error", Action.RETRY),
    "ServerNetworkError.Refused": ("the endpoint refuses such requests: check its address", Action.HALT),
    "Gateway.DeadlineExceeded": ("the answer did not come in time", Action.RETRY),
    "Gateway.IncompleteAnswer": ("the answer broke off", Action.RETRY),
    "Gateway.MalformedAnswer": ("the answer is not what the contract says", Action.RETRY),
    "Gateway.InvalidCredentials": ("the SecretId or SecretKey is empty or malformed", Action.HALT),
    "Gateway.Defect": ("the gateway failed inside", Action.DEFECT),
}
"""code -> (meaning, action)"""

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,99}", re.ASCII)
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


def known_code(code: str) -> str | None:
    """The longest known prefix of a code, by its dotted parts; None when there is none."""
    while code not in ERRORS:
        code, dot, _ = code.rpartition(".")
        if not dot:
            return None
    return code


def action_for(code: str) -> Action:
    """What to do about a code: as for its longest known prefix, else halt."""
    known = known_code(code)
    return ERRORS[known][1] if known else Action.HALT


def meaning_of(code: str) -> str:
    """One sentence on a code, in our words: safe to log and to show."""
    known = known_code(code)
    return ERRORS[known][0] if known else "the reader answered a code that this version does not know"


class OcrError(Exception):
    """A card was not read. Its text holds a code and our own words, never a part of a body.

    `reason` is the engine's word for an unreadable picture (only from our own reader), else ''.
    """

    def __init__(self, code: str, message: str = "", request_id: str | None = None, reason: str = "") -> None:
        self.code = code if _CODE.fullmatch(code) else "Gateway.MalformedAnswer"
        self.action = action_for(self.code)
        self.message = message or meaning_of(self.code)
        self.request_id = request_id
        self.reason = reason if _SLUG.fullmatch(reason) else ""
        super().__init__(self.code, self.message, self.request_id, self.reason)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


Point = tuple[float, float]


@dataclass(frozen=True, slots=True, repr=False)
class FieldDetail:
    """One field as our own engine read it."""

    text: str
    """With the knowledge of what a card may say (a date is a date)."""
    unconstrained: str
    """Without it: what the letters alone say. A finding compares the two."""
    confidence: float
    """0 to 1."""
    box: tuple[Point, ...]
    """Four corners on the flattened card, 0 to 1, clockwise from the top left; () when not found."""

    def __repr__(self) -> str:
        return f"<FieldDetail {self.confidence:.2f}>"


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where the card lies in the picture that was sent, and how good the picture is."""

    located: bool
    corners: tuple[Point, ...]
    """Four, in pixels, clockwise from the card's own top left."""
    tilt: float
    """Degrees between the card's plane and the picture's."""
    rotation: int
    """0, 90, 180 or 270: how far the card is turned in the picture."""
    sharpness: float
    glare: float
    """Share of the card, 0 to 1."""
    brightness: float
    """0 to 1."""
    card_width: float
    """Pixels."""


@dataclass(frozen=True, slots=True)
class ReadingDetails:
    """What only our own reader tells (the key `Sinwon` of a Response)."""

    engine: str
    version: str
    fields: Mapping[str, FieldDetail]
    """Keys as in FIELDS."""
    geometry: Geometry | None
    photo_box: tuple[Point, ...] | None
    """Four corners of the portrait on the flattened card, 0 to 1."""
    reason: str
    """Why the picture was not read; '' when it was."""
    card: str = ""
    """The code of the document that was read (`engine/kinds.py`)."""


@dataclass(frozen=True, slots=True, repr=False)
class CardReading:
    """One answer of one reader: raw strings as on the wire ('' where absent or null)."""

    name: str
    rrn: str
    sex: str
    birthday: str
    address: str
    issued: str
    photo: bytes
    """JPEG of the head, b'' if none."""
    request_id: str | None
    duration: float
    """Seconds, wall clock."""
    raw: bytes
    """The `Response` object as JSON (UTF-8) with Photo removed; the caller seals it."""
    details: ReadingDetails | None
    """Only from our own reader, when asked."""

    def __repr__(self) -> str:
        return f"<CardReading {self.request_id}>"
