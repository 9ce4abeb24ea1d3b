"""What is known of a person, for who may have it: each look stands in the register before a byte leaves."""

import json
from base64 import b64encode
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.responses import NinjaJSONEncoder

from kyc.api import told
from kyc.api.access import Refusal, key_of, with_measure
from kyc.api.schemas import (
    REFUSED,
    EvidenceOut,
    EvidenceWanted,
    FieldsOut,
    PaperWanted,
    VerificationFacts,
    Why,
)
from kyc.domain.hosts import Scope
from kyc.domain.lifecycle import State
from kyc.models import ApiKey, Verification
from kyc.origin import address_of
from kyc.paper import evidence as paper
from kyc.services import bundle, showing, takeout
from kyc.services.verifications import actor

router = Router(tags=["data"])

STANDING_REASON = "host"
PDF = {
    "description": "OK",
    "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
}


@router.get(
    "/verifications/{uuid:verification_id}/fields",
    response={200: FieldsOut, **REFUSED},
    operation_id="get_fields",
    summary="Get the approved fields",
)
def fields(request: HttpRequest, verification_id: UUID) -> Any:
    """The approved fields, the resident number masked."""
    return _fields(request, key_of(request, Scope.FIELDS), verification_id, STANDING_REASON, reveal=False)


@router.post(
    "/verifications/{uuid:verification_id}/number",
    response={200: FieldsOut, **REFUSED},
    operation_id="reveal_number",
    summary="Get the whole number",
)
def number(request: HttpRequest, verification_id: UUID, why: Why) -> Any:
    """The approved fields with the whole resident number. The reason stands in the register, with your key."""
    return _fields(request, key_of(request, Scope.NUMBERS), verification_id, why.reason, reveal=True)


@router.post(
    "/verifications/{uuid:verification_id}/evidence",
    response={200: EvidenceOut, **REFUSED},
    operation_id="take_evidence",
    summary="Take the evidence (JSON)",
)
def evidence(request: HttpRequest, verification_id: UUID, wanted: EvidenceWanted) -> Any:
    """All that proves the outcome: values with their provenance, findings, decisions, audit entries."""
    packed, row = _evidence(request, verification_id, wanted)
    whole = packed.told | {"verification": told.facts(row)}
    if packed.pictures is not None:
        whole["pictures"] = {str(one): b64encode(jpeg).decode() for one, jpeg in packed.pictures.items()}
    return whole


@router.post(
    "/verifications/{uuid:verification_id}/evidence.pdf",
    response=REFUSED,
    operation_id="take_evidence_pdf",
    summary="Take the evidence (PDF)",
    openapi_extra={"responses": {200: PDF}},
)
def evidence_pdf(request: HttpRequest, verification_id: UUID, wanted: PaperWanted) -> Any:
    """The same as a document for people (PDF/A-3), with the JSON inside as `evidence.json`; pictures bear a mark."""
    packed, row = _evidence(request, verification_id, wanted)
    by = actor(key_of(request, Scope.EVIDENCE))
    marked = {document: showing.handed_over(jpeg, by) for document, jpeg in (packed.pictures or {}).items()}
    answer = EvidenceOut(**packed.told, verification=VerificationFacts(**told.facts(row)))
    plain = json.loads(
        json.dumps(answer.model_dump(), cls=NinjaJSONEncoder)
    )  # as the other endpoint writes it
    pages = paper.evidence(plain, pictures=marked, language=wanted.locale)
    name = f"evidence-{row.case_id}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return with_measure(request, HttpResponse(pages, content_type="application/pdf", headers=headers))


def _evidence(
    request: HttpRequest, verification_id: UUID, wanted: EvidenceWanted
) -> tuple[bundle.Bundle, Verification]:
    """The bundle, for a key with every scope that it needs; registered. Raises Refusal, and as `bundle` does."""
    key = key_of(request, Scope.EVIDENCE)
    for asked, scope in ((wanted.numbers, Scope.NUMBERS), (wanted.pictures, Scope.PICTURES)):
        if asked:
            key_of(request, scope)
    row = told.own(key, verification_id)
    _require_there(row)
    packed = bundle.bundle(
        case=row.case,
        by=actor(key),
        reason=wanted.reason,
        address=address_of(request),
        numbers=wanted.numbers,
        pictures=wanted.pictures,
    )
    return packed, row


def _fields(request: HttpRequest, key: ApiKey, verification_id: UUID, reason: str, *, reveal: bool) -> Any:
    row = told.own(key, verification_id)
    _require_there(row)
    if row.case.status is not State.APPROVED:
        raise Refusal("not_approved", state=row.case.state)
    found = takeout.approved_of(
        case=row.case, by=actor(key), reason=reason, address=address_of(request), reveal=reveal
    )
    return {
        "id": row.case_id,
        "masked": not reveal,
        "fields": {name.value: text for name, text in found.items()},
    }


def _require_there(row: Verification) -> None:
    if row.case.status is State.ERASED:
        raise Refusal("gone")
