"""From one request to its answer, in the vendor's order of checks.

Size, Authorization, signature, version, action, region, parameters, quota, picture. Size is checked by the
connection, before the body is read.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from ocr_integration.contract import FIELDS, Geometry, ReadingDetails
from ocr_integration.engine import VERSION, CardRead, Reason, Unreadable
from ocr_integration.server import wire
from ocr_integration.server.accounts import Accounts
from ocr_integration.server.connection import Head
from ocr_integration.server.signature import Refused, Signed, claim_of, verify

T = TypeVar("T")

ENGINE = "sinwon"
WAIT_FOR_ENGINE = 12.0
"""Seconds: less than the read time-out of our gateway, which then hears a reason instead of silence."""

WAIT_TO_GLANCE = 1.0
"""Seconds: the customer waits at the page, and goes on without a verdict if it takes longer."""

log = logging.getLogger("sinwon.server")


class Engine(Protocol):
    """What reads a picture: CardEngine."""

    def read(self, data: bytes, *, photo: bool) -> CardRead:
        """The card's fields. Raises Unreadable."""

    def glance(self, data: bytes) -> tuple[Geometry, Reason | None]:
        """Where the card lies and how good the picture is. Raises Unreadable."""


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """A body to send with HTTP 200, and the code for the log ('' for a success)."""

    body: bytes
    request_id: str
    code: str


class Unread(Refused):
    """The engine found no card; our own gateway is told why."""

    def __init__(self, reason: Reason, *, details: bool) -> None:
        if reason is Reason.UNDECODABLE:
            super().__init__("InvalidParameter.EngineImageDecodeFailed", "The picture cannot be decoded.")
        else:
            super().__init__("FailedOperation.OcrFailed", "No card could be read in the picture.")
        empty = ReadingDetails(ENGINE, VERSION, {}, None, None, reason.value)
        self.details = empty if details else None


class Service:
    """Answers requests with one engine, used by at most `seats` threads at a time."""

    def __init__(
        self, *, accounts: Accounts, engine: Engine, download: Callable[[str], bytes], seats: int
    ) -> None:
        self._accounts = accounts
        self._engine = engine
        self._download = download
        self._seats = threading.Semaphore(seats)
        # A thread's heap stays as large as its largest picture made it: not one for each connection.
        self._threads = ThreadPoolExecutor(seats, "engine")

    def refusal_of(self, head: Head) -> Answer | None:
        """The answer to a request that is refused for its headers alone, whatever its body."""
        try:
            claim_of(head.headers, self._accounts.keys, time.time())
        except Refused as refused:
            return self.refuse(refused)
        return None

    def answer(self, head: Head, body: bytes | bytearray) -> Answer:
        """The answer to one request, whatever it holds. Never raises."""
        request_id = str(uuid.uuid4())
        try:
            response = self._respond(head, body)
            return Answer(wire.envelope(response, request_id), request_id, "")
        except Unread as unread:
            return self.refuse(unread, request_id, unread.details)
        except Refused as refused:
            return self.refuse(refused, request_id)
        except Exception as error:
            # The text and the values of a defect may be a person's: only its kind and place are told.
            log.error("request_id=%s defect=%s at=%s", request_id, type(error).__name__, _place(error))  # noqa: TRY400
            return self.refuse(Refused("InternalError", "An internal error has occurred."), request_id)

    def refuse(
        self, refused: Refused, request_id: str | None = None, details: ReadingDetails | None = None
    ) -> Answer:
        """The answer that states a refusal."""
        request_id = request_id or str(uuid.uuid4())
        response = wire.error(refused.code, refused.message, details)
        return Answer(wire.envelope(response, request_id), request_id, refused.code)

    def _respond(self, head: Head, body: bytes | bytearray) -> dict[str, object]:
        if head.method not in {"GET", "POST"}:
            raise Refused("UnsupportedProtocol", "Only GET and POST are supported.")
        signed = Signed(head.method, head.path, head.query, head.headers, body)
        secret_id = verify(signed, self._accounts.keys, time.time())
        wire.check_common(head.headers)
        params = wire.params_of(head, body)
        self._accounts.spend(secret_id, time.monotonic())
        url = params.image_url
        picture = self._download(url) if url else wire.decode_picture(params.image_base64)
        wire.check_picture(picture)
        return self._glance(picture) if params.glance else self._read(picture, params)

    def _glance(self, picture: bytes) -> dict[str, object]:
        """No text of the card: the vendor's fields stay empty."""
        try:
            geometry, reason = self._seated(partial(self._engine.glance, picture), WAIT_TO_GLANCE)
        except Unreadable as unreadable:
            raise Unread(unreadable.reason, details=True) from None
        details = ReadingDetails(ENGINE, VERSION, {}, geometry, None, reason.value if reason else "")
        return wire.success(dict.fromkeys(FIELDS, ""), b"", details)

    def _read(self, picture: bytes, params: wire.Params) -> dict[str, object]:
        work = partial(self._engine.read, picture, photo=params.head_image)
        try:
            card = self._seated(work, WAIT_FOR_ENGINE)
        except Unreadable as unreadable:
            raise Unread(unreadable.reason, details=params.details) from None
        details = None
        if params.details:
            details = ReadingDetails(
                ENGINE, VERSION, card.fields, card.geometry, card.photo_box, "", card.kind
            )
        photo = card.photo_jpeg if params.head_image else b""
        return wire.success(card.wire(), photo, details)

    def _seated(self, work: Callable[[], T], wait: float) -> T:
        """What the engine answers once there is a seat. Raises Refused where none came free within `wait` seconds."""
        if not self._seats.acquire(timeout=wait):
            raise Refused("ResourceInsufficient", "All readers are busy.")
        try:
            return self._threads.submit(work).result()
        finally:
            self._seats.release()


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "?"
