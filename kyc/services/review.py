"""Review: an officer claims a case, confirms or corrects every field, and decides; where policy asks, two decide.

A blind second look is `kyc.services.second_look`; what an officer records beside the fields `kyc.services.evidence`.
"""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.measures import Source
from kyc.domain.provenance import Outcome, Step
from kyc.domain.reasons import RejectReason, RetakeReason
from kyc.domain.roles import Verb
from kyc.models import AuditEntry, Case, Decision, FieldValue, Note
from kyc.selectors import evidence, values
from kyc.services import basis, blind, custody, judging, policy
from kyc.services.holding import answerable, hold, lock
from kyc.services.number_seen import require_number_seen
from kyc.services.officers import actor, require
from kyc.services.refusals import (
    CommentMissing,
    FieldsOpen,
    HeldByOther,
    MethodsMissing,
    MismatchStops,
    NothingToSecond,
    NumberBarred,
    OwnValues,
    ReasonMissing,
    ReviewRefused,
    ViewFirst,
)
from kyc.vault import fields

FINAL_STATE = {Outcome.APPROVE: State.APPROVED, Outcome.REJECT: State.REJECTED}


@transaction.atomic
def confirm(*, case: Case, field: Field, by: User) -> FieldValue:
    """The officer agrees with the field's current value. Raises FieldsOpen where there is none, NumberUnseen."""
    hold(case, by)
    current = values.current(case).get(field)
    if current is None:
        raise FieldsOpen([field])
    key = case.key()
    text = custody.open_value(key, current)
    if not text or current.step == Step.READ:  # a string that could not be parsed is nobody's truth yet
        raise FieldsOpen([field])
    require_number_seen(case=case, value=current, by=by)
    return _record(case, field, Step.CONFIRMED, text, by)


@transaction.atomic
def correct(*, case: Case, field: Field, text: str, by: User) -> FieldValue:
    """The officer's own value, beside the one that was read. Raises FieldError where the field cannot hold it."""
    hold(case, by)
    if field is Field.RRN and basis.number_barred(case):
        raise NumberBarred
    return _record(case, field, Step.CORRECTED, basis.normalise(case, field, text), by)


def _record(case: Case, field: Field, step: Step, text: str, by: User) -> FieldValue:
    value = custody.seal_value(case=case, key=case.key(), field=field, step=step, text=text, by=by.pk)
    value.save(force_insert=True)
    AuditEntry.append(f"field.{step}", by=actor(by), case_id=case.pk, data={"field": field.value})
    return value


@transaction.atomic
def approve(*, case: Case, by: User, comment: str = "") -> Decision:
    """Approves, or hands to a second officer where the policy asks for four eyes.

    Raises FieldsOpen, MethodsMissing, MismatchStops.
    """
    hold(case, by)
    if evidence.has_mismatch(case):
        raise MismatchStops
    _ready(case)
    return _decide(case, Outcome.APPROVE, (), comment, by)


@transaction.atomic
def escalate(*, case: Case, by: User, comment: str) -> Decision:
    """Proposes approval in spite of a mismatch: a second officer always decides. Raises CommentMissing, FieldsOpen."""
    hold(case, by)
    if not evidence.has_mismatch(case):
        raise ReviewRefused
    _ready(case)
    if not comment:
        raise CommentMissing
    return _decide(case, Outcome.APPROVE, (), comment, by, policy.ESCALATED)


def _ready(case: Case) -> None:
    """Every field settled, and as many kinds of identification as the policy asks."""
    settled = values.human(case)
    if missing := [field for field in basis.fields_of(case) if field not in settled]:
        raise FieldsOpen(missing)
    if policy.methods_missing(case):
        raise MethodsMissing


@transaction.atomic
def reject(*, case: Case, reasons: Sequence[RejectReason], by: User, comment: str = "") -> Decision:
    """Rejects for good, or hands to a second officer where the policy asks for four eyes. Raises ReasonMissing."""
    hold(case, by)
    return _decide(case, Outcome.REJECT, _required(reasons), comment, by)


@transaction.atomic
def ask_retake(*, case: Case, reasons: Sequence[RetakeReason], by: User, comment: str = "") -> Decision:
    """Asks the customer for another picture. Raises ReasonMissing."""
    hold(case, by)
    return _decide(case, Outcome.RETAKE, _required(reasons), comment, by)


def _required(reasons: Sequence[RejectReason | RetakeReason]) -> tuple[str, ...]:
    if not reasons:
        raise ReasonMissing
    return tuple(reason.value for reason in reasons)


def _decide(
    case: Case, outcome: Outcome, reasons: Sequence[str], comment: str, by: User, *always: str
) -> Decision:
    decision = Decision(case=case, outcome=outcome, reasons=list(reasons), by=by)
    decision.grounds = [*policy.grounds(case, outcome), *always]
    decision.needs_second = bool(decision.grounds)
    decision.blind = policy.is_blind(decision.grounds)
    if comment:
        decision.sealed_comment = fields.seal_text(case.key(), comment, identity=f"decision:{decision.id}")
    decision.save(force_insert=True)
    if outcome is Outcome.RETAKE:
        _move(case, State.RETAKE, decision, by)
    elif decision.needs_second:
        _move(case, State.SECOND_REVIEW, decision, by)
    else:
        _take_effect(case, decision, by)
    return decision


@transaction.atomic
def second(*, case: Case, by: User) -> Decision:
    """A different officer agrees; the decision takes effect.

    Raises OwnDecision, OwnValues, NothingToSecond, ViewFirst, NumberUnseen.
    """
    decision = proposed(case, by)
    require_fresh_eyes(case, decision, by)
    _seen_first(decision)
    if decision.outcome == Outcome.APPROVE and (number := values.human(case).get(Field.RRN)):
        require_number_seen(case=case, value=number, by=by)
    agree(case, decision, by)
    return decision


@transaction.atomic
def send_back(*, case: Case, by: User, comment: str = "") -> Decision:
    """A different officer does not agree: the case returns to review, the proposal stays on record.

    Raises as `second`, but for OwnValues: with two officers alone this is the way on. The comment is kept as a note.
    """
    decision = proposed(case, by)
    if not _rests_on(case, decision, by):
        _seen_first(decision)
    if comment:
        note = Note(case=case, by=by)
        note.sealed_text = fields.seal_text(case.key(), comment, identity=f"note:{note.id}")
        note.save(force_insert=True)
    withdraw(case, decision, by)
    return decision


def agree(case: Case, decision: Decision, by: User) -> None:
    """Within the caller's transaction: the decision is seconded and takes effect."""
    decision.seconded_by, decision.seconded_at = by, timezone.now()
    decision.save(update_fields=["seconded_by", "seconded_at"])
    _take_effect(case, decision, by)


def withdraw(case: Case, decision: Decision, by: User) -> None:
    """Within the caller's transaction: the proposal is off and the case in review again."""
    decision.withdrawn_at = timezone.now()
    decision.save(update_fields=["withdrawn_at"])
    _move(case, State.IN_REVIEW, decision, by)


def require_fresh_eyes(case: Case, decision: Decision, by: User) -> None:
    """An approval is seconded by nobody who settled a value that it rests on. Raises OwnValues."""
    if _rests_on(case, decision, by):
        raise OwnValues


def _rests_on(case: Case, decision: Decision, by: User) -> bool:
    return decision.outcome == Outcome.APPROVE and by.pk in values.settlers(case)


def _seen_first(decision: Decision) -> None:
    if decision.blind and not decision.looks.exists():
        raise ViewFirst


def proposed(case: Case, by: User) -> Decision:
    """The decision that waits for a second officer, whom it may be; locked. Raises ReviewRefused, NotAllowed."""
    require(by, Verb.SECOND)
    lock(case)
    if case.status is not State.SECOND_REVIEW:
        raise NothingToSecond
    if case.claimed_by_other(by.pk):
        raise HeldByOther
    return answerable(case, by)


def _take_effect(case: Case, decision: Decision, by: User) -> None:
    outcome = Outcome(decision.outcome)
    if outcome is Outcome.APPROVE:
        key = case.key()
        settled = {field: custody.open_value(key, value) for field, value in values.human(case).items()}
        FieldValue.objects.bulk_create(
            custody.seal_value(case=case, key=key, field=field, step=Step.APPROVED, text=text, by=by.pk)
            for field, text in settled.items()
        )
        judging.judge(case=case, key=key, settled=settled, source=Source.REVIEW)
        blind.draw(case)
    _move(case, FINAL_STATE[outcome], decision, by)


def _move(case: Case, to: State, decision: Decision, by: User) -> None:
    case.move(to, by=actor(by), reason=str(decision.id), claimed_by=None, claim_expires=None)
