"""The HTTP line under the SDK: bounded in time and size, and never led astray.

The SDK's own session waits for each byte anew, takes answers of any size, follows redirects with the
picture in hand, and lets the environment's proxies and netrc reroute or re-sign a call. This adapter is
mounted in it.
"""

import socket
from collections.abc import Iterator
from typing import Any

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from ocr_integration.contract import MAX_BODY_BYTES
from ocr_integration.deadline import Line


class AnswerTooLarge(Exception):
    """The answer's body goes beyond what the contract allows."""


class BoundedAdapter(HTTPAdapter):
    """One connection, which `line` can cut from another thread; `response` is the last answer that began."""

    def __init__(self, connect_timeout: float) -> None:
        self.line = Line()
        self.response: Response | None = None
        self._pools = _pools(self.line, connect_timeout)
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As requests does, with our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """As requests does, with our connections."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """As requests does; the body will not be read beyond its limit."""
        self.response = None
        response = super().send(request, *args, **kwargs)
        response.raw = _BoundedBody(response.raw)
        self.response = response
        return response


def mount(session: Session, adapter: BoundedAdapter) -> None:
    """Makes the adapter the session's only way out."""
    session.trust_env = False  # neither netrc, which would replace Authorization, nor proxies
    session.max_redirects = 0
    session.mount("http://", adapter)
    session.mount("https://", adapter)


class _BoundedBody:
    """A urllib3 response whose stream ends in AnswerTooLarge past the limit, after decompression."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def stream(self, amount: int, decode_content: bool | None = None) -> Iterator[bytes]:
        """What requests reads a body with."""
        seen = 0
        for chunk in self._raw.stream(max(amount, 65536), decode_content=decode_content):
            seen += len(chunk)
            if seen > MAX_BODY_BYTES:
                raise AnswerTooLarge
            yield chunk


def _pools(line: Line, connect_timeout: float) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools whose connections are held by `line` from their first moment.

    `connect_timeout` bounds the connecting alone. urllib3's own would bound the sending of the picture as
    well, which may rightly take longer.
    """

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            whole, self.timeout = self.timeout, connect_timeout
            try:
                connection = super()._new_conn()
            finally:
                self.timeout = whole
            line.hold(connection)
            connection.settimeout(whole if isinstance(whole, int | float) else None)
            return connection

    class Secure(Plain, HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
