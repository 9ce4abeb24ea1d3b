"""Questions to which only a working part gives an answer."""

import http.client
import ssl
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError

from kyc.management.supervisor.address import Address
from kyc.services import health

PATIENCE = 1.0


def web_answers(address: Address) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104 - compared only
    connection: http.client.HTTPConnection
    if address.https:
        # It is our own certificate on our own machine: whether it answers is all that is asked.
        trusting = ssl._create_unverified_context()  # noqa: S323
        connection = http.client.HTTPSConnection(host, address.port, timeout=PATIENCE, context=trusting)
    else:
        connection = http.client.HTTPConnection(host, address.port, timeout=PATIENCE)
    return _healthy(connection)


def reader_answers(address_file: Path) -> bool:
    """Whether the local reader has written its address and answers there."""
    try:
        host, _, port = address_file.read_text().strip().rpartition(":")
    except OSError:
        return False
    return port.isdecimal() and _healthy(http.client.HTTPConnection(host, int(port), timeout=PATIENCE))


def heard_since(part: str, moment: datetime) -> bool:
    """Whether the part's heartbeat was written at or after the moment."""
    try:
        at = health.parts().get(part)
    except DatabaseError:
        return False
    return at is not None and at >= moment


def _healthy(connection: http.client.HTTPConnection) -> bool:
    try:
        connection.request("GET", "/healthz")
        # A refusal (a host name it does not know, say) is an answer too; an error of its own is not.
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
