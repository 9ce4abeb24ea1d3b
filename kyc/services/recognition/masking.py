"""Cases that may hold no resident number (PIPA 24-2): what becomes of a picture on which one is found."""

import logging
import secrets

from django.db import transaction

from kyc.domain import rrn
from kyc.domain.facts import Field, RawFields
from kyc.domain.lifecycle import State
from kyc.models import AuditEntry, Case, Document, Reading
from kyc.models.document import DESTROYED
from kyc.services import urgency
from kyc.services.recognition.leases import RECOGNITION, Lease
from kyc.vault import storage
from ocr_integration.contract import Action

logger = logging.getLogger(__name__)

NOT_MASKED = "Sinwon.NumberNotMasked"
NUMBER_NOT_MASKED, NUMBER_NOT_FOUND = "number_not_masked", "number_not_found"  # words: kyc.wording_pictures


def move_on(document: Document, case: Case) -> None:
    """Where no statute lets us see the number: an officer is shown only what our reader saw to be masked.

    Our reader lays a card out by its number, so a card that is well masked is one on which it finds none.
    """
    masked = document.readings.filter(details__reason=NUMBER_NOT_FOUND).exists()
    if masked or document.readings.filter(error_code="").exists():
        case.move(State.IN_REVIEW, by=RECOGNITION, reason="masked", **urgency.arrival(case))
        return
    failed = document.readings.exclude(error_code="").first()
    _destroy(document)
    case.move(State.RETAKE, by=RECOGNITION, reason=failed.error_code if failed else "")


def shows_number(raw: RawFields, unconstrained: RawFields | None) -> bool:
    texts = [told.text(field) for told in (raw, unconstrained) if told for field in Field]
    return any(rrn.mask_all(text) != text for text in texts)


def refuse(lease: Lease) -> None:
    """The picture is destroyed and nothing of what was read is kept; the customer is told what to do."""
    Reading.objects.create(
        job_id=lease.job_id,
        document=lease.document,
        reader=lease.reader,
        duration=0,
        attempts=lease.attempts,
        error_code=NOT_MASKED,
        details={"action": Action.RETAKE.value, "reason": NUMBER_NOT_MASKED},
    )
    _destroy(lease.document)
    AuditEntry.append(
        "document.destroyed",
        by=RECOGNITION,
        case_id=lease.case.pk,
        data={"document": str(lease.document.pk), "code": NOT_MASKED},
    )
    if lease.case.status in (State.QUEUED, State.READING):
        if lease.case.status is State.QUEUED:
            lease.case.move(State.READING, by=RECOGNITION)
        lease.case.move(State.RETAKE, by=RECOGNITION, reason=NOT_MASKED)


def _destroy(document: Document) -> None:
    """Now where the storage can, else by the reconciler: the row names the file no more."""
    name = document.storage_key
    document.storage_key = f"{DESTROYED}{document.pk}"
    document.sha256 = secrets.token_bytes(32)
    document.save(update_fields=["storage_key", "sha256"])
    transaction.on_commit(lambda: _remove(name))


def _remove(name: str) -> None:
    try:
        storage.delete(name)
    except OSError as e:
        logger.warning("a picture that shows a number is left to the reconciler: %s", type(e).__name__)
