"""Personal pages are kept by no cache, bodies are bounded, the API refuses in problems; officers show a second factor,
and their sessions end."""

import time
from collections.abc import Callable
from http.cookies import Morsel

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kyc.origin import address_of
from kyc.problems import CONTENT_TYPE, problem
from kyc.services import authenticators, officers, presence, sessions, signin
from kyc.services.signin import Ended

# Python knows the attribute from 3.14 on.
Morsel._reserved.setdefault("partitioned", "Partitioned")  # type: ignore[attr-defined]
Morsel._flags.add("partitioned")  # type: ignore[attr-defined]

Handler = Callable[[HttpRequest], HttpResponse]

BEGAN, SEEN = "officer_began", "officer_seen"
# A page of ten pictures writes the session once, not ten times.
WRITTEN_EVERY = 15
FAR_TOO_LARGE = 5  # times UPLOAD_MAX_MB


class PrivatePages:
    """Marks every page `no-store`; static files never come through here."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class ApiProblems:
    """Under /api/ every refusal is a problem that a program can read, whoever refused: Django's own pages as well."""

    CODES = {
        400: "not_understood",
        403: "scope",
        404: "not_found",
        405: "method",
        413: "too_large",
        500: "server",
    }

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        code = self.CODES.get(response.status_code)
        if code is None or not request.path.startswith("/api/") or self._told(response):
            return response
        kept = {name: response.headers[name] for name in ("Allow", "Connection") if name in response.headers}
        return problem(code, headers={"Cache-Control": "no-store", **kept})

    @staticmethod
    def _told(response: HttpResponse) -> bool:
        return response.headers.get("Content-Type", "") == CONTENT_TYPE


class Framed:
    """Lets the origins of FRAME_ORIGINS show the customer's pages in a frame; officers' pages, never.

    In a frame of another site the cookies are partitioned: they are that frame's alone, and no officer's session.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not settings.FRAME_ORIGINS or request.path.startswith((reverse("admin:index"), "/api/")):
            return response
        response._csp_replace = {"frame-ancestors": settings.FRAME_ORIGINS}  # type: ignore[attr-defined]
        response.headers.pop("X-Frame-Options", None)
        if request.headers.get("Sec-Fetch-Dest") == "iframe":
            for cookie in response.cookies.values():
                cookie["samesite"], cookie["secure"], cookie["partitioned"] = "None", True, True
        return response


class BoundedBodies:
    """Answers 413, unread, to a body far beyond any picture; one that is merely too large is told on its page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > FAR_TOO_LARGE * settings.UPLOAD_MAX_BYTES:
            told = {
                "title": _("That is far too large."),
                "advice": _("Choose a picture of your card and send that."),
            }
            response = render(request, "errors/error.html", told, status=413)
            response.headers["Connection"] = "close"
            return response
        return self.get_response(request)


class OfficerSessions:
    """Ends a session after OFFICER_IDLE_MINUTES without a request, OFFICER_SESSION_HOURS in all, or when told so.

    The request then goes on as nobody's: the admin leads it to the sign-in page, which says why.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and isinstance(request.user, User):
            why = _why_over(request, request.user)
            if why is None:
                _seen(request)
            else:
                _end(request, request.user, why)
        return self.get_response(request)


class SecondFactor:
    """Lets nobody past the password alone: whatever lies under the admin leads to the page that asks for the second
    factor, or that sets one up, except these."""

    OPEN = frozenset({"admin:logout", "admin:language", "admin:second_factor", "admin:second_factor_set_up"})

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        user, match = request.user, request.resolver_match
        if not request.path.startswith(reverse("admin:index")) or match is None:
            return None
        if (
            not isinstance(user, User)
            or not officers.roles_of(user)
            or presence.passed(request.session, user)
        ):
            return None
        name = match.view_name
        if name in self.OPEN or (name == "admin:login" and request.method == "POST"):
            return None
        page = "admin:second_factor" if authenticators.enrolled(user) else "admin:second_factor_set_up"
        wanted = request.GET.get("next", "") if name == "admin:login" else request.get_full_path()
        to = urlencode({"next": wanted}) if request.method == "GET" and wanted else ""
        return redirect(f"{reverse(page)}?{to}" if to else reverse(page))


def _why_over(request: HttpRequest, account: User) -> Ended | None:
    row = presence.row_of(request.session)
    if row is not None and not sessions.stands(session_id=row, account=account):
        return Ended.ELSEWHERE
    now = time.time()
    if now - request.session.get(BEGAN, now) >= settings.OFFICER_SESSION_HOURS * 3600:
        return Ended.TOO_LONG
    if now - request.session.get(SEEN, now) >= settings.OFFICER_IDLE_MINUTES * 60:
        return Ended.IDLE
    return None


def _seen(request: HttpRequest) -> None:
    now = int(time.time())
    if BEGAN not in request.session:
        request.session[BEGAN] = now
    # A customer's page that waits in the same browser asks by itself: that is no officer's step.
    at_work = SEEN not in request.session or request.path.startswith(reverse("admin:index"))
    if at_work and now - request.session.get(SEEN, 0) >= WRITTEN_EVERY:
        request.session[SEEN] = now
        sessions.seen(session_id=presence.row_of(request.session), address=address_of(request))


def _end(request: HttpRequest, account: User, why: Ended) -> None:
    sessions.over(session_id=presence.row_of(request.session))
    logout(request)
    signin.ended(account=account, why=why)
    request.session[signin.ENDED_ACCOUNT] = account.pk
    if why is Ended.ELSEWHERE:
        messages.info(request, _("This session was ended on another device, or by an administrator."))
    elif why is Ended.IDLE:
        words = _("You were signed out after %(minutes)d minutes without a step. Sign in to go on.")
        messages.info(request, words % {"minutes": settings.OFFICER_IDLE_MINUTES})
    else:
        words = _("You were signed out after %(hours)d hours. Sign in to go on.")
        messages.info(request, words % {"hours": settings.OFFICER_SESSION_HOURS})
