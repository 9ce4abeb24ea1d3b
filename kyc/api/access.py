"""Who asks: the key behind a request, what it may do, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja.security import HttpBearer

from kyc.domain.hosts import Scope
from kyc.models import ApiKey
from kyc.services import hosts, measure

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MEASURE = "sinwon_measure"


class Refusal(Exception):
    """An answer that is a problem; `facts` are further members of it."""

    def __init__(self, code: str, headers: dict[str, str] | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.headers, self.facts = code, headers or {}, facts


class KeyAuth(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        """Raises Refusal. A request beyond the measure is counted, and answered 429."""
        try:
            key = hosts.authenticate(token)
        except hosts.KeyRefused as e:
            raise Refusal(e.code, {"WWW-Authenticate": "Bearer"}) from e
        counted = measure.count(key)
        setattr(request, MEASURE, counted)
        if counted.left < 0:
            raise Refusal("too_many", {"Retry-After": str(counted.seconds)})
        return key


def key_of(request: HttpRequest, scope: Scope) -> ApiKey:
    """The key, if it has the scope. Raises Refusal."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]
    if scope.value not in key.scopes:
        raise Refusal("scope", scope=scope.value)
    return key


def with_measure(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Says how many requests are left (IETF draft RateLimit headers), on every answer to a known key."""
    counted: measure.Measure | None = getattr(request, MEASURE, None)
    if counted is not None:
        response.headers["RateLimit-Policy"] = f'"key";q={counted.most};w={measure.MINUTE}'
        response.headers["RateLimit"] = f'"key";r={max(0, counted.left)};t={counted.seconds}'
    return response
