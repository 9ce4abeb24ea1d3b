"""What machines ask: whether this process lives, whether it can take pictures in, and the figures of the whole."""

import secrets
import time

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from kyc.services import examination
from kyc.views import metrics

ASKED_EVERY = 5.0
_last: tuple[float, list[examination.Answer]] = (-ASKED_EVERY, [])


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve: it reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether a picture sent now would be taken in. Anybody may ask, so it says which part, never why."""
    global _last
    asked, answers = _last
    if time.monotonic() - asked >= ASKED_EVERY:
        answers = examination.ready()
        _last = time.monotonic(), answers
    good = all(answer.good for answer in answers)
    return JsonResponse({answer.part: answer.good for answer in answers}, status=200 if good else 503)


@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    """For the one who shows METRICS_TOKEN; to everybody else there is no such page."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    if not token or not secrets.compare_digest(shown.encode(), token.encode()):
        return HttpResponse("not found\n", status=404, content_type="text/plain")
    return HttpResponse(metrics.text(), content_type=metrics.CONTENT_TYPE)
