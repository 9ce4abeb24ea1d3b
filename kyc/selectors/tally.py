"""One day's figures, counted by indexes on dates: its cost is that day's work, whatever the database holds besides.

Events count on the day on which they took effect, so that a day that is over never changes. Drills count nowhere.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from kyc.domain import reader_rules
from kyc.domain.facts import Field
from kyc.domain.measures import HOUR_STEPS, SURE_STEPS, Measure, step
from kyc.models import BlindCheck, Decision, Document, Finding, Judgement

UNSURE = "none"  # the reader says nothing of how sure it is


@dataclass(slots=True)
class Figure:
    """How often, and the sum of what was counted where it has a size."""

    count: int = 0
    total: float = 0.0

    def add(self, count: int, total: float = 0.0) -> None:
        self.count += count
        self.total += total


Key = tuple[Measure, str]
Figures = dict[Key, Figure]


def bounds(day: date) -> tuple[datetime, datetime]:
    """The day's first moment and the next day's, in the deployment's own time."""
    first = datetime.combine(day, datetime.min.time(), timezone.get_default_timezone())
    last = datetime.combine(day + timedelta(days=1), datetime.min.time(), timezone.get_default_timezone())
    return first, last


def tally(day: date) -> Figures:
    """Everything that is counted of one day."""
    span = bounds(day)
    found: Figures = defaultdict(Figure)
    found[Measure.ARRIVED, ""].add(_arrived(span))
    _decisions(found, span)
    _judgements(found, span)
    _findings(found, span)
    _blind(found, span)
    return dict(found)


def _arrived(span: tuple[datetime, datetime]) -> int:
    """A picture on which its customer insisted later counts on the day on which it came, and on no other."""
    # `received_at` is never before the day on which a picture came: its index narrows.
    pictures = Document.objects.filter(case__drill=False, received_at__gte=span[0])
    return (
        pictures.alias(came=Coalesce("first_received_at", "received_at"))
        .filter(_within("came", span))
        .count()
    )


def _within(name: str, span: tuple[datetime, datetime]) -> Q:
    return Q(**{f"{name}__gte": span[0], f"{name}__lt": span[1]})


def _decisions(found: Figures, span: tuple[datetime, datetime]) -> None:
    decisions = Decision.objects.filter(case__drill=False)
    alone = decisions.filter(_within("at", span), needs_second=False, withdrawn_at=None)
    agreed = decisions.filter(_within("seconded_at", span))
    for rows in (alone, agreed):
        for outcome, effect, received in _with_waiting(rows):
            found[Measure.DECIDED, outcome].add(1)
            if received is not None:
                hours = (effect - received).total_seconds() / 3600
                found[Measure.HOURS, str(step(hours, HOUR_STEPS))].add(1, hours)
    found[Measure.LOOKED, "agreed"].add(agreed.count())
    found[Measure.LOOKED, "sent_back"].add(decisions.filter(_within("withdrawn_at", span)).count())


def _with_waiting(rows: QuerySet[Decision]) -> Iterable[tuple[str, datetime, datetime | None]]:
    """Outcome, when it took effect, and when the picture that it is about had come."""
    effect = Coalesce("seconded_at", "at")
    pictures = Document.objects.filter(case=OuterRef("case"), received_at__lte=OuterRef("effect"))
    newest = Subquery(pictures.order_by("-received_at").values("received_at")[:1])
    told: Any = rows.annotate(effect=effect).annotate(received=newest)
    waited: Iterable[tuple[str, datetime, datetime | None]] = told.order_by().values_list(
        "outcome", "effect", "received"
    )
    return waited


def _judgements(found: Figures, span: tuple[datetime, datetime]) -> None:
    judged = Judgement.objects.filter(_within("at", span)).order_by()
    grouped = judged.values_list("source", "reading__reader", "field", "right").annotate(count=Count("pk"))
    for source, reader, field, right, count in grouped:
        found[Measure.FIELD, f"{source}:{reader}:{field}:{'right' if right else 'wrong'}"].add(count)
    whole = judged.values_list("source", "reading__reader", "reading_id").annotate(
        sure=Min("confidence"), known=Count("confidence"), wrong=Count("pk", filter=Q(right=False))
    )
    for source, reader, _reading, sure, known, wrong in whole.iterator():
        bound = str(step(sure, SURE_STEPS)) if known and sure is not None else UNSURE
        found[Measure.SURE, f"{source}:{reader}:{bound}:{'faulty' if wrong else 'clean'}"].add(1, wrong)


def _findings(found: Figures, span: tuple[datetime, datetime]) -> None:
    findings = Finding.objects.filter(_within("at", span), case__drill=False).order_by()
    compared = Q(code__in=reader_rules.CODES)
    grouped = findings.exclude(compared).values_list("severity", "code").annotate(count=Count("pk"))
    for severity, code, count in grouped:
        found[Measure.FINDING, f"{severity}:{code}"].add(count)
    for code, fields in findings.filter(compared).values_list("code", "fields").iterator():
        word = "differ" if code == reader_rules.DIFFER else "agree"
        for field in fields:
            found[Measure.READERS, f"{word}:{field}"].add(1)


def _blind(found: Figures, span: tuple[datetime, datetime]) -> None:
    for differs in BlindCheck.objects.filter(_within("done_at", span)).values_list("differs", flat=True):
        for field in Field:
            found[Measure.BLIND, f"{'differ' if field.value in differs else 'same'}:{field}"].add(1)
