"""The product's figures in Prometheus' format, read from the database when asked: the same from every web process."""

from collections.abc import Iterable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from kyc.models.calls import BOUNDS
from kyc.selectors import monitoring
from kyc.services.monitoring import LEASE_EXPIRED

CONTENT_TYPE = CONTENT_TYPE_LATEST


def text() -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    return bytes(generate_latest(registry))


class _Figures(Collector):
    """Labels are readers, codes, parts and outcomes; never a person's."""

    def collect(self) -> Iterable[Metric]:
        yield from _queues()
        yield from _calls()
        yield from _accounts()
        yield from _parts()

    def describe(self) -> Iterable[Metric]:
        return ()


def _queues() -> Iterable[Metric]:
    waiting = monitoring.reading_queue()
    yield _gauge("reading_queue", "Pictures that no reader settled yet.", waiting.total)
    yield _gauge("reading_queue_leased", "Those of them that a worker holds.", waiting.leased)
    yield _gauge("reading_queue_delayed", "Those of them that wait for another attempt.", waiting.delayed)
    yield _gauge("reading_queue_oldest_seconds", "How long ago the oldest of them came.", waiting.oldest)
    total, overdue = monitoring.review_queue()
    yield _gauge("review_queue", "Cases that wait for an officer.", total)
    yield _gauge("review_queue_overdue", "Those of them past their due date.", overdue)
    decisions = GaugeMetricFamily(
        "sinwon_decisions_day", "Decisions of the last 24 hours.", labels=["outcome"]
    )
    for outcome, count in monitoring.decisions_of_a_day().items():
        decisions.add_metric([outcome], count)
    yield decisions


def _calls() -> Iterable[Metric]:
    told = HistogramMetricFamily(
        "sinwon_reader_call_seconds", "Calls of a reader by their end.", labels=["reader", "code"]
    )
    expired = CounterMetricFamily(
        "sinwon_lease_expiries", "Leases whose worker never came back.", labels=["reader"]
    )
    for row in monitoring.calls():
        if row.code == LEASE_EXPIRED:
            expired.add_metric([row.reader], row.calls)
            continue
        buckets = [(str(bound), getattr(row, name)) for name, bound in BOUNDS.items()]
        told.add_metric([row.reader, row.code or "read"], [*buckets, ("+Inf", row.calls)], row.seconds)
    yield told
    yield expired


def _accounts() -> Iterable[Metric]:
    ahead = GaugeMetricFamily(
        "sinwon_quota_ahead_seconds", "Slots of the quota given out in advance.", labels=["reader"]
    )
    breaker = GaugeMetricFamily(
        "sinwon_breaker_open_seconds", "For how long no call is made; 0: closed.", labels=["reader", "code"]
    )
    for account in monitoring.accounts():
        ahead.add_metric([account.reader], account.ahead)
        breaker.add_metric([account.reader, account.reason], account.open_for)
    yield ahead
    yield breaker


def _parts() -> Iterable[Metric]:
    seen = GaugeMetricFamily(
        "sinwon_part_silent_seconds", "Since the part last said that it works.", labels=["part"]
    )
    for part, age in monitoring.part_ages().items():
        seen.add_metric([part], age)
    yield seen
    if signed := monitoring.signed_at():
        yield _gauge(
            "audit_signed_timestamp_seconds", "When the audit chain was signed last.", signed.timestamp()
        )


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"sinwon_{name}", words, value=value)
