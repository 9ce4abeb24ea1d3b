"""Evidence that officers record on a case they hold: methods of identification, the authenticity check, notes."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from kyc.domain.actors import Actor
from kyc.domain.evidence import RECORDED, CheckResult, Method
from kyc.domain.lifecycle import FINAL, IllegalMove, State
from kyc.models import Attachment, AuditEntry, AuthenticityCheck, Case, Note, VerificationMethod
from kyc.selectors import evidence, values
from kyc.services import files, holding, refusals
from kyc.services.disclosure import CHECKED
from kyc.services.files import CleanFile
from kyc.services.officers import actor
from kyc.vault import fields


class EvidenceMissing(refusals.ReviewRefused):
    """Neither a reference nor a file: nothing would prove it."""

    code = "evidence_missing"


class ReferenceMissing(refusals.ReviewRefused):
    code = "reference_missing"


class WrongTime(refusals.ReviewRefused):
    """A check is made before it is recorded, and after the case began."""

    code = "wrong_time"


class NothingToStrike(refusals.ReviewRefused):
    code = "nothing_to_strike"


@transaction.atomic
def record_method(
    *, case: Case, kind: Method, reference: str, by: User, file: CleanFile | None = None
) -> VerificationMethod:
    """A method of identification with its evidence. Raises EvidenceMissing and what `review.hold` raises."""
    holding.hold(case, by)
    if kind not in RECORDED:
        raise refusals.ReviewRefused
    if not reference and file is None:
        raise EvidenceMissing
    kept = files.keep(case=case, file=file, by=by) if file else None
    return _method(case, kind, reference, kept, actor(by), by)


@transaction.atomic
def record_beforehand(*, case: Case, kind: Method, reference: str, by: Actor) -> VerificationMethod:
    """What another system of the operator found out before any officer works. Raises IllegalMove if closed."""
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if locked.status in FINAL:
        raise IllegalMove(locked.status, State.IN_REVIEW)
    if kind not in RECORDED or not reference:
        raise EvidenceMissing
    return _method(locked, kind, reference, None, by, None)


@transaction.atomic
def strike_method(*, case: Case, method_id: UUID, why: str, by: User) -> VerificationMethod:
    """A method that was recorded wrongly counts no more; both rows stay. Raises NothingToStrike, ReferenceMissing."""
    holding.hold(case, by)
    wrong = case.methods.filter(pk=method_id, strikes=None, struck_by=None).first()
    if wrong is None:
        raise NothingToStrike
    if not why:
        raise ReferenceMissing
    return _method(case, Method(wrong.kind), why, None, actor(by), by, strikes=wrong)


def _method(
    case: Case,
    kind: Method,
    reference: str,
    kept: Attachment | None,
    by: Actor,
    account: User | None,
    strikes: VerificationMethod | None = None,
) -> VerificationMethod:
    method = VerificationMethod(case=case, kind=kind, attachment=kept, by=account, strikes=strikes)
    method.sealed_reference = fields.seal_text(case.key(), reference, identity=f"method:{method.id}")
    method.save(force_insert=True)
    action = "method.struck" if strikes else "method.recorded"
    AuditEntry.append(
        action, by=by, case_id=case.pk, data={"kind": kind.value, "file": str(kept.pk) if kept else None}
    )
    return method


@transaction.atomic
def record_check(
    *, case: Case, result: CheckResult, reference: str, checked_at: datetime | None, by: User
) -> AuthenticityCheck:
    """What the government's check said of the confirmed values. One mismatch stops: it is never asked again.

    Raises FieldsOpen, MismatchStops, ReferenceMissing, WrongTime and what `review.hold` raises.
    """
    holding.hold(case, by)
    if evidence.has_mismatch(case):
        raise refusals.MismatchStops
    settled = values.human(case)
    if missing := [name for name in CHECKED if name not in settled]:
        raise refusals.FieldsOpen(missing)
    if not reference and result is not CheckResult.UNAVAILABLE:
        raise ReferenceMissing
    now = timezone.now()
    if checked_at is not None and not case.created_at <= checked_at <= now:
        raise WrongTime
    check = AuthenticityCheck(case=case, result=result, checked_at=checked_at or now, by=by)
    check.values = [str(settled[name].pk) for name in CHECKED]
    check.sealed_reference = fields.seal_text(case.key(), reference, identity=f"check:{check.id}")
    check.save(force_insert=True)
    AuditEntry.append("check.recorded", by=actor(by), case_id=case.pk, data={"result": result.value})
    return check


@transaction.atomic
def add_note(*, case: Case, text: str, by: User, file: CleanFile | None = None) -> Note:
    """A note, a file, or both. Raises EvidenceMissing and what `review.hold` raises."""
    holding.hold(case, by)
    if not text and file is None:
        raise EvidenceMissing
    note = Note(case=case, by=by)
    if file:
        note.attachment = files.keep(case=case, file=file, by=by)
    note.sealed_text = fields.seal_text(case.key(), text, identity=f"note:{note.id}")
    note.save(force_insert=True)
    data = {"file": str(note.attachment_id) if file else None}
    AuditEntry.append("note.added", by=actor(by), case_id=case.pk, data=data)
    return note
