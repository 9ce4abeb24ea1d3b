"""What machines are told: readiness, metrics, the doctor's sentences, and lines of the log that belong together."""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from config.logs import Json, Line, NoAddress
from kyc.domain import trace
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Outcome
from kyc.domain.roles import Role
from kyc.models import Case, Decision, Heartbeat
from kyc.selectors import monitoring as monitoring_figures
from kyc.services import health, intake, monitoring, recognition
from kyc.services.recognition import leases
from kyc.views import health as pages
from tests.officers import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_last", (-pages.ASKED_EVERY, []))


@pytest.fixture
def reader() -> Iterator[None]:
    with recognition.running():
        yield


def _doctor() -> dict[str, str]:
    said = StringIO()
    try:
        call_command("doctor", "--json", stdout=said)
    except SystemExit:
        said.write("\n")
    return dict(json.loads(said.getvalue()))


def _metrics(settings: LazySettings) -> dict[tuple[str, ...], float]:
    settings.METRICS_TOKEN = "a token of this test"
    answer = Client().get("/metrics", headers={"Authorization": "Bearer a token of this test"})
    assert answer.status_code == 200
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_ready_is_said_only_where_a_picture_would_be_taken_in(settings: LazySettings, tmp_path: Path) -> None:
    answer = Client().get("/readyz")
    assert (answer.status_code, set(answer.json().values())) == (200, {True})
    settings.KEYRING = tmp_path / "nowhere.json"
    pages._last = (-pages.ASKED_EVERY, [])
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": True, "migrations": True, "keyring": False, "storage": True}
    assert Client().get("/healthz").status_code == 200


def test_metrics_need_the_token_and_without_one_there_is_no_page(settings: LazySettings) -> None:
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "right"
    assert Client().get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404


def test_metrics_tell_of_queue_calls_leases_and_parts(
    settings: LazySettings, cards: Path, reader: None
) -> None:
    document = intake.submit_document(case=intake.open_case(), upload=(cards / "clean-001.jpg").read_bytes())
    told = _metrics(settings)
    assert told[("sinwon_reading_queue",)] == 1
    assert leases.take(document.id, "local") is not None
    document.jobs.update(lease_until=timezone.now() - timedelta(seconds=1))
    recognition.read(document_id=document.id)
    monitoring.count(reader="local", code="ServerNetworkError", seconds=5)
    health.beat(part="worker")
    told = _metrics(settings)
    assert told[("sinwon_reading_queue",)] == 0
    assert told[("sinwon_review_queue",)] == 1
    assert told[("sinwon_lease_expiries_total", "local")] == 1
    assert told[("sinwon_reader_call_seconds_count", "local", "read")] == 1
    assert told[("sinwon_reader_call_seconds_bucket", "3.0", "ServerNetworkError", "local")] == 0
    assert told[("sinwon_reader_call_seconds_bucket", "10.0", "ServerNetworkError", "local")] == 1
    assert told[("sinwon_breaker_open_seconds", "", "local")] == 0
    assert told[("sinwon_part_silent_seconds", "worker")] < 10


def test_metrics_count_no_drill() -> None:
    officer = factories.officer(Role.REVIEWER)
    for drill in (False, True):
        waiting, decided = factories.reviewable(), factories.reviewable()
        Decision.objects.create(case=decided, outcome=Outcome.REJECT, by=officer)
        Case.objects.filter(pk=decided.pk).update(state=State.REJECTED, turn_at=None)
        Case.objects.filter(pk__in=[waiting.pk, decided.pk]).update(drill=drill)
    assert monitoring_figures.review_queue() == (1, 0)
    assert monitoring_figures.decisions_of_a_day() == {"reject": 1}


def test_the_doctor_finds_nothing_where_everything_works_and_names_what_does_not(
    settings: LazySettings, reader: None, tmp_path: Path
) -> None:
    for part in ("worker", "beat"):
        health.beat(part=part)
    assert {part: wrong for part, wrong in _doctor().items() if wrong} == {}
    Heartbeat.objects.filter(part="beat").update(at=timezone.now() - timedelta(minutes=1))
    settings.KEYRING = tmp_path / "nowhere.json"
    settings.STORAGES = settings.STORAGES | {
        "pictures": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": "/proc/no-such-place"},
        }
    }
    wrong = {part: words for part, words in _doctor().items() if words}
    assert set(wrong) == {"beat", "keyring", "storage"}
    assert "manage.py init" in wrong["keyring"]
    assert "STORAGE_URL" in wrong["storage"]


def test_a_trace_goes_from_the_request_to_the_log_and_never_tells_an_exceptions_text() -> None:
    answer = Client().get("/healthz")
    begun = answer.headers["X-Trace-Id"]
    assert len(begun) == 32
    trace.begin(begun)
    trace.work_on("a-case")
    try:
        int("820701-2345678")
    except ValueError:
        record = logging.getLogger("kyc").makeRecord(
            "kyc", logging.ERROR, __file__, 1, "something broke", (), sys.exc_info()
        )
    line = json.loads(Json().format(record))
    assert (line["trace"], line["case"], line["exception"]) == (begun, "a-case", "ValueError")
    assert "820701" not in json.dumps(line)
    trace.begin()
    assert trace.case() == ""


@pytest.mark.parametrize("formatter", [Line(), Json()])
def test_a_private_link_that_meets_a_broken_database_is_told_to_no_log(
    formatter: logging.Formatter, settings: LazySettings
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }

    def broken(*_: object) -> None:
        raise OperationalError(quoted)

    quoted = "near 820701-2345679: locked"
    written = logging.StreamHandler(StringIO())
    written.setFormatter(formatter)
    written.addFilter(NoAddress())
    logger = logging.getLogger("django.request")
    logger.addHandler(written)
    try:
        with connection.execute_wrapper(broken):
            answer = Client(raise_request_exception=False).get("/c/a-secret-of-43-characters/")
    finally:
        logger.removeHandler(written)
    told = written.stream.getvalue()
    assert answer.status_code == 500
    assert "Internal Server Error: " in told
    assert "OperationalError" in told
    assert "a-secret" not in told
    assert "820701" not in told


def test_only_the_own_proxy_may_say_which_trace_goes_on(settings: LazySettings) -> None:
    parent = {"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"}
    assert Client(headers=parent).get("/healthz").headers["X-Trace-Id"] != "ab" * 16
    settings.BEHIND_PROXY = True
    assert Client(headers=parent).get("/healthz").headers["X-Trace-Id"] == "ab" * 16
