"""Which days a page of figures shows."""

from datetime import date, timedelta

from django.http import HttpRequest
from django.utils import timezone

from kyc.selectors.figures import Period

USUAL, LONGEST = 30, 366
CHOICES = (7, 30, 90, 365)


def asked(request: HttpRequest) -> tuple[Period, str]:
    """The period that the address names, and the code of what is wrong with it; then it is the last 30 days."""
    today = timezone.localdate()
    usual = Period(today - timedelta(days=USUAL - 1), today)
    days, first, last = (request.GET.get(name, "").strip() for name in ("days", "first", "last"))
    if days and not first and not last:
        known = days in {str(choice) for choice in CHOICES}
        return (Period(today - timedelta(days=int(days) - 1), today), "") if known else (usual, "no_day")
    if not first and not last:
        return usual, ""
    try:
        period = Period(date.fromisoformat(first), min(date.fromisoformat(last), today))
    except ValueError:
        return usual, "no_day"
    if period.first > today:
        return usual, "future"
    if period.first > period.last:
        return usual, "backwards"
    return (period, "") if (period.last - period.first).days < LONGEST else (usual, "too_long")
