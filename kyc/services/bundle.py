"""The evidence of one verification for its host: fields with their provenance, findings, decisions, audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from kyc.domain.actors import CUSTOMER, SYSTEM, Actor, officer
from kyc.domain.facts import Field
from kyc.domain.provenance import Step
from kyc.models import AuditEntry, Case, Checkpoint, Decision, Document
from kyc.selectors import evidence
from kyc.services import audit, takeout
from kyc.services.opening import ShownValue

FORMAT = "sinwon-evidence-1"


@dataclass(frozen=True, slots=True)
class Bundle:
    """`told` are plain values; `pictures` are JPEG by their document's id, None where none were asked for."""

    told: dict[str, Any] = attribute(repr=False)
    pictures: Mapping[UUID, bytes] | None = attribute(repr=False)


def bundle(
    *, case: Case, by: Actor, reason: str, address: str | None, numbers: bool, pictures: bool
) -> Bundle:
    """Officers are told by their account's number alone, their comments are left out.

    Registered before anything is opened. Raises as `takeout.for_host` does.
    """
    shown, photos = takeout.for_host(
        case=case, by=by, reason=reason, address=address, numbers=numbers, pictures=pictures
    )
    told = {
        "format": FORMAT,
        "taken": {
            "at": _moment(timezone.now()),
            "by": str(by),
            "reason": reason,
            "numbers": numbers,
            "pictures": pictures,
        },
        "fields": {name.value: [_value(value) for value in shown[name]] for name in Field},
        "findings": [
            {"code": found.code, "severity": found.severity, "at": _moment(found.at)}
            for found in case.findings.order_by("at", "code")
        ],
        "methods": [
            {"method": method.kind, "at": _moment(method.at), "struck": hasattr(method, "struck_by")}
            for method in evidence.methods(case)
        ],
        "decisions": [_decision(decision) for decision in case.decisions.order_by("at")],
        "notices": [
            {"code": text.code, "version": text.version, "sha256": text.sha256, "at": _moment(text.at)}
            for text in case.notices.order_by("at")
        ],
        "documents": [_document(document) for document in case.documents.order_by("received_at")],
        "audit": _audit(case),
    }
    return Bundle(told, photos if pictures else None)


def _value(value: ShownValue) -> dict[str, Any]:
    return {
        "step": value.step.value,
        "text": value.text,
        "at": _moment(value.at),
        "by": _who(value),
        "reader": value.reader or None,
    }


def _who(value: ShownValue) -> str:
    if value.account is not None:
        return str(officer(value.account))
    if value.step is Step.CLAIMED:
        return str(CUSTOMER)
    return "reader" if value.reader else str(SYSTEM)


def _document(document: Document) -> dict[str, Any]:
    """The digest is of the picture as it was sent; what is kept was written anew from its pixels."""
    return {
        "id": str(document.pk),
        "sha256": bytes(document.sha256).hex(),
        "at": _moment(document.received_at),
        "destroyed": document.destroyed,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "outcome": decision.outcome,
        "reasons": decision.reasons,
        "grounds_for_two": decision.grounds,
        "officer": decision.by_id,
        "at": _moment(decision.at),
        "second_officer": decision.seconded_by_id,
        "seconded_at": _moment(decision.seconded_at),
        "sent_back": decision.withdrawn_at is not None,
    }


def _audit(case: Case) -> dict[str, Any]:
    """The case's entries as the chain holds them, and the first signed checkpoint after the last of them, if any.

    Each entry's own hash can be computed anew from what stands here. That the entries stand in the chain below the
    checkpoint is shown by the deployment's whole chain (`manage.py verify_audit`), which holds other people's ids.
    """
    entries = list(AuditEntry.objects.filter(case_id=case.pk).order_by("sequence"))
    last = entries[-1].sequence if entries else 0
    point = Checkpoint.objects.filter(sequence__gte=last).order_by("sequence").first()
    return {
        "entries": [
            entry.told() | {"previous": bytes(entry.previous).hex(), "hash": bytes(entry.hash).hex()}
            for entry in entries
        ],
        "checkpoint": audit.told(point) if point else None,
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
