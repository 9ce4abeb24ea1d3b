"""Connections to addresses that others name: public ones alone, checked before the first byte.

A name is resolved once, every address of it is checked, and the connection goes to the checked address, so
that no second answer of a name server comes between check and use. Proxies are not used.
"""

import http.client
import re
import socket
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from ocr_integration.deadline import Line
from ocr_integration.server.addresses import Address, is_public, resolve

_PORTS = {"http": 80, "https": 443}
_URL = re.compile(r"[\x21-\x7e]+")


class Failed(Exception):
    """Why is not told: an answer that tells refused from unreachable would map the inner network."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where one request goes."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


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


def connect(
    target: Target, allowed: Collection[str], line: Line, seconds: float
) -> http.client.HTTPConnection:
    """An HTTP connection whose socket is already joined to a checked address.

    `allowed` names places of the deployment's own as "host:port": for them alone the address is not checked.
    """
    addresses = resolve(target.host, target.port)
    if target.place not in allowed and not all(map(is_public, addresses)):
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


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _first_that_answers(addresses: list[Address], port: int, seconds: float) -> socket.socket:
    for address in addresses[:4]:
        try:
            return socket.create_connection((str(address), port), timeout=seconds)
        except OSError:
            continue
    raise Failed
