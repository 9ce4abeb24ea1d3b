"""The whole product watched by an OpenTelemetry collector and by Flower, with its embedded broker."""

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from chaos.customers import Customers, pictures
from tests.stack import ROOT, Stack, free_port

pytestmark = [pytest.mark.stack, pytest.mark.full]

PATIENCE = 90.0
ON_THE_WAY = (
    "kyc:picture",
    "apply_async/kyc.tasks.read_document",
    "run/kyc.tasks.read_document",
    "POST",
)


class Collector:
    """Takes OTLP over http, as any collector does; `spans` holds what came."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    for scope in resource.scope_spans:
                        outer.spans.extend(scope.spans)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    running = Collector()
    yield running
    running.close()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> Iterator[Stack]:
    running = Stack(
        tmp_path_factory.mktemp("watched"),
        OTEL_EXPORTER_OTLP_ENDPOINT=collector.address,
        OTEL_BSP_SCHEDULE_DELAY="500",
        LOG_FORMAT="json",
        CELERY_EVENTS="1",
    )
    running.start()
    yield running
    running.stop()


def test_one_trace_goes_from_the_page_through_the_broker_to_the_reader(
    watched: Stack, collector: Collector
) -> None:
    customers = Customers(watched.url)
    customers.arrive(next(pictures()))
    customers.finish()
    assert len(customers.acknowledged) == 1
    until = time.monotonic() + PATIENCE
    while not (trace := _trace_of_a_reading(collector.spans)):
        assert time.monotonic() < until, sorted({span.name for span in collector.spans})
        time.sleep(0.5)
    lines = (watched.folder / "log" / "worker.log").read_text().splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert trace.hex() in {line.get("trace") for line in told}
    whole = " ".join(str(span) for span in collector.spans)
    assert "/picture" not in whole, "no address that was asked for"


def _trace_of_a_reading(spans: list[Span]) -> bytes:
    """The trace in which the page, the message, the task and the call of a reader stand together, once all are sent."""
    traces = [{span.trace_id for span in spans if span.name == name} for name in ON_THE_WAY]
    return next(iter(set.intersection(*traces)), b"")


def test_flower_sees_the_workers_and_their_tasks(watched: Stack, cards: Path) -> None:
    port = free_port()
    flower = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "config", "flower", f"--port={port}", "--address=127.0.0.1"],
        cwd=ROOT,
        env=watched.environment | {"FLOWER_UNAUTHENTICATED_API": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(f"http://127.0.0.1:{port}/api/tasks", "kyc.tasks.ring_stranded")
        _until(f"http://127.0.0.1:{port}/api/workers?refresh=1", "celery@")
    finally:
        flower.terminate()
        flower.wait(20)


def _until(url: str, words: str) -> None:
    until = time.monotonic() + PATIENCE
    while words not in (seen := _asked(url)):
        assert time.monotonic() < until, seen
        time.sleep(1)


def _asked(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return str(answer.read().decode())
    except OSError as e:
        return type(e).__name__
