"""The words of the domain's codes, in the reader's language. The words of findings: `kyc.wording_findings`.

What a customer is told and what stays inside are two tables; a template takes one or the other, never both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kyc.domain import cards
from kyc.domain.errors import Fault
from kyc.domain.facts import Field
from kyc.domain.findings import Severity
from kyc.domain.lifecycle import State
from kyc.domain.reasons import RejectReason, RetakeReason
from kyc.domain.rrn import Sex

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


STATES: Mapping[State, _StrPromise] = {
    State.STARTED: _("Started"),
    State.QUEUED: _("Waiting to be read"),
    State.READING: _("Being read"),
    State.RETAKE: _("New picture asked for"),
    State.IN_REVIEW: _("In review"),
    State.SECOND_REVIEW: _("Second review"),
    State.APPROVED: _("Approved"),
    State.REJECTED: _("Rejected"),
    State.WITHDRAWN: _("Withdrawn"),
    State.EXPIRED: _("Expired"),
    State.ERASED: _("Erased"),
}
"""For officers."""

STATES_FOR_CUSTOMER: Mapping[State, _StrPromise] = {
    State.STARTED: _("We are waiting for a picture of your card."),
    State.QUEUED: _("Your picture has arrived and will be read in a moment."),
    State.READING: _("Your card is being read."),
    State.RETAKE: _("We need another picture of your card."),
    State.IN_REVIEW: _("We have everything. A person is checking your card."),
    State.SECOND_REVIEW: _("We have everything. A person is checking your card."),
    State.APPROVED: _("Your identity is confirmed."),
    State.REJECTED: _("We could not confirm your identity."),
    State.WITHDRAWN: _("You have withdrawn your application."),
    State.EXPIRED: _("Your application has expired. You can start again."),
    State.ERASED: _("Your data has been erased."),
}

SEVERITIES: Mapping[Severity, _StrPromise] = {
    Severity.INFO: _("For information"),
    Severity.LOW: _("Worth a look"),
    Severity.HIGH: _("Serious"),
}

FIELDS: Mapping[Field, _StrPromise] = {
    Field.NAME: _("Name"),
    Field.RRN: _("Resident number"),
    Field.SEX: _("Sex"),
    Field.BIRTHDAY: _("Birthday"),
    Field.ADDRESS: _("Address"),
    Field.ISSUED: _("Date of issue"),
}

CARDS: Mapping[str, _StrPromise] = {
    cards.RESIDENT.code: _("resident card"),
    cards.FOREIGNER.code: _("foreigner's residence card"),
}
"""What each document is called, by its code."""

SEXES: Mapping[Sex, _StrPromise] = {Sex.MALE: _("Male"), Sex.FEMALE: _("Female")}

_SHAPES: Mapping[Field, _StrPromise] = {
    Field.NAME: _(
        "Write the name in hangul, with the hanja in brackets if the card shows them: 홍길동 (洪吉童)."
    ),
    Field.RRN: _("Write six digits, a hyphen and seven digits."),
    Field.SEX: _("Choose male or female."),
    Field.BIRTHDAY: _("Write the date as year, month and day, for example 1982-07-01."),
    Field.ADDRESS: _("Write the address as it stands on the card."),
    Field.ISSUED: _("Write the date as year, month and day, for example 2015-03-01."),
}

_FAULTS: Mapping[Fault, _StrPromise] = {
    Fault.EMPTY: _("This is empty. Write what stands on the card."),
    Fault.TOO_LONG: _("This is longer than any card prints."),
    Fault.MASKED: _("The last digits are hidden. Write the number in full."),
    Fault.IMPOSSIBLE_DATE: _("There is no such day. Compare the digits with the card."),
    Fault.NO_LATIN: _("Write the name in Latin letters, as the card prints it."),
    Fault.NO_HANGUL: _("There is no hangul in this. Write it as it stands on the card."),
}


def error_words(field: Field, fault: Fault) -> _StrPromise:
    """What to do about a typed value that its field cannot hold (`FieldError.field`, `FieldError.fault`)."""
    return _FAULTS.get(fault) or _SHAPES[field]


RETAKE_FOR_CUSTOMER: Mapping[RetakeReason, _StrPromise] = {
    RetakeReason.BLURRED: _("The picture is blurred. Hold the phone still, and wait until it is sharp."),
    RetakeReason.GLARE: _("A light is reflected on the card. Tilt it a little, away from the lamp."),
    RetakeReason.CUT_OFF: _(
        "Part of the card is missing. Move back until all four corners are in the picture."
    ),
    RetakeReason.DARK: _("The picture is too dark. Go nearer to a window or switch on a light."),
    RetakeReason.TOO_SMALL: _("The card is too small in the picture. Move closer."),
    RetakeReason.COVERED: _("Something covers the card. Take it out of its holder and lay it on a table."),
    RetakeReason.COPY: _("Please photograph the card itself, not a copy or a screen."),
    RetakeReason.NOT_A_CARD: _(
        "We could not find a card in the picture. Lay your card on a dark, plain surface."
    ),
    RetakeReason.WRONG_DOCUMENT: _("This is another document. Please photograph your resident card."),
    RetakeReason.BACK_SIDE: _("This is the back of the card. Please photograph the front."),
    RetakeReason.UNREADABLE: _("We could not read the card. Please take the picture again in good light."),
    RetakeReason.OTHER: _("Please take another picture of your resident card."),
}

RETAKE_FOR_OFFICERS: Mapping[RetakeReason, _StrPromise] = {
    RetakeReason.BLURRED: _("Blurred"),
    RetakeReason.GLARE: _("Glare"),
    RetakeReason.CUT_OFF: _("Card cut off"),
    RetakeReason.DARK: _("Too dark"),
    RetakeReason.TOO_SMALL: _("Card too small"),
    RetakeReason.COVERED: _("Card partly covered"),
    RetakeReason.COPY: _("Copy or screen instead of the card"),
    RetakeReason.NOT_A_CARD: _("No card in the picture"),
    RetakeReason.WRONG_DOCUMENT: _("Another document"),
    RetakeReason.BACK_SIDE: _("Back of the card"),
    RetakeReason.UNREADABLE: _("Not readable"),
    RetakeReason.OTHER: _("Other reason"),
}

_NOT_CONFIRMED = _(
    "We could not confirm your identity with this card. Please contact us if you have questions."
)

REJECT_FOR_CUSTOMER: Mapping[RejectReason, _StrPromise] = {
    # A suspicion is never told: it would warn a forger and wrong an honest customer.
    RejectReason.SUSPECTED_FORGERY: _NOT_CONFIRMED,
    RejectReason.NOT_LATEST_CARD: _(
        "This is not your latest card. Please apply again with the card issued last."
    ),
    RejectReason.IDENTITY_MISMATCH: _NOT_CONFIRMED,
    RejectReason.AUTHENTICITY_FAILED: _NOT_CONFIRMED,
    RejectReason.UNDERAGE: _("You are too young for this service."),
    RejectReason.NOT_ELIGIBLE: _("This service is not open to you. Please contact us if you have questions."),
    RejectReason.DUPLICATE: _("You have applied already. Please use your earlier application."),
    RejectReason.NO_RESPONSE: _("We had no answer from you in time. You can apply again."),
    RejectReason.OTHER: _NOT_CONFIRMED,
}

REJECT_FOR_OFFICERS: Mapping[RejectReason, _StrPromise] = {
    RejectReason.SUSPECTED_FORGERY: _("Suspected forgery"),
    RejectReason.NOT_LATEST_CARD: _("Not the latest card"),
    RejectReason.IDENTITY_MISMATCH: _("Person and card do not match"),
    RejectReason.AUTHENTICITY_FAILED: _("Authenticity check failed"),
    RejectReason.UNDERAGE: _("Too young"),
    RejectReason.NOT_ELIGIBLE: _("Not eligible"),
    RejectReason.DUPLICATE: _("Duplicate of another case"),
    RejectReason.NO_RESPONSE: _("No answer from the customer"),
    RejectReason.OTHER: _("Other reason"),
}
