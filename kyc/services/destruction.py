"""Destroying what a case sealed: its key is overwritten, its pictures are removed, and nobody can look it up any more.

The rows stay: sealed text without its key is noise, and evidence only grows. What copies outside the database keep
(backups, a replica, versions in an object store) ends when they do: docs/security.md.
"""

import logging
import secrets
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.db.models import Model

from kyc.domain.actors import Actor
from kyc.domain.lifecycle import State
from kyc.models import (
    AccessCode,
    Case,
    Consent,
    Contact,
    Document,
    Draft,
    FieldValue,
    MailMessage,
    Notice,
    PictureBand,
    Upload,
    UploadPart,
)
from kyc.vault import storage
from kyc.vault.keys import Refused

logger = logging.getLogger(__name__)

# Every table in which `destroy` overwrites or deletes rows: `scrub` removes what the database keeps of the old ones.
OVERWRITTEN: tuple[type[Model], ...] = (
    Case,
    FieldValue,
    Document,
    PictureBand,
    Draft,
    Upload,
    UploadPart,
    Contact,
    AccessCode,
    MailMessage,
    Notice,
    Consent,
)


class NotDestroyed(Exception):
    """Something of the case could still be opened, so it is not called erased. Names the kinds that are left."""

    def __init__(self, left: list[str]) -> None:
        super().__init__(f"still there after erasure: {', '.join(left)}")
        self.left = left


@dataclass(frozen=True, slots=True)
class Destroyed:
    pictures: int
    values: int


def destroy(case: Case, *, by: Actor, reason: str) -> Destroyed:
    """Within the caller's transaction. Raises IllegalMove, NotDestroyed, OSError where the storage fails.

    The pictures go first: where the storage fails nothing else was changed, and the next run begins again.
    """
    documents = list(case.documents.all())
    for document in documents:
        storage.delete(document.storage_key)
        document.sha256 = secrets.token_bytes(32)  # a fingerprint would tell whether a known picture was here
        document.save(update_fields=["sha256"])
    files = list(case.attachments.all())
    for file in files:
        storage.delete(file.storage_key)
    case.move(
        State.ERASED,
        by=by,
        reason=reason,
        sealed_key=secrets.token_bytes(len(case.sealed_key)),
        claimed_by=None,
        claim_expires=None,
        due_at=None,
    )
    FieldValue.objects.filter(case=case, lookup__isnull=False).update(lookup=None)
    PictureBand.objects.filter(document__case=case).delete()
    case.drafts.all().delete()
    case.uploads.all().delete()
    Contact.objects.filter(case=case).delete()
    case.codes.all().delete()
    case.notices.update(address=None)
    case.consents.update(address=None)
    if left := leftovers(case):
        raise NotDestroyed(left)
    return Destroyed(pictures=len(documents) + len(files), values=case.values.count())


def leftovers(case: Case) -> list[str]:
    """What of an erased case could still be opened or found: [] proves the erasure."""
    stored = Case.objects.get(pk=case.pk)
    left = []
    try:
        stored.key()
        left.append("key")
    except Refused:
        pass  # every sealed value, picture, answer, portrait, piece of evidence and comment needs this key
    if any(storage.exists(document.storage_key) for document in stored.documents.all()):
        left.append("picture")
    if any(storage.exists(file.storage_key) for file in stored.attachments.all()):
        left.append("file")
    bands = PictureBand.objects.filter(document__case=stored)
    if stored.values.filter(lookup__isnull=False).exists() or bands.exists():
        left.append("lookup")
    if stored.drafts.exists():
        left.append("draft")
    if stored.uploads.exists():
        left.append("upload")
    if Contact.objects.filter(case=stored).exists():
        left.append("contact")
    return left


def scrub() -> bool:
    """Removes what the database itself still holds of overwritten rows; whether it could. Not within a transaction.

    It may take minutes: for tasks and commands, once at their end, and never for a request.
    """
    if connection.in_atomic_block:
        return False
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in OVERWRITTEN)
                cursor.execute(f"VACUUM {tables}")
                return True
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = bool(cursor.fetchone()[0])
    except DatabaseError as e:
        logger.warning("erased rows could not be scrubbed: %s", type(e).__name__)
        return False
    if busy:
        logger.warning(
            "erased rows could not be scrubbed: another connection reads; the next run tries again"
        )
    return not busy
