"""The only importer of the Tencent SDK: one picture in, one CardReading out, or OcrError.

Whether the reader is the vendor or our own, the way is the same: the official SDK's signed request. Only
the endpoint differs. Nothing is retried here: who calls decides by the error's action, within the quota.
"""

import base64
import json
import logging
import os
import re
import ssl
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import requests
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from ocr_integration.answers import error_of, reading_of
from ocr_integration.contract import (
    ACTION,
    MAX_IMAGE_BYTES,
    SERVICE,
    VERSION,
    CardReading,
    OcrError,
    ReadingDetails,
    meaning_of,
)
from ocr_integration.deadline import DeadlineExceeded, within
from ocr_integration.transport import AnswerTooLarge, BoundedAdapter, mount

_ENDPOINT = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)
_CREDENTIAL = re.compile(r"[\x21-\x7e]{1,256}")
_TRY_AGAIN = {408, 425, 429}
KEEP_SECONDS = 10.0
"""How long an idle connection is used again: our server closes it after 15."""
KEEP_CLIENTS = 8

# At DEBUG the SDK logs the picture and the answer.
_SDK_LOG = logging.getLogger("tencentcloud_sdk_common")
_SDK_LOG.setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Reader:
    """Where to send. Raises ValueError when endpoint or protocol cannot be one."""

    name: str
    """"local" or "tencent"."""
    endpoint: str
    """Host, with a port if need be."""
    protocol: str
    """"http" or "https"."""
    region: str
    secret_id: str
    secret_key: str = field(repr=False)
    local: bool
    """Our own reader: asked for details, never called through a proxy."""
    connect_timeout: float = 3
    read_timeout: float = 20
    """Seconds from byte to byte."""
    deadline: float = 30
    """Seconds in all."""

    def __post_init__(self) -> None:
        if not _ENDPOINT.fullmatch(self.endpoint):
            raise ValueError(f"the endpoint of reader {self.name} must be host or host:port")
        if self.protocol not in {"http", "https"}:
            raise ValueError(f"the protocol of reader {self.name} must be http or https")


class Client:
    """One SDK client with its connection; for one call at a time."""

    def __init__(self, reader: Reader) -> None:
        http = HttpProfile(protocol=reader.protocol, endpoint=reader.endpoint, reqTimeout=reader.read_timeout)
        profile = ClientProfile(httpProfile=http, language="en-US", disable_region_breaker=True)
        credential = Credential(reader.secret_id, reader.secret_key)
        # The generated client of the OCR package adds nothing to this but a third of a second at each start.
        self._sdk = CommonClient(SERVICE, VERSION, credential, reader.region, profile)
        self._adapter = BoundedAdapter(reader.connect_timeout)
        self.line = self._adapter.line
        self.used = 0.0
        connection = self._sdk.request.conn
        mount(connection._session, self._adapter)
        if reader.local or reader.protocol == "http":
            connection.proxy = None

    def read(self, params: dict[str, object], *, details: bool) -> CardReading:
        """The reading in the answer to one request. Raises OcrError and nothing else."""
        started = time.monotonic()
        try:
            answer = self._sdk.call_json(ACTION, params)
            return reading_of(answer, duration=time.monotonic() - started, details=details)
        except OcrError:
            raise
        except TencentCloudSDKException as error:
            raise self._stated(error) from None
        except AnswerTooLarge:
            raise OcrError("ResponseSizeLimitExceeded") from None
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise OcrError("Gateway.MalformedAnswer") from None
        except requests.RequestException as error:
            raise _caused("Gateway.IncompleteAnswer", error) from None
        except Exception as error:
            raise _caused("Gateway.Defect", error) from None

    def close(self) -> None:
        """Gives the connection back to the system."""
        self._adapter.close()
        self.line.close()

    def _stated(self, error: TencentCloudSDKException) -> OcrError:
        """What an error of the SDK's means. Its text is not used: it may quote the answer."""
        code, response = str(error.get_code()), self._adapter.response
        if response is None:
            return _unreached(error) if code == "ClientNetworkError" else _caused("Gateway.Defect", error)
        if response.status_code != requests.codes.ok:
            final = response.status_code < 500 and response.status_code not in _TRY_AGAIN
            code = "ServerNetworkError.Refused" if final else "ServerNetworkError"
            return OcrError(code, f"{meaning_of(code)} (HTTP {response.status_code})")
        return error_of(json.loads(response.content)["Response"])


_idle: dict[Reader, deque[Client]] = {}
os.register_at_fork(after_in_child=_idle.clear)  # a connection shared by two processes would mix answers


def glance(image: bytes, *, reader: Reader) -> ReadingDetails | None:
    """Has our own reader measure a picture without reading it: geometry and reason, no fields. Raises OcrError."""
    if not reader.local:  # another would not know the parameter, and would be paid for nothing
        raise OcrError("UnsupportedOperation")
    return _ask(image, reader, {"ReturnHeadImage": False, "ReturnSinwon": True, "SinwonGlance": True}).details


def read_card(image: bytes, *, reader: Reader, photo: bool = True) -> CardReading:
    """Reads one picture (PNG or JPEG). Returns or raises OcrError, and nothing else, within the deadline."""
    params: dict[str, object] = {"ReturnHeadImage": photo}
    if reader.local:
        params["ReturnSinwon"] = True
    return _ask(image, reader, params)


def _ask(image: bytes, reader: Reader, params: dict[str, object]) -> CardReading:
    """One picture, one call. Returns or raises OcrError, and nothing else, within the deadline.

    The errors are raised `from None`: those of the SDK and of requests may quote a body in their text.
    """
    if not image:
        raise OcrError("MissingParameter")
    if len(image) > MAX_IMAGE_BYTES:
        raise OcrError("LimitExceeded.TooLargeFileError")
    if not (_CREDENTIAL.fullmatch(reader.secret_id) and _CREDENTIAL.fullmatch(reader.secret_key)):
        raise OcrError("Gateway.InvalidCredentials")
    params = {"ImageBase64": base64.b64encode(image).decode("ascii")} | params
    client = _take(reader)
    _SDK_LOG.setLevel(max(_SDK_LOG.level, logging.WARNING))
    try:
        reading = within(reader.deadline, partial(client.read, params, details=reader.local), client.line)
    except DeadlineExceeded:
        raise OcrError("Gateway.DeadlineExceeded") from None
    except OcrError:
        client.close()
        raise
    _give_back(reader, client)
    return reading


def _take(reader: Reader) -> Client:
    """A client whose connection is still fresh, or a new one."""
    waiting = _idle.setdefault(reader, deque())
    while waiting:
        try:
            client = waiting.pop()
        except IndexError:  # another thread was faster
            break
        if time.monotonic() - client.used < KEEP_SECONDS:
            return client
        client.close()
    return Client(reader)


def _give_back(reader: Reader, client: Client) -> None:
    client.used = time.monotonic()
    waiting = _idle.setdefault(reader, deque())
    if len(waiting) < KEEP_CLIENTS:
        waiting.append(client)
    else:
        client.close()


def _unreached(error: BaseException) -> OcrError:
    """Why no answer came. Unreachable: no connection stood, so nothing was sent and nothing is billed."""
    causes = tuple(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return OcrError("ClientNetworkError.Certificate")
    never_sent = any(isinstance(cause, NewConnectionError | ConnectTimeoutError) for cause in causes)
    return _caused("ClientNetworkError.Unreachable" if never_sent else "ClientNetworkError", error)


def _caused(code: str, error: BaseException) -> OcrError:
    """An error with the name of its first cause: a class's name cannot hold a part of a body."""
    *_, first = _causes(error)
    return OcrError(code, f"{meaning_of(code)} ({type(first).__name__})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
