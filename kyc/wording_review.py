"""The words of the officers' work: why a step was refused and what to do, outcomes, readers, reasons of a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kyc import wording
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Outcome, Step
from kyc.domain.reasons import RejectReason, RetakeReason
from kyc.domain.roles import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from kyc.models import Decision

REFUSALS: Mapping[str, _StrPromise] = {
    "refused": _("This step is not possible now. Nothing was changed."),
    "held_by_other": _(
        "Another officer holds this case now, so nothing was saved. Your claim had run out, or they were faster. "
        "What you typed is kept below: tell it to them, or take the case again once it is free."
    ),
    "not_held": _(
        "Nobody holds this case, so nothing was saved. Take it, then save again: what you typed is below."
    ),
    "fields_open": _("Confirm or correct every field first. These are still open:"),
    "field_unreadable": _(
        "The reader's text cannot be confirmed as it stands. Type the value from the picture."
    ),
    "reason_missing": _("Choose at least one reason. Nothing was decided."),
    "own_decision": _("This is your own decision. A different officer must agree with it or send it back."),
    "nothing_to_second": _("There is no decision to agree with any more. Look at the case as it stands now."),
    "stale_value": _(
        "This value changed after you opened the page. Look at the new one; what you typed was not saved."
    ),
    "stale_proposal": _("The decision changed after you opened the page. Read it again before you answer."),
    "not_allowed": _("Your role does not include this step. Nothing was changed."),
    "register_down": _(
        "The register of disclosures cannot be written now, so nothing may be shown. Try again in a minute; "
        "if it stays so, tell your administrator."
    ),
    "gone": _(
        "The data of this case cannot be opened: it was erased, or it was changed outside the product."
    ),
    "erased": _(
        "The data of this case was destroyed for good: nobody can open the picture or any value. What remains is "
        "what was done and by whom."
    ),
    "storage_down": _("The picture cannot be fetched from the storage now. Try again in a minute."),
    "what_to_do": _("The page was sent without saying what to do. Nothing was changed."),
}
"""By `ReviewRefused.code`, and the pages' own."""

MOVED_ON: Mapping[State, _StrPromise] = {
    State.APPROVED: _("This case is approved already. Nothing more was decided."),
    State.REJECTED: _("This case is rejected already. Nothing more was decided."),
    State.RETAKE: _("The customer was asked for another picture already. Nothing more was decided."),
    State.SECOND_REVIEW: _(
        "A decision is proposed already and waits for a second officer. Nothing was changed."
    ),
    State.IN_REVIEW: _("The case is in review again. Look at it as it stands now. Nothing was changed."),
    State.WITHDRAWN: _("The customer has withdrawn. The case is closed and nothing was changed."),
    State.EXPIRED: _("The case has expired. It is closed and nothing was changed."),
    State.ERASED: _("The data of this case was erased. Nothing was changed."),
}
"""What an officer is told whose step met a case that has moved on, by its state now."""

OUTCOMES: Mapping[Outcome, _StrPromise] = {
    Outcome.APPROVE: _("Approve"),
    Outcome.REJECT: _("Reject"),
    Outcome.RETAKE: _("Ask for another picture"),
}

STEPS: Mapping[Step, _StrPromise] = {
    Step.READ: _("Read"),
    Step.NORMALISED: _("Put in order"),
    Step.CLAIMED: _("Claimed by the customer"),
    Step.CONFIRMED: _("Confirmed"),
    Step.CORRECTED: _("Corrected"),
    Step.APPROVED: _("Approved"),
}

REVIEW, COMPARE, CUSTOMER_CALL, AUTHENTICITY, OTHER = (
    "review",
    "compare_number",
    "customer_call",
    "authenticity_check",
    "other",
)
VIEW_REASONS: Mapping[str, _StrPromise] = {
    COMPARE: _("To compare it with the picture"),
    AUTHENTICITY: _("For the authenticity check"),
    CUSTOMER_CALL: _("A conversation with the customer"),
    OTHER: _("Another reason of the review"),
}
"""Why an officer asks for a full number; the codes stand in the disclosure register."""

_STANDING: Mapping[str, _StrPromise] = {
    REVIEW: _("Review of the case"),
    "blind_check": _("Blind double check"),
}
"""Reasons that the page itself gives."""

READERS: Mapping[str, _StrPromise] = {"local": _("Own reader"), "tencent": _("Tencent Cloud")}


def reader(name: str) -> str:
    return str(READERS.get(name, name))


def view_reason(code: str) -> str:
    """The words of a reason in the register; a free one stands as it was typed."""
    known = _STANDING.get(code) or VIEW_REASONS.get(code)
    return str(known or code)


def outcome(of: Outcome) -> str:
    return str(OUTCOMES[of])


def reasons(of: Outcome, codes: Sequence[str]) -> list[str]:
    """Reason codes in the officers' words; one that this version does not know stands as it is."""
    known: Mapping[str, _StrPromise] = (
        {reason.value: words for reason, words in wording.RETAKE_FOR_OFFICERS.items()}
        if of is Outcome.RETAKE
        else {reason.value: words for reason, words in wording.REJECT_FOR_OFFICERS.items()}
    )
    return [str(known.get(code, code)) for code in codes]


def for_customer(reason: RejectReason | RetakeReason) -> str:
    """What the customer is told for a reason."""
    if isinstance(reason, RetakeReason):
        return str(wording.RETAKE_FOR_CUSTOMER[reason])
    return str(wording.REJECT_FOR_CUSTOMER[reason])


def standing(decision: Decision) -> str:
    """Whether a decision took effect."""
    if decision.withdrawn_at:
        return str(_("Sent back"))
    if decision.needs_second and not decision.seconded_by_id:
        return str(_("Waits for a second officer"))
    return str(_("In force"))


def moved_on(state: State) -> str:
    """For a step that met a case which moved on."""
    return str(MOVED_ON.get(state, REFUSALS["refused"]))


ROLES: Mapping[Role, _StrPromise] = {
    Role.REVIEWER: _("Reviewer"),
    Role.APPROVER: _("Approver"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMINISTRATOR: _("Administrator"),
}

ROLE_HELP: Mapping[Role, _StrPromise] = {
    Role.REVIEWER: _("takes cases, confirms, corrects and decides"),
    Role.APPROVER: _("as a reviewer, and agrees with others' decisions"),
    Role.AUDITOR: _("sees cases without pictures, and the registers"),
    Role.ADMINISTRATOR: _("manages accounts, sees no customer's data"),
}
