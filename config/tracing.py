"""OpenTelemetry by configuration: spans of pages, bells, readings and calls, sent by OTLP over http.

On where OTEL_EXPORTER_OTLP_ENDPOINT is set and the extra `tracing` is installed (`pip install 'sinwon[tracing]'`);
nothing of this is imported otherwise. The trace's id is the one in the log. A span carries names of views and tasks,
methods, statuses and ids: never an address that was asked for (a private link is one), a header or a body.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import Resolver404, resolve
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
PASSED_ON = "sinwon.trace"


def start() -> None:
    """Once a process. The exporter's thread begins anew in each forked child by itself."""
    provider = TracerProvider(resource=Resource.create({"service.name": "sinwon"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]
    RequestsInstrumentor().instrument()  # the SDK's calls: the reader is told the trace (`traceparent`)


def traced(application: Application) -> Application:
    """The WSGI application, with a span around each request."""
    tracer = trace.get_tracer("sinwon.web")

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        name = _view_of(environ.get("PATH_INFO", ""))
        with tracer.start_as_current_span(name, kind=SpanKind.SERVER, record_exception=False) as span:
            environ[PASSED_ON] = f"{span.get_span_context().trace_id:032x}"
            span.set_attribute("http.request.method", environ.get("REQUEST_METHOD", ""))

            def started(status: str, *rest: Any) -> Any:
                code = int(status.split(" ", 1)[0])
                span.set_attribute("http.response.status_code", code)
                if code >= 500:
                    span.set_status(StatusCode.ERROR)
                return start_response(status, *rest)

            return application(environ, started)

    return answer


def _view_of(path: str) -> str:
    """The view's own name: what a stranger typed is told to nobody."""
    try:
        return resolve(path).view_name or "unnamed"
    except Resolver404:
        return "unknown"
