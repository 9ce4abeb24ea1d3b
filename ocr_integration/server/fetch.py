"""Downloads the picture behind an ImageUrl without becoming a tunnel into the network around this server.

A name is resolved once, every address of it is checked, and the connection goes to the checked address, so
that no second answer of a name server comes between check and use. Each redirect is checked anew. The time
limit is one for all: names, connections, redirects, body. Proxies are not used.
"""

import http.client
import re
import socket
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from urllib.parse import SplitResult, urljoin, urlsplit

from ocr_integration.contract import DOWNLOAD_SECONDS, MAX_IMAGE_BYTES
from ocr_integration.deadline import DeadlineExceeded, Line, within
from ocr_integration.server.addresses import Address, is_public, resolve
from ocr_integration.server.signature import Refused

MAX_REDIRECTS = 3
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_URL = re.compile(r"[\x21-\x7e]+")
_FAILED = "The picture could not be downloaded."


class Failed(Exception):
    """Why is not told: an answer that tells refused from unreachable would map the inner network."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes."""

    scheme: str
    host: str
    port: int
    path: str


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


def parse(url: str) -> Target | None:
    """A target; None for anything but plain http and https without user names."""
    if not _URL.fullmatch(url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc or "%" in parts.netloc:
        return None
    return Target(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], _path(parts))


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _follow(target: Target, allowed: Collection[str], line: Line, seconds: float) -> bytes:
    for _ in range(MAX_REDIRECTS + 1):
        found = _get(target, allowed, line, seconds)
        if isinstance(found, bytes):
            return found
        target = found
    raise Failed


def _get(target: Target, allowed: Collection[str], line: Line, seconds: float) -> bytes | Target:
    """The body, or where the answer points."""
    connection = _connect(target, allowed, line, seconds)
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


def _connect(
    target: Target, allowed: Collection[str], line: Line, seconds: float
) -> http.client.HTTPConnection:
    """An HTTP connection whose socket is already joined to a checked address."""
    addresses = resolve(target.host, target.port)
    own = f"{target.host}:{target.port}" in allowed
    if not own and not all(map(is_public, addresses)):
        raise Failed
    plain = _first_that_answers(addresses, target.port, seconds)
    line.hold(plain)
    if target.scheme == "http":
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = plain
        return connection
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection(target.host, target.port, context=context)
    connection.sock = context.wrap_socket(plain, server_hostname=target.host)
    return connection


def _first_that_answers(addresses: list[Address], port: int, seconds: float) -> socket.socket:
    for address in addresses[:4]:
        try:
            return socket.create_connection((str(address), port), timeout=seconds)
        except OSError:
            continue
    raise Failed
