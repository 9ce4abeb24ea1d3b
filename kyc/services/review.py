"""Review: an officer claims a case, confirms or corrects every field, and decides; where policy asks, two decide."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kyc.domain import facts
from kyc.domain.facts import Field
from kyc.domain.lifecycle import IllegalMove, State
from kyc.domain.measures import Source
from kyc.domain.provenance import Outcome, Step
from kyc.domain.reasons import RejectReason, RetakeReason
from kyc.domain.roles import Verb
from kyc.models import AuditEntry, Case, Decision, FieldValue
from kyc.selectors import values
from kyc.services import blind, custody, judging, policy
from kyc.services.officers import actor, require
from kyc.vault import fields

FINAL_STATE = {Outcome.APPROVE: State.APPROVED, Outcome.REJECT: State.REJECTED}


class ReviewRefused(Exception):
    """The officer's step is not possible now; nothing was changed. `code` has words in `kyc.wording_review`."""

    code = "refused"


class HeldByOther(ReviewRefused):
    code = "held_by_other"


class NotHeld(ReviewRefused):
    code = "not_held"


class FieldsOpen(ReviewRefused):
    """Fields that nobody confirmed or corrected yet."""

    code = "fields_open"

    def __init__(self, open_fields: Sequence[Field]) -> None:
        super().__init__(", ".join(open_fields))
        self.fields = tuple(open_fields)


class ReasonMissing(ReviewRefused):
    code = "reason_missing"


class OwnDecision(ReviewRefused):
    code = "own_decision"


class NothingToSecond(ReviewRefused):
    code = "nothing_to_second"


def claim(*, case: Case, by: User) -> None:
    """Takes the case for one officer, or renews it. Raises HeldByOther, IllegalMove where it is not in review."""
    require(by, Verb.REVIEW)
    if case.status not in (State.IN_REVIEW, State.SECOND_REVIEW):
        raise IllegalMove(case.status, State.IN_REVIEW)
    until = timezone.now() + timedelta(minutes=settings.CLAIM_MINUTES)
    free = Q(claimed_by=None) | Q(claim_expires__lt=timezone.now()) | Q(claimed_by=by)
    with transaction.atomic():
        before = case.claimed_by_id
        if (
            Case.objects.filter(free, pk=case.pk, state=case.state).update(claimed_by=by, claim_expires=until)
            != 1
        ):
            raise HeldByOther
        if before != by.pk:
            AuditEntry.append("case.claimed", by=actor(by), case_id=case.pk)
    case.claimed_by, case.claim_expires = by, until


@transaction.atomic
def release(*, case: Case, by: User) -> None:
    """Gives a claim back before it expires; nothing happens where it was not this officer's."""
    if Case.objects.filter(pk=case.pk, claimed_by=by).update(claimed_by=None, claim_expires=None):
        AuditEntry.append("case.released", by=actor(by), case_id=case.pk)
        case.claimed_by = case.claim_expires = None


@transaction.atomic
def confirm(*, case: Case, field: Field, by: User) -> FieldValue:
    """The officer agrees with the field's current value. Raises ReviewRefused where there is none to agree with."""
    _hold(case, by, State.IN_REVIEW)
    current = values.current(case).get(field)
    if current is None:
        raise FieldsOpen([field])
    key = case.key()
    text = custody.open_value(key, current)
    if not text or current.step == Step.READ:  # a string that could not be parsed is nobody's truth yet
        raise FieldsOpen([field])
    return _record(case, field, Step.CONFIRMED, text, by)


@transaction.atomic
def correct(*, case: Case, field: Field, text: str, by: User) -> FieldValue:
    """The officer's own value, beside the one that was read. Raises FieldError where the field cannot hold it."""
    _hold(case, by, State.IN_REVIEW)
    return _record(case, field, Step.CORRECTED, facts.normalise(field, text), by)


def _record(case: Case, field: Field, step: Step, text: str, by: User) -> FieldValue:
    value = custody.seal_value(case=case, key=case.key(), field=field, step=step, text=text, by=by.pk)
    value.save(force_insert=True)
    AuditEntry.append(f"field.{step}", by=actor(by), case_id=case.pk, data={"field": field.value})
    return value


@transaction.atomic
def approve(*, case: Case, by: User, comment: str = "") -> Decision:
    """Approves, or hands to a second officer where the policy asks for four eyes. Raises FieldsOpen."""
    _hold(case, by, State.IN_REVIEW)
    settled = values.human(case)
    if missing := [field for field in Field if field not in settled]:
        raise FieldsOpen(missing)
    return _decide(case, Outcome.APPROVE, (), comment, by)


@transaction.atomic
def reject(*, case: Case, reasons: Sequence[RejectReason], by: User, comment: str = "") -> Decision:
    """Rejects for good, or hands to a second officer where the policy asks for four eyes. Raises ReasonMissing."""
    _hold(case, by, State.IN_REVIEW)
    return _decide(case, Outcome.REJECT, _required(reasons), comment, by)


@transaction.atomic
def ask_retake(*, case: Case, reasons: Sequence[RetakeReason], by: User, comment: str = "") -> Decision:
    """Asks the customer for another picture. Raises ReasonMissing."""
    _hold(case, by, State.IN_REVIEW)
    return _decide(case, Outcome.RETAKE, _required(reasons), comment, by)


def _required(reasons: Sequence[RejectReason | RetakeReason]) -> tuple[str, ...]:
    if not reasons:
        raise ReasonMissing
    return tuple(reason.value for reason in reasons)


def _decide(case: Case, outcome: Outcome, reasons: Sequence[str], comment: str, by: User) -> Decision:
    decision = Decision(case=case, outcome=outcome, reasons=list(reasons), by=by)
    decision.needs_second = policy.needs_second(case, outcome)
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
    """A different officer agrees; the decision takes effect. Raises OwnDecision, NothingToSecond."""
    require(by, Verb.SECOND)
    decision = _proposed(case, by)
    decision.seconded_by, decision.seconded_at = by, timezone.now()
    decision.save(update_fields=["seconded_by", "seconded_at"])
    _take_effect(case, decision, by)
    return decision


@transaction.atomic
def send_back(*, case: Case, by: User) -> Decision:
    """A different officer does not agree: the case returns to review, the proposal stays on record."""
    require(by, Verb.SECOND)
    decision = _proposed(case, by)
    decision.withdrawn_at = timezone.now()
    decision.save(update_fields=["withdrawn_at"])
    _move(case, State.IN_REVIEW, decision, by)
    return decision


def _lock(case: Case) -> None:
    """The case as it stands now, held until the transaction ends: a stale page decides nothing."""
    case.refresh_from_db(from_queryset=Case.objects.select_for_update())


def _proposed(case: Case, by: User) -> Decision:
    _lock(case)
    if case.status is not State.SECOND_REVIEW:
        raise NothingToSecond
    if case.claimed_by_other(by.pk):
        raise HeldByOther
    decision = case.decisions.filter(withdrawn_at=None, needs_second=True, seconded_by=None).first()
    if decision is None:
        raise NothingToSecond
    if decision.by_id == by.pk:
        raise OwnDecision
    return decision


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


def _hold(case: Case, by: User, state: State) -> None:
    """The officer may review, the case is where it must be, and this officer holds it."""
    require(by, Verb.REVIEW)
    _lock(case)
    if case.status is not state:
        raise IllegalMove(case.status, state)
    if case.claimed_by_other(by.pk):
        raise HeldByOther
    if case.claimed_by_id != by.pk:
        raise NotHeld
