"""What goes over the wire. Unknown fields are refused: a misspelt one would be silently ignored otherwise."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StrictBool, StrictInt

from kyc.domain.hosts import Outcome
from kyc.domain.lifecycle import State
from kyc.domain.reasons import RetakeReason

NAME = r"^[A-Za-z0-9가-힣][A-Za-z0-9가-힣 ._:/#-]*$"
Locale = Literal["ko", "en"]
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class Requirements(Strict):
    """What this verification needs beyond the deployment's own policy; it can only ask for more."""

    methods: Annotated[StrictInt, Field(ge=0, le=5, description="ways of identification, at least")] = 0
    second_officer: Annotated[
        StrictBool, Field(description="two officers decide, whatever the card looks like")
    ] = False


class NewVerification(Strict):
    reference: Annotated[
        str,
        Field(
            min_length=1,
            max_length=100,
            pattern=NAME,
            description="your own name for it; tells nothing of the person",
        ),
    ]
    locale: Locale = "ko"
    return_address: Annotated[
        str,
        Field(
            max_length=500, pattern=PRINTABLE, description="where the customer may go back to; on your list"
        ),
    ] = ""
    legal_basis: Annotated[
        str,
        Field(max_length=200, pattern=PRINTABLE, description="the statute; the deployment's own where empty"),
    ] = ""
    requirements: Requirements = Requirements()
    sandbox_outcome: Annotated[
        Outcome | None, Field(description="how it is to come out; with a key of the sandbox alone")
    ] = None


class VerificationFacts(Schema):
    """How it stands; without the private links, so that it may be filed."""

    id: UUID
    reference: str
    state: State
    locale: str
    legal_basis: str
    sandbox: bool
    requirements: Requirements
    created_at: datetime
    changed_at: datetime


class VerificationOut(VerificationFacts):
    url: Annotated[
        str | None,
        Field(
            description="the customer's private link: whoever has it may go on with the application; null for a key "
            "without `verifications:create`"
        ),
    ]
    embed_url: Annotated[str | None, Field(description="the same, for a frame on one of FRAME_ORIGINS")]


class Page(Schema):
    items: list[VerificationOut]
    next: Annotated[str | None, Field(description="the cursor of the next page; null on the last")]


class Again(Strict):
    reasons: Annotated[list[RetakeReason], Field(min_length=1, max_length=12)]


class Identified(Strict):
    method: Literal["video", "delivery", "existing_account", "biometric"]
    reference: Annotated[str, Field(min_length=1, max_length=200, pattern=PRINTABLE)]


class Ended(Strict):
    on: date


class Why(Strict):
    reason: Annotated[
        str,
        Field(min_length=5, max_length=200, pattern=PRINTABLE, description="why; stands in the register"),
    ]


class EvidenceWanted(Why):
    numbers: Annotated[StrictBool, Field(description="the whole number; needs `numbers:read`")] = False
    pictures: Annotated[StrictBool, Field(description="the card's pictures; needs `pictures:read`")] = False


class PaperWanted(EvidenceWanted):
    locale: Locale = "ko"


class FieldsOut(Schema):
    id: UUID
    masked: bool
    fields: dict[str, str]


class DocumentOut(Schema):
    id: UUID
    verification: VerificationOut


class Taken(Schema):
    """When, with which key and why this was taken, as the register has it; and what was asked for."""

    at: datetime
    by: str
    reason: str
    numbers: bool
    pictures: bool


class EvidenceOut(Schema):
    """See docs/api.md; `format` changes with its shape."""

    format: str
    verification: VerificationFacts
    taken: Taken
    fields: dict[str, list[dict[str, Any]]]
    findings: list[dict[str, Any]]
    methods: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    audit: dict[str, Any]
    pictures: dict[str, str] | None = None


class Fault(Schema):
    where: str
    message: str
    message_ko: str


class Problem(Schema):
    """RFC 9457, in both languages."""

    type: str
    code: str
    status: int
    title: str
    title_ko: str
    errors: list[Fault] | None = None


REFUSED: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429, 500, 503), Problem)
"""What every operation may answer beside its own."""
