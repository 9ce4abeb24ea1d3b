"""What the pages ask of a request: which officer sent it."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def officer_of(request: HttpRequest) -> User:
    """The account behind the request. Raises PermissionDenied; the site's own check lets nobody else so far."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
