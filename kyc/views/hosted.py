"""Customers whom a host's system sent: they read its language, see where they are, and find the way back."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kyc.models import Case
from kyc.selectors import hosts as asked
from kyc.services import hosts
from kyc.views.visit import SANDBOX


def begin(request: HttpRequest, response: HttpResponse, case: Case) -> None:
    """At the private link of a host's case: its language, unless this browser chose one; the mark of the sandbox."""
    request.session[SANDBOX] = case.channel == Case.Channel.SANDBOX
    if not case.of_host:
        return
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            case.locale,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )


def way_back(case: Case) -> dict[str, str]:
    """Where the customer may go on to: the host's address with the verification's id, nothing that must be believed.

    The list is looked at again: an address that was taken off it leads nowhere any more.
    """
    wanted = asked.verification_of(case)
    if (
        wanted is None
        or not wanted.return_address
        or not hosts.may_return(wanted.host, wanted.return_address)
    ):
        return {}
    parts = urlsplit(wanted.return_address)
    query = "&".join(filter(None, (parts.query, urlencode({"verification": case.pk}))))
    return {"return_to": urlunsplit(parts._replace(query=query)), "host_name": wanted.host.name}
