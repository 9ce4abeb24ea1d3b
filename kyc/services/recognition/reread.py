"""Reading again: a configured reader that was not asked yet reads a case under review; the case stays where it is."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from kyc.domain.lifecycle import WITH_OFFICERS
from kyc.domain.roles import Verb
from kyc.models import AuditEntry, Case, Document, ReadingJob
from kyc.selectors import values
from kyc.services import egress
from kyc.services.officers import actor, require


class RereadRefused(Exception):
    """The reader is not asked; `code` has words in `kyc.wording_queue`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def reread(*, case: Case, reader: str, by: User) -> Document:
    """Queues the newest picture for one more reader; the caller rings. Raises NotAllowed, RereadRefused."""
    require(by, Verb.ASSIGN)
    if reader not in settings.OCR_READERS:
        raise RereadRefused("no_reader")
    held = Case.objects.select_for_update().get(pk=case.pk)
    if held.status not in WITH_OFFICERS:
        raise RereadRefused("not_in_review")
    document = values.newest_document(held)
    if document is None:
        raise RereadRefused("no_picture")
    if not egress.allows(held, reader):
        raise RereadRefused("no_consent")
    _job, queued = ReadingJob.objects.get_or_create(document=document, reader=reader)
    if not queued:
        raise RereadRefused("asked_already")
    told = {"document": str(document.id), "reader": reader}
    AuditEntry.append("reading.asked", by=actor(by), case_id=held.pk, data=told)
    return document
