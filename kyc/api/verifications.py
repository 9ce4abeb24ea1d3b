"""Opening verifications, learning how they stand, and moving them on."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Header, Query, Router, Status
from ninja.files import UploadedFile

from kyc import tasks
from kyc.api import cursors, told
from kyc.api.access import key_of
from kyc.api.schemas import (
    NAME,
    REFUSED,
    Again,
    DocumentOut,
    Ended,
    Identified,
    NewVerification,
    Page,
    VerificationOut,
)
from kyc.domain.evidence import Method
from kyc.domain.hosts import Scope
from kyc.domain.lifecycle import State
from kyc.models import ApiKey, Verification
from kyc.selectors import hosts
from kyc.services import evidence, retention, verifications
from kyc.services.verifications import Asked, actor

router = Router(tags=["verifications"])

VISIBLE = r"^[!-~]{1,255}$"
Token = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=VISIBLE,
        description="1 to 255 visible ASCII characters; the same request again acts once",
    ),
]


@router.post(
    "/verifications",
    response={201: VerificationOut, **REFUSED},
    operation_id="create_verification",
    summary="Open a verification",
)
def create(request: HttpRequest, response: HttpResponse, asked: NewVerification, token: Token = None) -> Any:
    """Opens a verification. Send the customer to `url`."""
    key = key_of(request, Scope.CREATE)
    wanted = Asked(
        reference=asked.reference,
        locale=asked.locale,
        return_address=asked.return_address,
        legal_basis=asked.legal_basis,
        methods=asked.requirements.methods,
        second_officer=asked.requirements.second_officer,
        outcome=asked.sandbox_outcome,
    )
    opened = told.once(request, response, key, lambda: verifications.open_verification(key=key, asked=wanted))
    return Status(201, opened)


@router.get(
    "/verifications",
    response={200: Page, **REFUSED},
    operation_id="list_verifications",
    summary="List verifications",
)
def listed(
    request: HttpRequest,
    state: Annotated[State | None, Query(description="those in this state alone")] = None,
    reference: Annotated[
        str | None, Query(max_length=100, pattern=NAME, description="those of this name of yours alone")
    ] = None,
    cursor: Annotated[
        str | None, Query(max_length=300, description="`next` of the page before; none for the first")
    ] = None,
    size: Annotated[int, Query(ge=1, le=100, description="how many on a page")] = 50,
) -> Any:
    """The newest first."""
    key = key_of(request, Scope.READ)
    rows = hosts.own(key)
    rows = rows.filter(case__state=state) if state else rows
    rows = rows.filter(reference=reference) if reference else rows
    found, more = hosts.page(rows, after=cursors.read(key, cursor) if cursor is not None else None, size=size)
    following = cursors.write(key, found[-1]) if more else None
    return {"items": [told.verification(request, row) for row in found], "next": following}


@router.get(
    "/verifications/{uuid:verification_id}",
    response={200: VerificationOut, **REFUSED},
    operation_id="get_verification",
    summary="See how one stands",
)
def show(request: HttpRequest, verification_id: UUID) -> Any:
    """How it stands; nothing of the person."""
    return told.verification(request, told.own(key_of(request, Scope.READ), verification_id))


@router.post(
    "/verifications/{uuid:verification_id}/picture",
    response={201: DocumentOut, **REFUSED},
    operation_id="upload_picture",
    summary="Send a picture",
)
def upload(
    request: HttpRequest,
    verification_id: UUID,
    picture: Annotated[UploadedFile, File(description="JPEG or PNG, the card's front")],
    notices_shown: Annotated[
        bool, Form(description="that you showed the customer the notices; must be true")
    ],
) -> Any:
    """A picture on the customer's behalf. The same picture again is the same document: no Idempotency-Key is needed."""
    key = key_of(request, Scope.UPLOAD)
    row = told.own(key, verification_id)
    document = verifications.upload(
        verification=row, picture=picture.read(), notices_shown=notices_shown, key=key
    )
    tasks.enqueue(document)
    row.case.refresh_from_db()
    return Status(201, {"id": document.pk, "verification": told.verification(request, row)})


@router.post(
    "/verifications/{uuid:verification_id}/methods",
    response={200: VerificationOut, **REFUSED},
    operation_id="record_method",
    summary="Record another way of identification",
)
def identified(
    request: HttpRequest,
    response: HttpResponse,
    verification_id: UUID,
    what: Identified,
    token: Token = None,
) -> Any:
    """Another way in which you identified the person; the reference proves it, and is sealed."""
    return _changed(
        request,
        response,
        verification_id,
        Scope.IDENTIFY,
        lambda key, row: evidence.record_beforehand(
            case=row.case, kind=Method(what.method), reference=what.reference, by=actor(key)
        ),
    )


@router.post(
    "/verifications/{uuid:verification_id}/ask-again",
    response={200: VerificationOut, **REFUSED},
    operation_id="ask_again",
    summary="Ask for another picture",
)
def ask_again(
    request: HttpRequest,
    response: HttpResponse,
    verification_id: UUID,
    why: Again,
    token: Token = None,
) -> Any:
    """Asks the customer for another picture, while it is in review and no officer works on it."""
    return _changed(
        request,
        response,
        verification_id,
        Scope.ASK_AGAIN,
        lambda key, row: verifications.ask_again(verification=row, reasons=why.reasons, key=key),
    )


@router.post(
    "/verifications/{uuid:verification_id}/withdraw",
    response={200: VerificationOut, **REFUSED},
    operation_id="withdraw",
    summary="Withdraw one",
)
def withdraw(request: HttpRequest, response: HttpResponse, verification_id: UUID, token: Token = None) -> Any:
    """The customer told you that they take it back."""
    return _changed(
        request,
        response,
        verification_id,
        Scope.WITHDRAW,
        lambda key, row: verifications.withdraw(verification=row, key=key),
    )


@router.post(
    "/verifications/{uuid:verification_id}/end",
    response={200: VerificationOut, **REFUSED},
    operation_id="end_relationship",
    summary="Say that the relationship ended",
)
def ended(
    request: HttpRequest,
    response: HttpResponse,
    verification_id: UUID,
    when: Ended,
    token: Token = None,
) -> Any:
    """The relationship with an approved customer is over: the years that a law asks for begin."""
    return _changed(
        request,
        response,
        verification_id,
        Scope.ERASE,
        lambda key, row: retention.relationship_ended(case=row.case, on=when.on, by=actor(key)),
    )


@router.post(
    "/verifications/{uuid:verification_id}/erase",
    response={200: VerificationOut, **REFUSED},
    operation_id="erase",
    summary="Erase one",
)
def erase(request: HttpRequest, response: HttpResponse, verification_id: UUID, token: Token = None) -> Any:
    """Destroys everything that a finished verification sealed, unless a law or an order keeps it."""
    return _changed(
        request,
        response,
        verification_id,
        Scope.ERASE,
        lambda key, row: verifications.erase(verification=row, key=key),
    )


def _changed(
    request: HttpRequest,
    response: HttpResponse,
    verification_id: UUID,
    scope: Scope,
    act: Callable[[ApiKey, Verification], object],
) -> Any:
    """The key's own verification after `act`, done once. Raises Refusal, OtherRequest, and as `act` does."""
    key = key_of(request, scope)
    row = told.own(key, verification_id)

    def do() -> Verification:
        act(key, row)
        return row

    return told.once(request, response, key, do)
