"""How long the officers' pages take and how many queries they ask, and the sweeper's look, as the database grows."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.utils import timezone

from bench import meter, scratch  # noqa: F401 - the product's own folder comes before its models
from kyc.domain.lifecycle import State
from kyc.models import Case
from kyc.services import authenticators, counting, recognition


@dataclass(frozen=True, slots=True)
class PageCost:
    """Median milliseconds of processor and wall, and the queries of one call."""

    name: str
    wall: float
    cpu: float
    queries: int


def officer(name: str) -> Client:
    """A browser signed in as one of the demo officers, with both factors."""
    client, account = Client(), get_user_model().objects.get(username=name)
    client.force_login(account)
    secret = authenticators.new_secret()
    authenticators.set_app(account, secret)
    code = authenticators.code_at(secret, authenticators.counter_now())
    _good(client.post("/admin/second-factor/", {"proof_code": code}))
    return client


def measure(case: Case, times: int) -> list[PageCost]:
    """`case` is a real one in review, made through the services."""
    reviewer, approver, auditor = officer("reviewer"), officer("approver"), officer("auditor")
    admin = "/admin/kyc"
    calls: list[tuple[str, Callable[[], object]]] = [
        ("first page of the officer", lambda: _good(approver.get("/admin/"))),
        ("queue: needs me now", lambda: _good(approver.get(f"{admin}/case/"))),
        ("queue: all cases", lambda: _good(approver.get(f"{admin}/case/?show=all"))),
        ("queue: serious findings", lambda: _good(approver.get(f"{admin}/case/?severity=high"))),
        ("queue: a rare finding", lambda: _good(approver.get(f"{admin}/case/?finding=name.missing"))),
        (
            "all cases: a rare finding",
            lambda: _good(approver.get(f"{admin}/case/?show=all&finding=name.missing")),
        ),
        ("figures of 30 days", lambda: _good(approver.get("/admin/figures/"))),
        ("figures of a year", lambda: _good(approver.get("/admin/figures/?days=365"))),
        ("accuracy of a year", lambda: _good(approver.get("/admin/figures/accuracy/?days=365"))),
        ("next case", lambda: _good(reviewer.post(f"{admin}/case/next/"))),
        ("workbench", lambda: _good(reviewer.get(f"{admin}/case/{case.pk}/change/"))),
        ("disclosure register", lambda: _good(auditor.get(f"{admin}/disclosure/"))),
        ("own disclosures", lambda: _good(reviewer.get(f"{admin}/disclosure/"))),
        ("audit chain", lambda: _good(auditor.get(f"{admin}/auditentry/"))),
        ("readings", lambda: _good(auditor.get(f"{admin}/reading/"))),
        ("decisions", lambda: _good(auditor.get(f"{admin}/decision/"))),
        ("sweeper, every 5 s", _sweep),
        ("a day counted, once a day", _count_a_day),
    ]
    return [_page(name, call, times) for name, call in calls]


def reviewable(case: Case) -> bool:
    return Case.objects.get(pk=case.pk).status is State.IN_REVIEW


def _sweep() -> None:
    recognition.release_stranded()
    recognition.conclude_stranded()
    recognition.due_documents()


def _count_a_day() -> None:
    counting.count_day(day=timezone.localdate() - timedelta(days=20))


def _good(response: object) -> None:
    status = getattr(response, "status_code", 0)
    assert status in (200, 302), status


def _page(name: str, call: Callable[[], object], times: int) -> PageCost:
    call()
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):  # a request empties the log that CaptureQueriesContext reads
        call()
    costs: list[meter.Cost] = []
    limit = time.monotonic() + 10  # a page that takes seconds needs no fifteen tries
    while len(costs) < times and (len(costs) < 3 or time.monotonic() < limit):
        costs.append(meter.cost(call))
    return PageCost(
        name,
        statistics.median(c.wall for c in costs) * 1000,
        statistics.median(c.cpu for c in costs) * 1000,
        len(asked),
    )
