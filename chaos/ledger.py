"""What became of each picture, counted in the product's own database: `chaos.programs.Ledger` asks.

python -m chaos.ledger   reads `["question", …]` lines, answers each with a line of JSON.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

from django.db import DatabaseError, close_old_connections
from django.db.models import Count

from chaos import loaded  # noqa: F401 - before kyc
from chaos.report import Account
from kyc.domain.lifecycle import State
from kyc.models import Case, Document, FieldValue, Heartbeat, Reading
from kyc.services import custody
from kyc.vault.keys import Refused

WAITING = (State.STARTED, State.QUEUED, State.READING)


def waiting() -> int:
    """Pictures that no officer sees yet; -1 while the database does not answer."""
    close_old_connections()
    try:
        return Document.objects.filter(case__state__in=[State.QUEUED, State.READING]).count()
    except DatabaseError:
        return -1


def worker_heard_since(moment: float) -> bool:
    """Whether a worker took a task after that moment, by its heartbeat; one of a clock that was ahead says nothing."""
    close_old_connections()
    then = datetime.fromtimestamp(moment, UTC)
    try:
        return Heartbeat.objects.filter(part="worker", at__range=(then, datetime.now(UTC))).exists()
    except DatabaseError:
        return False


def account(names: list[str]) -> dict[str, int]:
    """The balance over the pictures that were acknowledged or committed, and over whatever else came in."""
    acknowledged = set(names)
    documents: dict[str, list[Document]] = {}
    for document in Document.objects.select_related("case"):
        documents.setdefault(bytes(document.sha256).hex(), []).append(document)
    told = Account(pictures=len(acknowledged | set(documents)))
    for name in acknowledged:
        told.lost += not any(d.case.status is State.IN_REVIEW for d in documents.get(name, []))
    told.duplicated = sum(len(same) - 1 for same in documents.values()) + _twice()
    told.stuck = Case.objects.filter(state__in=WAITING, documents__isnull=False).distinct().count()
    told.unopenable = sum(not _opens(d) for same in documents.values() for d in same)
    read = Reading.objects.filter(error_code="").values("document").distinct().count()
    told.read, told.typed_by_hand = read, sum(map(len, documents.values())) - read - told.stuck
    return asdict(told)


def why_by_hand() -> dict[str, int]:
    """The codes of the documents that no reader read."""
    return dict(Counter(Reading.objects.exclude(error_code="").values_list("error_code", flat=True)))


def _twice() -> int:
    """Documents with more than one reading, and readings whose values stand twice."""
    readings = Reading.objects.values("document", "reader").annotate(n=Count("pk")).filter(n__gt=1).count()
    values = (
        FieldValue.objects.filter(step="read")
        .values("reading", "field")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .count()
    )
    return readings + values


def _opens(document: Document) -> bool:
    try:
        return len(custody.open_picture(document)) == document.size
    except (OSError, Refused):
        return False


ANSWERS: dict[str, Callable[..., object]] = {
    "waiting": waiting,
    "worker_heard_since": worker_heard_since,
    "account": account,
    "why_by_hand": why_by_hand,
}


def main() -> None:
    for line in sys.stdin:
        name, *told = json.loads(line)
        print(json.dumps(ANSWERS[name](*told)), flush=True)


if __name__ == "__main__":
    main()
