"""What the customer's pages ask of a case: why another picture, why it takes long, what was claimed."""

from datetime import timedelta

from django.utils import timezone

from kyc.domain.facts import Field
from kyc.domain.provenance import Outcome, Step
from kyc.domain.reasons import RejectReason, RetakeReason
from kyc.models import AuditEntry, Case, Decision, FieldValue
from kyc.selectors import hosts
from kyc.selectors.values import newest_document

USUAL_WAIT = timedelta(seconds=45)


def decided_since_picture(case: Case) -> bool:
    """Whether an officer decided anything on the newest picture."""
    document = newest_document(case)
    return document is not None and case.decisions.filter(at__gte=document.received_at).exists()


def retake_asked(case: Case) -> list[RetakeReason]:
    """An officer's, or the host's, reasons for asking for another picture since the newest came; [] where none did."""
    document = newest_document(case)
    decisions = case.decisions.filter(outcome=Outcome.RETAKE, withdrawn_at=None)
    if document is not None:
        decisions = decisions.filter(at__gte=document.received_at)
    latest = decisions.order_by("-at").first()
    if latest is not None:
        return [RetakeReason(code) for code in latest.reasons]
    wanted = hosts.verification_of(case)
    if (
        document is None
        or wanted is None
        or wanted.again_at is None
        or wanted.again_at < document.received_at
    ):
        return []
    return hosts.asked_again(wanted)


def unreadable_reason(case: Case) -> str | None:
    """The reader's word for why it could not read the newest picture, '' where it gave none; None where it could."""
    document = newest_document(case)
    failed = document.readings.exclude(error_code="").order_by("-at").first() if document else None
    return str(failed.details.get("reason", "")) if failed else None


def rejection(case: Case) -> list[RejectReason]:
    """The reasons of the rejection that stands."""
    decision: Decision | None = (
        case.decisions.filter(outcome=Outcome.REJECT, withdrawn_at=None).order_by("-at").first()
    )
    return [RejectReason(code) for code in decision.reasons] if decision else []


def receipt(case: Case) -> str:
    """Number and beginning of the hash of the audit entry that brought the case where it stands; '' where none did.

    Whoever holds it can have it compared with the chain, which nobody can change any more.
    """
    entries = AuditEntry.objects.filter(case_id=case.pk, action="case.moved", data__to=case.state)
    entry = entries.order_by("-sequence").first()
    return f"{entry.sequence}-{bytes(entry.hash).hex()[:16]}" if entry else ""


def takes_long(case: Case) -> bool:
    """Whether an attempt at the newest picture failed already, or the usual time is over."""
    document = newest_document(case)
    if document is None:
        return False
    if document.received_at < timezone.now() - USUAL_WAIT:
        return True
    return (
        document.jobs.filter(settled_at=None, attempts__gt=0, lease_until=None)
        .exclude(last_error="")
        .exists()
    )


def last_claim(case: Case, field: Field) -> FieldValue | None:
    return case.values.filter(step=Step.CLAIMED, field=field).order_by("-at").first()


def claimed_fields(case: Case) -> set[Field]:
    """The fields that the customer said something about since the newest picture came."""
    document = newest_document(case)
    if document is None:
        return set()
    rows = case.values.filter(step=Step.CLAIMED, at__gte=document.received_at)
    return {Field(name) for name in rows.values_list("field", flat=True)}
