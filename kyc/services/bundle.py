"""The evidence of one verification for its host: fields with their provenance, findings, decisions, audit."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from kyc.domain.actors import Actor
from kyc.domain.facts import Field
from kyc.models import AuditEntry, Case, Checkpoint, Decision
from kyc.selectors import evidence
from kyc.services import audit, takeout
from kyc.services.disclosure import ShownValue

FORMAT = "sinwon-evidence-1"


def bundle(
    *, case: Case, by: Actor, reason: str, address: str | None, numbers: bool, pictures: bool
) -> dict[str, Any]:
    """Plain values; officers are told by their account's number alone, their comments are left out.

    Registered before anything is opened. Raises as `takeout.for_host` does.
    """
    shown, photos = takeout.for_host(
        case=case, by=by, reason=reason, address=address, numbers=numbers, pictures=pictures
    )
    return {
        "format": FORMAT,
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
        "audit": _audit(case),
        "pictures": _pictures(photos) if pictures else None,
    }


def _value(value: ShownValue) -> dict[str, Any]:
    return {
        "step": value.step.value,
        "text": value.text,
        "at": _moment(value.at),
        "reader": value.reader or None,
        "by_person": bool(value.by),
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


def _pictures(photos: Mapping[UUID, bytes]) -> dict[str, str]:
    return {str(document): base64.b64encode(jpeg).decode() for document, jpeg in photos.items()}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
