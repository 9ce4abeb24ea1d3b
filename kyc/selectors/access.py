"""Figures of the register of disclosures for one month: who saw how much, and what is out of line."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractHour, ExtractWeekDay
from django.utils import timezone

from kyc.models import ApiKey, AuditEntry, Disclosure

NIGHT_BEGINS, NIGHT_ENDS = 22, 7  # o'clock, in the deployment's time
WEEKEND = (1, 7)  # as databases count: Sunday is 1
# What an auditor should look at; the thresholds are a first sieve, the eyes are theirs.
MANY_TIMES, MANY_AT_LEAST = 3, 30
UNWORKED_AT_LEAST, NIGHT_AT_LEAST = 5, 5
OFFICER, HOST = "officer:", "host:"


def first_of(day: date) -> date:
    return day.replace(day=1)


def after(month: date) -> date:
    return first_of(month + timedelta(days=31))


def looks(month: date) -> QuerySet[Disclosure]:
    begins, ends = (timezone.make_aware(datetime.combine(day, time())) for day in (month, after(month)))
    return Disclosure.objects.filter(at__gte=begins, at__lt=ends)


def months() -> list[date]:
    """Every finished month in which anybody saw anything, oldest first."""
    first = Disclosure.objects.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return []
    month, now, found = first_of(timezone.localdate(first)), first_of(timezone.localdate()), []
    while month < now:
        if looks(month).exists():
            found.append(month)
        month = after(month)
    return found


def figures(month: date) -> dict[str, Any]:
    """Plain values, as they are signed: a line for each account or part of the product."""
    rows = looks(month)
    what: dict[str, dict[str, int]] = defaultdict(dict)
    for actor, kind, count in rows.values_list("actor", "what").annotate(count=Count("pk")).order_by():
        what[actor][kind] = count
    cases = _cases(rows)
    worked = _worked(month, [actor for actor in cases if actor.startswith(OFFICER)])
    odd = _at_odd_hours(rows)
    names = _names(cases)
    people: list[dict[str, Any]] = [
        {
            "actor": actor,
            "name": names.get(actor, actor),
            "looks": sum(what[actor].values()),
            "what": what[actor],
            "cases": len(cases[actor]),
            "unworked": len(cases[actor] - worked.get(actor, set())) if actor.startswith(OFFICER) else 0,
            "odd_hours": odd.get(actor, 0),
        }
        for actor in sorted(cases)
    ]
    middle = median(person["looks"] for person in people) if people else 0
    for person in people:
        person["outliers"] = _outliers(person, middle)
    return {"month": f"{month:%Y-%m}", "looks": sum(person["looks"] for person in people), "people": people}


def _outliers(person: dict[str, Any], middle: float) -> list[str]:
    found = {
        "many": person["looks"] >= max(MANY_AT_LEAST, MANY_TIMES * middle),
        "unworked": person["unworked"] >= UNWORKED_AT_LEAST,
        "odd_hours": person["odd_hours"] >= NIGHT_AT_LEAST,
        "export": bool(person["what"].get(Disclosure.What.EXPORT)),
    }
    return [code for code, is_one in found.items() if is_one]


def _cases(rows: QuerySet[Disclosure]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = defaultdict(set)
    for actor, case_id in rows.values_list("actor", "case_id").order_by().distinct():
        found[actor].add(case_id)
    return found


def _worked(month: date, actors: Iterable[str]) -> dict[str, set[UUID]]:
    """The cases in which each did anything that month but look."""
    begins, ends = (timezone.make_aware(datetime.combine(day, time())) for day in (month, after(month)))
    steps = AuditEntry.objects.filter(
        actor__in=list(actors), at__gte=begins, at__lt=ends, case_id__isnull=False
    )
    found: dict[str, set[UUID]] = defaultdict(set)
    for actor, case_id in steps.values_list("actor", "case_id").order_by().distinct():
        if case_id is not None:
            found[actor].add(case_id)
    return found


def _at_odd_hours(rows: QuerySet[Disclosure]) -> dict[str, int]:
    timed = rows.annotate(hour=ExtractHour("at"), day=ExtractWeekDay("at"))
    odd = timed.filter(Q(hour__gte=NIGHT_BEGINS) | Q(hour__lt=NIGHT_ENDS) | Q(day__in=WEEKEND))
    return dict(odd.values_list("actor").annotate(count=Count("pk")).order_by())


def _names(actors: Collection[str]) -> dict[str, str]:
    ids = {actor: int(actor.removeprefix(OFFICER)) for actor in actors if actor.startswith(OFFICER)}
    known = dict(User.objects.filter(pk__in=ids.values()).values_list("pk", "username"))
    people = {actor: known[pk] for actor, pk in ids.items() if pk in known}
    keys = [actor.removeprefix(HOST) for actor in actors if actor.startswith(HOST)]
    rows = ApiKey.objects.filter(pk__in=keys).select_related("host")
    return people | {f"{HOST}{key.pk}": f"{key.host.name} ({key.name})" for key in rows}
