"""The officers' queue: which cases wait for whom, and what a row of it says. Nothing here decrypts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from kyc.domain.findings import Severity
from kyc.domain.lifecycle import WITH_OFFICERS, State
from kyc.domain.provenance import HUMAN, Outcome
from kyc.models import Case, Decision, Document, FieldValue, Finding, Reading, SecondLook

REVIEWED = tuple(sorted(WITH_OFFICERS))
LONGEST_ID = 32
SHORTEST_ID = 6
MANY = 1000  # beyond this nobody counts: the pages say "more than"


IN_ORDER = ("turn_at", "pk")
"""By due date, a grave case somewhat earlier: `kyc.domain.risk`."""
NEWEST_FIRST = ("-created_at", "pk")


def waiting() -> Q:
    """The cases that need an officer: they alone have a turn (`Case.Meta.constraints`), and a small index of their own.

    Asked by the turn and not by the state, which SQLite would take for the better index and then sort every case.
    """
    return Q(turn_at__isnull=False)


def overdue(now: datetime) -> Q:
    """Among those that wait: what is overdue has had its turn as well."""
    return Q(turn_at__lt=now, due_at__lt=now)


def free(account_id: int | None, now: datetime) -> Q:
    """Held by nobody, by a claim that ran out, or by this officer; and given to no other one."""
    held = Q(claimed_by=None) | Q(claim_expires__lt=now) | Q(claimed_by=account_id)
    return held & (Q(assigned_to=None) | Q(assigned_to=account_id))


def held_by(account_id: int | None, now: datetime) -> Q:
    """Held by this officer now."""
    return Q(claimed_by=account_id, claim_expires__gte=now)


def own_proposal(account_id: int | None) -> Exists:
    """The case waits for another officer than this one, who proposed its decision or looked at it already."""
    mine = Q(by=account_id) | Exists(SecondLook.objects.filter(decision=OuterRef("pk"), by=account_id))
    return Exists(Decision.objects.waiting().filter(mine, case=OuterRef("pk")))


def own_values(account_id: int | None) -> Exists:
    """The case waits with an approval that rests on a value which this officer settled: `values.settlers`."""
    replaced = Document.objects.filter(case=OuterRef("case"), received_at__gt=OuterRef("at"))
    later = FieldValue.objects.filter(
        case=OuterRef("case"), field=OuterRef("field"), step__in=HUMAN, at__gt=OuterRef("at")
    )
    # No bare `by`: SQLite would take its index and go through all that the officer ever settled, for every case.
    standing = FieldValue.objects.alias(settler=F("by") + 0).filter(
        ~Exists(replaced), ~Exists(later), case=OuterRef("case"), step__in=HUMAN, settler=account_id
    )
    return Exists(
        Decision.objects.waiting().filter(Exists(standing), case=OuterRef("pk"), outcome=Outcome.APPROVE)
    )


def barred(account_id: int | None) -> Q:
    """Of cases in second review: this officer's agreement would not be a second pair of eyes."""
    return Q(own_proposal(account_id) | own_values(account_id))


def needing(account_id: int | None, *, seconds: bool, now: datetime) -> Q:
    """The cases that this officer could take now; `seconds` where they may agree with others' decisions."""
    seconding = Q(state=State.SECOND_REVIEW)
    unfit = seconding & barred(account_id) if seconds else seconding
    return waiting() & ~unfit & free(account_id, now)


def by_lookup(index: bytes) -> QuerySet[Case]:
    """The cases in which a name or number with this keyed index stands, newest first."""
    held = FieldValue.objects.filter(lookup=index).values("case_id")
    return Case.objects.filter(pk__in=held).select_related("claimed_by").order_by("-created_at")


def by_id(text: str) -> QuerySet[Case]:
    """The cases whose id begins with these hexadecimal digits; none where the text is no part of an id."""
    digits = text.strip().lower().replace("-", "")
    if not SHORTEST_ID <= len(digits) <= LONGEST_ID or set(digits) - set("0123456789abcdef"):
        return Case.objects.none()
    lowest, highest = digits.ljust(LONGEST_ID, "0"), digits.ljust(LONGEST_ID, "f")
    found = Case.objects.filter(pk__gte=UUID(lowest), pk__lte=UUID(highest))
    return found.select_related("claimed_by").order_by("-created_at")


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What the newest picture of a case brought: findings by severity, and the readers that read it."""

    findings: Counter[Severity] = field(default_factory=Counter)
    readers: tuple[str, ...] = ()
    pictures: int = 0


def facts_of(cases: Iterable[Case]) -> Mapping[UUID, RowFacts]:
    """For the rows of one page, in three queries."""
    newest: dict[UUID, UUID] = {}
    pictures: Counter[UUID] = Counter()
    documents = Document.objects.filter(case__in=[case.pk for case in cases]).order_by("received_at")
    for document_id, case_id in documents.values_list("pk", "case_id"):
        newest[case_id] = document_id
        pictures[case_id] += 1
    findings = _findings(list(newest.values()))
    readers = _readers(list(newest.values()))
    return {
        case_id: RowFacts(
            findings.get(document_id, Counter()), tuple(readers.get(document_id, ())), pictures[case_id]
        )
        for case_id, document_id in newest.items()
    }


def _findings(documents: Sequence[UUID]) -> dict[UUID, Counter[Severity]]:
    found: dict[UUID, Counter[Severity]] = {}
    rows = Finding.objects.filter(reading__document__in=documents).values_list(
        "reading__document", "severity"
    )
    for document_id, severity, count in rows.annotate(count=Count("pk")).order_by():
        found.setdefault(document_id, Counter())[Severity(severity)] += count
    return found


def _readers(documents: Sequence[UUID]) -> dict[UUID, list[str]]:
    readers: dict[UUID, list[str]] = {}
    rows = Reading.objects.filter(document__in=documents, error_code="").order_by("reader")
    for document_id, reader in rows.values_list("document_id", "reader"):
        readers.setdefault(document_id, []).append(reader)
    return readers


def at_most(rows: QuerySet[Any]) -> int:
    """How many rows there are, counted no further than MANY."""
    return rows.order_by()[: MANY + 1].count()
