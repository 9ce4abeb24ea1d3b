"""What the pages ask of a request: which officer sent it, and from where."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from kyc.origin import address_of
from kyc.services.second_factor import Origin


def officer_of(request: HttpRequest) -> User:
    """The account behind the request. Raises PermissionDenied; the site's own check lets nobody else so far."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def origin_of(request: HttpRequest) -> Origin:
    return Origin(address=address_of(request), user_agent=request.headers.get("User-Agent", ""))


def way_on(request: HttpRequest, otherwise: str) -> str:
    """Where `next` leads, if that is a page of this very site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and safe else otherwise
