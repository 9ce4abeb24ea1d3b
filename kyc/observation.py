"""The middleware that gives each request its trace, which its log lines, its answer and its bells carry."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kyc.domain import trace

HEADER = "X-Trace-Id"
FROM_TRACING = "sinwon.trace"  # set by config.tracing where that is on; no header can set it


class Traced:
    """Goes on with the trace that the own proxy began (`traceparent`); a stranger's header is not believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        parent = request.headers.get("traceparent", "") if settings.BEHIND_PROXY else ""
        begun = trace.begin(request.META.get(FROM_TRACING) or trace.of_parent(parent))
        response = self.get_response(request)
        response.headers[HEADER] = begun
        return response
