"""How lists of cases are narrowed by what belongs to them, at a cost that does not grow with all cases."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kyc.models import Case, Decision, Finding, Reading
from kyc.selectors.queue import held_by

FEW = 5000
"""Rare things are looked up and their cases listed; common ones are met often enough on the way through a list."""


def with_code(cases: QuerySet[Case], code: str) -> QuerySet[Case]:
    """Those with a finding of this rule."""
    return cases.filter(_having(Finding.objects.filter(code=code), "case"))


def read_by(cases: QuerySet[Case], reader: str) -> QuerySet[Case]:
    return cases.filter(_having(Reading.objects.filter(reader=reader, error_code=""), "document__case"))


def read_by_nobody(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those that no reader could read: an officer types the card."""
    return cases.exclude(Exists(Reading.objects.filter(error_code="", document__case=OuterRef("pk"))))


def of_officer(cases: QuerySet[Case], account_id: int, now: datetime) -> QuerySet[Case]:
    """Those that the officer holds, was given, or decided on."""
    decided = _having(Decision.objects.filter(by=account_id), "case")
    return cases.filter(held_by(account_id, now) | Q(assigned_to=account_id) | Q(decided))


def _having(rows: QuerySet[Any], case: str) -> Q:
    """The cases that some of `rows` belong to; `case` is the way from a row to its case."""
    ids = rows.order_by().values(case)
    if ids[: FEW + 1].count() <= FEW:
        return Q(pk__in=ids)
    return Q(Exists(rows.filter(**{case: OuterRef("pk")})))
