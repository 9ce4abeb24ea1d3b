"""Counting: each day that is over is counted once, by the worker, so that a page reads days and not cases."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from kyc.models import Case, DayFigure
from kyc.selectors.tally import tally

AT_ONCE = 60  # days: after this the next run goes on


def count_days() -> int:
    """Counts the days since the last one that was counted, up to yesterday; how many."""
    day, counted = _next_day(), 0
    while day is not None and day < timezone.localdate() and counted < AT_ONCE:
        count_day(day=day)
        day, counted = day + timedelta(days=1), counted + 1
    return counted


@transaction.atomic
def count_day(*, day: date) -> None:
    """Counts one day anew. An empty day keeps one row as well: it says that the day was counted."""
    DayFigure.objects.filter(day=day).delete()
    DayFigure.objects.bulk_create(
        DayFigure(day=day, measure=measure, key=key, count=figure.count, total=figure.total)
        for (measure, key), figure in tally(day).items()
    )


def _next_day() -> date | None:
    last: date | None = DayFigure.objects.aggregate(last=Max("day"))["last"]
    if last is not None:
        return last + timedelta(days=1)
    first = Case.objects.aggregate(first=Min("created_at"))["first"]
    return timezone.localdate(first) if first else None
