"""What the pages ask of a request: which officer sent it, and from where, for the disclosure register."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def officer_of(request: HttpRequest) -> User:
    """The account behind the request. Raises PermissionDenied; the site's own check lets nobody else so far."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def address_of(request: HttpRequest) -> str | None:
    """The peer's address; None over a socket file. What stands behind a proxy is the proxy's to restrict."""
    return request.META.get("REMOTE_ADDR") or None
