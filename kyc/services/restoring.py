"""After a restore: does what came back hold together? The chain, the triggers, and cases drawn by chance, opened."""

import random
from dataclasses import dataclass, field

from django.db import connection, transaction

from kyc.domain.actors import Actor, Kind
from kyc.domain.lifecycle import State
from kyc.models import AuditEntry, Case, Document, append_only
from kyc.services import audit, custody, disclosure
from kyc.vault.keys import KeyringMissing, Refused

RESTORE = Actor(Kind.SYSTEM, "restore_check")


@dataclass(slots=True)
class Restored:
    """`entries` of the chain were verified, `opened` of `drawn` cases opened whole; `wrong` says what was not right."""

    entries: int = 0
    drawn: int = 0
    opened: int = 0
    pictures: int = 0
    wrong: list[str] = field(default_factory=list)


def check(*, sample: int, reason: str) -> Restored:
    """Opens `sample` cases, values and pictures, each registered as a disclosure; shows nobody anything."""
    told = Restored()
    told.entries, broken = audit.verify()
    if broken:
        told.wrong.append(f"the audit chain is broken at entry {broken.sequence}: {broken.what}")
    if gone := append_only.missing(connection):
        told.wrong.append(f"triggers on evidence are missing: {', '.join(gone)}")
    for case in _drawn(sample):
        told.drawn += 1
        told.opened += _opens(case, told, reason)
    AuditEntry.append(
        "restore.checked",
        by=RESTORE,
        data={"drawn": told.drawn, "opened": told.opened, "wrong": len(told.wrong)},
    )
    return told


def _drawn(sample: int) -> list[Case]:
    """Cases that still have their key, evenly by chance."""
    standing = Case.objects.exclude(state=State.ERASED).filter(documents__isnull=False).distinct()
    ids = list(standing.values_list("pk", flat=True))
    return list(Case.objects.filter(pk__in=random.sample(ids, min(sample, len(ids)))))


@transaction.atomic
def _opens(case: Case, told: Restored, reason: str) -> bool:
    try:
        disclosure.current_of(case=case, by=RESTORE, reason=reason, address=None)
        for document in case.documents.all():
            if not document.destroyed:
                _open_picture(document)
                told.pictures += 1
    except (Refused, KeyringMissing, OSError) as e:
        told.wrong.append(f"case {case.pk} does not open: {type(e).__name__}")
        return False
    return True


def _open_picture(document: Document) -> None:
    if len(custody.open_picture(document)) != document.size:
        raise Refused(f"the picture of document {document.id} has another size")
