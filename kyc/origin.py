"""Where a request came from, for the registers and for the count of failed sign-ins."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The peer's address, None over a socket file; behind a proxy, what the nearest one says."""
    text = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        text = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or text
    try:
        return str(ip_address(text))
    except ValueError:
        return None
