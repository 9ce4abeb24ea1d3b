"""Downloads the picture behind an ImageUrl without becoming a tunnel into the network around this server.

Where a connection may go stands in `dial`. Each redirect is checked anew. The time
limit is one for all: names, connections, redirects, body. Proxies are not used.
"""

import http.client
from collections.abc import Collection
from functools import partial
from urllib.parse import urljoin

from ocr_integration.contract import DOWNLOAD_SECONDS, MAX_IMAGE_BYTES
from ocr_integration.deadline import DeadlineExceeded, Line, within
from ocr_integration.server.dial import Failed, Target, connect, parse
from ocr_integration.server.signature import Refused

MAX_REDIRECTS = 3
_REDIRECTS = {301, 302, 303, 307, 308}
_FAILED = "The picture could not be downloaded."


def download(url: str, allowed: Collection[str] = (), seconds: float = DOWNLOAD_SECONDS) -> bytes:
    """The bytes behind a URL. Raises Refused with the vendor's codes.

    `allowed` names stores of the deployment's own as "host:port": for them alone the address is not checked.
    """
    target = parse(url)
    if target is None:
        code = "InvalidParameterValue.InvalidParameterValueLimit"
        raise Refused(code, "The value of `ImageUrl` is not an http or https URL.")
    line = Line()
    try:
        return within(seconds, partial(_follow, target, allowed, line, seconds), line)
    except (Failed, DeadlineExceeded, OSError, http.client.HTTPException, ValueError):
        raise Refused("FailedOperation.DownLoadError", _FAILED) from None


def _follow(target: Target, allowed: Collection[str], line: Line, seconds: float) -> bytes:
    for _ in range(MAX_REDIRECTS + 1):
        found = _get(target, allowed, line, seconds)
        if isinstance(found, bytes):
            return found
        target = found
    raise Failed


def _get(target: Target, allowed: Collection[str], line: Line, seconds: float) -> bytes | Target:
    """The body, or where the answer points."""
    connection = connect(target, allowed, line, seconds)
    try:
        # Connection: close, and no coding: what comes is counted as it is.
        headers = {"Accept-Encoding": "identity", "Connection": "close", "User-Agent": "sinwon"}
        connection.request("GET", target.path, headers=headers)
        response = connection.getresponse()
        if response.status in _REDIRECTS:
            return _redirected(target, response.getheader("Location") or "")
        if response.status != http.HTTPStatus.OK or response.getheader("Content-Encoding"):
            raise Failed
        return _body(response)
    finally:
        connection.close()


def _redirected(target: Target, location: str) -> Target:
    host = f"[{target.host}]" if ":" in target.host else target.host
    found = parse(urljoin(f"{target.scheme}://{host}:{target.port}{target.path}", location))
    if found is None:
        raise Failed
    return found


def _body(response: http.client.HTTPResponse) -> bytes:
    data = bytearray()
    while chunk := response.read(65536):
        data += chunk
        if len(data) > MAX_IMAGE_BYTES:
            too_large = "The file is too large: 7 MB after base64 at most."
            raise Refused("LimitExceeded.TooLargeFileError", too_large)
    if response.length:
        raise Failed
    return bytes(data)
