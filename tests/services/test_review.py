"""Officers claim, confirm, correct and decide; two decide where the policy asks; nobody decides twice."""

import threading
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.db import close_old_connections, connection

from kyc.domain.actors import SYSTEM
from kyc.domain.evidence import Method
from kyc.domain.facts import Field, FieldError
from kyc.domain.lifecycle import IllegalMove, State
from kyc.domain.provenance import Outcome, Step
from kyc.domain.reasons import RejectReason, RetakeReason
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Decision, Document, FieldValue
from kyc.services import custody, evidence, holding, officers, recognition, refusals, review
from tests.officers import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_officer(db: None) -> Callable[[str, Role], User]:
    return lambda name, role: officers.create(name=name, role=role, by=SYSTEM)[0]


@pytest.fixture
def reviewer(make_officer: Callable[[str, Role], User]) -> User:
    return make_officer("first", Role.REVIEWER)


@pytest.fixture
def approver(make_officer: Callable[[str, Role], User]) -> User:
    return make_officer("second", Role.APPROVER)


@pytest.fixture
def read_case(reader: None, document: Document) -> Case:
    recognition.read(document_id=document.id)
    return Case.objects.get(pk=document.case_id)


def _confirm_all(case: Case, by: User, *, but: Field | None = None) -> None:
    """And a second way of identification is recorded."""
    evidence.record_method(case=case, kind=Method.EXISTING_ACCOUNT, reference="transfer 17", by=by)
    factories.look(case, by)
    for field in Field:
        if field is not but:
            review.confirm(case=case, field=field, by=by)


def _approved(case: Case) -> dict[Field, str]:
    rows = FieldValue.objects.filter(case=case, step=Step.APPROVED)
    return {Field(row.field): custody.open_value(case.key(), row) for row in rows}


def test_a_corrected_value_stands_beside_the_read_one_and_is_approved(
    read_case: Case, reviewer: User
) -> None:
    holding.claim(case=read_case, by=reviewer)
    _confirm_all(read_case, reviewer, but=Field.ADDRESS)
    review.correct(
        case=read_case, field=Field.ADDRESS, text="세종특별자치시 소정면 대사동길 59 (대곡리)", by=reviewer
    )
    decision = review.approve(case=read_case, by=reviewer)
    assert read_case.status is State.APPROVED
    assert not decision.needs_second
    assert _approved(read_case)[Field.ADDRESS] == "세종특별자치시 소정면 대사동길 59 (대곡리)"
    assert _approved(read_case)[Field.RRN] == "011206-4972261"
    steps = (
        FieldValue.objects.filter(case=read_case, field=Field.ADDRESS)
        .order_by("at")
        .values_list("step", flat=True)
    )
    assert list(steps) == [Step.READ, Step.NORMALISED, Step.CORRECTED, Step.APPROVED]
    corrected = FieldValue.objects.get(case=read_case, step=Step.CORRECTED)
    assert corrected.by == reviewer


def test_nothing_is_approved_before_every_field_was_settled(read_case: Case, reviewer: User) -> None:
    holding.claim(case=read_case, by=reviewer)
    _confirm_all(read_case, reviewer, but=Field.NAME)
    with pytest.raises(refusals.FieldsOpen) as refused:
        review.approve(case=read_case, by=reviewer)
    assert refused.value.fields == (Field.NAME,)
    assert Case.objects.get(pk=read_case.pk).status is State.IN_REVIEW


def test_a_value_that_its_field_cannot_hold_is_refused(read_case: Case, reviewer: User) -> None:
    holding.claim(case=read_case, by=reviewer)
    with pytest.raises(FieldError):
        review.correct(case=read_case, field=Field.RRN, text="820231-1234567x", by=reviewer)
    assert not FieldValue.objects.filter(case=read_case, step=Step.CORRECTED).exists()


def test_only_who_holds_the_case_may_work_on_it(read_case: Case, reviewer: User, approver: User) -> None:
    with pytest.raises(refusals.NotHeld):
        review.confirm(case=read_case, field=Field.NAME, by=reviewer)
    holding.claim(case=read_case, by=reviewer)
    with pytest.raises(refusals.HeldByOther):
        holding.claim(case=Case.objects.get(pk=read_case.pk), by=approver)
    with pytest.raises(refusals.HeldByOther):
        review.reject(case=read_case, reasons=[RejectReason.OTHER], by=approver)


def test_a_corrected_number_needs_a_different_second_officer(
    read_case: Case, make_officer: Callable[[str, Role], User], approver: User
) -> None:
    first = make_officer("third", Role.APPROVER)
    holding.claim(case=read_case, by=first)
    _confirm_all(read_case, first, but=Field.RRN)
    review.correct(case=read_case, field=Field.RRN, text="011206-4972270", by=first)
    assert review.approve(case=read_case, by=first).needs_second
    assert read_case.status is State.SECOND_REVIEW
    with pytest.raises(refusals.OwnDecision):
        review.second(case=read_case, by=first)
    factories.look(read_case, approver)
    decision = review.second(case=read_case, by=approver)
    assert read_case.status is State.APPROVED
    assert (decision.by, decision.seconded_by) == (first, approver)
    assert _approved(read_case)[Field.RRN] == "011206-4972270"


def test_a_typed_value_with_a_serious_finding_needs_a_second_officer(read_case: Case, reviewer: User) -> None:
    holding.claim(case=read_case, by=reviewer)
    _confirm_all(read_case, reviewer, but=Field.ISSUED)
    review.correct(case=read_case, field=Field.ISSUED, text="2199-01-01", by=reviewer)
    assert review.approve(case=read_case, by=reviewer).needs_second
    assert read_case.status is State.SECOND_REVIEW


def test_a_rejection_that_is_sent_back_returns_to_review_and_stays_on_record(
    read_case: Case, reviewer: User, approver: User
) -> None:
    holding.claim(case=read_case, by=reviewer)
    review.reject(case=read_case, reasons=[RejectReason.OTHER], by=reviewer, comment="a doubt")
    assert read_case.status is State.SECOND_REVIEW
    review.send_back(case=read_case, by=approver)
    assert read_case.status is State.IN_REVIEW
    assert Decision.objects.get(case=read_case).withdrawn_at is not None
    holding.claim(case=read_case, by=approver)
    _confirm_all(read_case, approver)
    review.approve(case=read_case, by=approver)
    assert read_case.status is State.APPROVED


def test_a_reviewer_may_not_second(
    read_case: Case, reviewer: User, make_officer: Callable[[str, Role], User]
) -> None:
    holding.claim(case=read_case, by=reviewer)
    review.reject(case=read_case, reasons=[RejectReason.OTHER], by=reviewer)
    with pytest.raises(officers.NotAllowed):
        review.second(case=read_case, by=make_officer("other", Role.REVIEWER))


@pytest.mark.parametrize("verb", [review.reject, review.ask_retake])
def test_a_reason_is_asked(read_case: Case, reviewer: User, verb: Callable[..., Decision]) -> None:
    holding.claim(case=read_case, by=reviewer)
    with pytest.raises(refusals.ReasonMissing):
        verb(case=read_case, reasons=[], by=reviewer)


def test_another_picture_is_asked_by_one_officer_alone(read_case: Case, reviewer: User) -> None:
    holding.claim(case=read_case, by=reviewer)
    decision = review.ask_retake(case=read_case, reasons=[RetakeReason.GLARE], by=reviewer)
    assert read_case.status is State.RETAKE
    assert Outcome(decision.outcome) is Outcome.RETAKE
    assert read_case.claimed_by is None


def test_nothing_is_decided_twice(read_case: Case, reviewer: User) -> None:
    holding.claim(case=read_case, by=reviewer)
    _confirm_all(read_case, reviewer)
    stale = Case.objects.get(pk=read_case.pk)
    review.approve(case=read_case, by=reviewer)
    with pytest.raises(IllegalMove):
        review.approve(case=stale, by=reviewer)
    assert Decision.objects.filter(case=read_case).count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_approvals_at_once_make_one_decision(reader: None, document: Document, reviewer: User) -> None:
    recognition.read(document_id=document.id)
    case = Case.objects.get(pk=document.case_id)
    holding.claim(case=case, by=reviewer)
    _confirm_all(case, reviewer)
    outcomes: list[str] = []
    start = threading.Barrier(20)

    def approve() -> None:
        mine = Case.objects.get(pk=case.pk)
        start.wait()
        try:
            review.approve(case=mine, by=reviewer)
            outcomes.append("approved")
        except (IllegalMove, refusals.ReviewRefused) as e:
            outcomes.append(type(e).__name__)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=approve) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 20
    assert outcomes.count("approved") == 1
    assert Decision.objects.filter(case=case).count() == 1
    assert FieldValue.objects.filter(case=case, step=Step.APPROVED).count() == len(Field)
    assert AuditEntry.objects.filter(case_id=case.id, data__to="approved").count() == 1


def test_rejection_by_one_where_the_policy_allows_it(
    read_case: Case, reviewer: User, settings: LazySettings
) -> None:
    settings.FOUR_EYES = []
    holding.claim(case=read_case, by=reviewer)
    review.reject(case=read_case, reasons=[RejectReason.NOT_LATEST_CARD], by=reviewer)
    assert read_case.status is State.REJECTED


def test_a_number_that_the_officer_never_looked_at_is_not_confirmed(
    read_case: Case, reviewer: User, approver: User
) -> None:
    holding.claim(case=read_case, by=reviewer)
    factories.look(read_case, approver)  # another's look is not theirs
    with pytest.raises(refusals.NumberUnseen):
        review.confirm(case=read_case, field=Field.RRN, by=reviewer)
    assert not FieldValue.objects.filter(case=read_case, step=Step.CONFIRMED).exists()
    factories.look(read_case, reviewer)
    review.confirm(case=read_case, field=Field.RRN, by=reviewer)


def test_a_look_at_a_value_that_was_replaced_since_does_not_count(read_case: Case, reviewer: User) -> None:
    holding.claim(case=read_case, by=reviewer)
    factories.look(read_case, reviewer)
    review.correct(case=read_case, field=Field.RRN, text=factories.NUMBER, by=reviewer)
    with pytest.raises(refusals.NumberUnseen):
        review.confirm(case=read_case, field=Field.RRN, by=reviewer)
