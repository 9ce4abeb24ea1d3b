"""What the pages of figures show: days that were counted, today as it stands, and the queue now. No personal data."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from kyc.domain.lifecycle import State
from kyc.domain.measures import Measure, Share
from kyc.domain.risk import Risk
from kyc.models import BlindCheck, Case, DayFigure
from kyc.selectors import queue
from kyc.selectors.tally import Figure, Figures, Key, bounds, tally

LIVE_DAYS = 2  # today, and yesterday until the worker has counted it
AGES = (("day", 24), ("three", 72), ("week", 168), ("older", None))
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


@dataclass(slots=True)
class Told:
    """Sums over a period, the series by day, and the last day that the worker has counted."""

    sums: Figures
    by_day: dict[date, dict[Key, Figure]]
    counted_to: date | None

    def of(self, measure: Measure) -> dict[str, Figure]:
        return {key: figure for (name, key), figure in self.sums.items() if name is measure}

    def count(self, measure: Measure, key: str) -> int:
        return self.sums.get((measure, key), Figure()).count

    def on(self, day: date, measure: Measure, key: str) -> int:
        return self.by_day.get(day, {}).get((measure, key), Figure()).count


def counted_to() -> date | None:
    last: date | None = DayFigure.objects.aggregate(last=Max("day"))["last"]
    return last


def told(period: Period, *, series: tuple[Measure, ...] = ()) -> Told:
    """Three queries and today's own, however many cases there are."""
    last = counted_to()
    sums: Figures = defaultdict(Figure)
    by_day: dict[date, dict[Key, Figure]] = {}
    days = DayFigure.objects.filter(day__gte=period.first, day__lte=period.last).order_by()
    for measure, key, count, total in days.values_list("measure", "key").annotate(Sum("count"), Sum("total")):
        sums[Measure(measure), key].add(count, total)
    if series:
        each = days.filter(measure__in=series).values_list("day", "measure", "key", "count", "total")
        for day, measure, key, count, total in each:
            by_day.setdefault(day, {})[Measure(measure), key] = Figure(count, total)
    for day in live_days(period, last):
        for name, figure in (fresh := tally(day)).items():
            sums[name].add(figure.count, figure.total)
        by_day[day] = fresh
    return Told(dict(sums), by_day, last)


def live_days(period: Period, last: date | None) -> list[date]:
    """The days of the period that are counted for this page alone."""
    today = timezone.localdate()
    recent = [today - timedelta(days=n) for n in range(LIVE_DAYS)]
    return [day for day in recent if period.first <= day <= period.last and (last is None or day > last)]


def behind(period: Period, last: date | None) -> bool:
    """Whether days of the period have cases and are neither counted nor counted for this page."""
    first_live = timezone.localdate() - timedelta(days=LIVE_DAYS - 1)
    if last is None:
        return Case.objects.filter(created_at__lt=bounds(first_live)[0]).exists()
    return last + timedelta(days=1) < first_live and period.last > last


def rows(period: Period) -> Iterator[tuple[date, str, str, int, float]]:
    """Every figure of every day, for a file."""
    days = DayFigure.objects.filter(day__gte=period.first, day__lte=period.last)
    yield from (
        days.order_by("day", "measure", "key")
        .values_list("day", "measure", "key", "count", "total")
        .iterator()
    )
    for day in sorted(live_days(period, counted_to())):
        for (measure, key), figure in sorted(tally(day).items()):
            yield day, measure.value, key, figure.count, figure.total


@dataclass(frozen=True, slots=True)
class QueueNow:
    """Open cases without drills; ages count from the day on which they reached the officers."""

    in_review: int
    second: int
    overdue: int
    oldest: datetime | None
    ages: dict[str, int]
    risks: dict[Risk, int]


def queue_now() -> QueueNow:
    """Counted by the database in one walk through the index of open cases."""
    now, waits = timezone.now(), timedelta(hours=settings.REVIEW_DUE_HOURS)
    open_cases = Case.objects.filter(queue.waiting(), drill=False)
    asked: dict[str, Count | Min] = {
        "in_review": Count("pk", filter=Q(state=State.IN_REVIEW)),
        "second": Count("pk", filter=Q(state=State.SECOND_REVIEW)),
        "overdue": Count("pk", filter=Q(due_at__lt=now)),
        "oldest": Min("due_at"),
    }
    asked |= {f"risk_{risk.value}": Count("pk", filter=Q(risk=risk.value)) for risk in Risk}
    youngest: datetime | None = None
    for name, hours in AGES:
        eldest = now + waits - timedelta(hours=hours) if hours else None
        asked[f"age_{name}"] = Count("pk", filter=_due_between(eldest, youngest))
        youngest = eldest
    found: dict[str, Any] = open_cases.aggregate(**asked)
    return QueueNow(
        in_review=found["in_review"],
        second=found["second"],
        overdue=found["overdue"],
        oldest=found["oldest"] - waits if found["oldest"] else None,
        ages={name: found[f"age_{name}"] for name, _hours in AGES},
        risks={risk: found[f"risk_{risk.value}"] for risk in reversed(Risk)},
    )


def _due_between(first: datetime | None, end: datetime | None) -> Q:
    """A case reached the officers REVIEW_DUE_HOURS before it is due: so its due date tells its age."""
    since = Q(due_at__gte=first) if first else Q(due_at__isnull=False)
    return since & Q(due_at__lt=end) if end else since


def accuracy(told: Told, source: str) -> dict[str, dict[str, Share]]:
    """By reader and field, how many of its readings were right."""
    counts: dict[str, dict[str, list[int]]] = {}
    for key, figure in told.of(Measure.FIELD).items():
        of, reader, name, verdict = key.split(":")
        if of == source:
            tallied = counts.setdefault(reader, {}).setdefault(name, [0, 0])
            tallied[0] += figure.count if verdict == "right" else 0
            tallied[1] += figure.count
    return {r: {f: Share(*pair) for f, pair in fields.items()} for r, fields in counts.items()}


def blind_differences() -> list[BlindCheck]:
    """The last checks in which two people differed: somebody should look at these cases again."""
    done = BlindCheck.objects.filter(done_at__isnull=False).exclude(differs=[]).select_related("by")
    return list(done.order_by("-done_at")[:MOST_SHOWN])
