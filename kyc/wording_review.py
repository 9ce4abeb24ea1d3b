"""The words of the officers' work: why a step was refused and what to do, outcomes, readers, reasons of a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kyc import wording, wording_custody
from kyc.domain.evidence import CheckResult, Method
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
    "number_barred": _(
        "No statute lets this case hold a resident number, so it was not saved. Leave it out everywhere."
    ),
    "number_unseen": _(
        "You have not looked at this number yet. Take the case if you do not hold it, uncover the number, compare it "
        "with the picture, then confirm it or agree."
    ),
    "reason_missing": _("Choose at least one reason. Nothing was decided."),
    "own_decision": _("This is your own decision. A different officer must agree with it or send it back."),
    "own_values": _(
        "This approval rests on a value that you confirmed or corrected, so your agreement would not be a second pair "
        "of eyes. A third officer must agree. Where there are only two of you, send it back: the other confirms that "
        "value with their own eyes and decides again."
    ),
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
    "archived": _(
        "The relationship with this customer is over. Only a law keeps this case now, apart from the others: nobody "
        "who reviews opens it. An auditor can, for a reason."
    ),
    "storage_down": _("The picture cannot be fetched from the storage now. Try again in a minute."),
    "methods_missing": _(
        "Approval needs more than one way of identification, and too few are recorded. Record what is missing under "
        "“Evidence” below, then approve again: fields that were confirmed stay confirmed."
    ),
    "mismatch_stops": _(
        "The authenticity check did not match. It must not be asked again, and the case cannot simply be approved: "
        "reject it, or escalate it with a comment."
    ),
    "comment_missing": _(
        "Write a comment first: the second officer must know why you would approve in spite of it."
    ),
    "view_first": _("This proposal is looked at blind: form your own view first, then both are compared."),
    "looked_already": _("You gave your view of this proposal already. Another officer decides."),
    "view_open": _("Tick that it agrees with the picture, or type what stands on the card."),
    "evidence_missing": _(
        "Write a reference or add a file: without either nothing would prove it. Nothing was recorded."
    ),
    "reference_missing": _("Write the reference or the reason. Nothing was recorded."),
    "result_missing": _("Choose what the check said. Nothing was recorded."),
    "wrong_time": _(
        "The check was made before now and after this case began. Correct the time; nothing was recorded."
    ),
    "nothing_to_strike": _("This entry does not count any more already."),
    "check_fields_open": _(
        "Only values that an officer confirmed may go to the authenticity check. Confirm name, number and date of "
        "issue first, and save them."
    ),
    "not_working": _(
        "The number is shown without a typed reason only while you hold the case. Take the case, or give your reason."
    ),
    "reveal_reason": _("Choose why you need the full number, and say it in a few words of your own."),
    "file_reason": _("Type why you need this file, or take the case: it may show a whole number."),
    "form_too_old": _(
        "This page was opened before you signed in, so nothing was done. What you typed is below: press the button "
        "once more."
    ),
    "storage_down_file": _("The file cannot be stored now. Nothing was recorded; try again in a minute."),
    "too_many_cases": _(
        "You opened far more cases within an hour than the work of one officer takes, so no further one is shown now. "
        "It is recorded. Go on in a while, for only the last hour counts, or ask your administrator to raise "
        "DISCLOSURE_CASES_AN_HOUR."
    ),
    "too_many_numbers": _(
        "You looked at the full numbers of far more cases within an hour than usual, so no further one is shown now. "
        "It is recorded. Go on in a while, for only the last hour counts, or ask your administrator to raise "
        "DISCLOSURE_NUMBERS_AN_HOUR."
    ),
    "too_many_searches": _(
        "You searched for many numbers that no case holds, so this one was not looked for. It is recorded. Go on in a "
        "few minutes, or search by name or case id meanwhile; if it was work, ask your administrator to raise "
        "SEARCH_MISSES_AN_HOUR."
    ),
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

REVIEW, RELATED, COMPARE, CUSTOMER_CALL, AUTHENTICITY, OTHER = (
    "review",
    "related",
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

_REVIEWS: Mapping[str, _StrPromise] = {
    REVIEW: _("Review of the case"),
    RELATED: _("Compared with a related case"),
    "blind_check": _("Blind double check"),
}

GROUNDS: Mapping[str, _StrPromise] = {
    "high_findings": _("there are serious findings"),
    "corrected_rrn": _("the resident number was corrected"),
    "rejection": _("every rejection needs two officers"),
    "random_share": _("the case belongs to the random share"),
    "host": _("the system that asked for it wants two officers"),
    "escalated": _("the authenticity check did not match"),
}
"""Why a second officer must agree."""

METHODS: Mapping[Method, _StrPromise] = {
    Method.CARD_COPY: _("Copy of the card"),
    Method.VIDEO: _("Video call"),
    Method.DELIVERY: _("Checked on delivery"),
    Method.EXISTING_ACCOUNT: _("Transfer from an existing account"),
    Method.BIOMETRIC: _("Biometric"),
}

METHOD_HINTS: Mapping[Method, _StrPromise] = {
    Method.VIDEO: _("reference of the recording"),
    Method.DELIVERY: _("reference of the delivery"),
    Method.EXISTING_ACCOUNT: _("reference of the transfer"),
    Method.BIOMETRIC: _("reference of the comparison"),
}

CHECK_RESULTS: Mapping[CheckResult, _StrPromise] = {
    CheckResult.MATCH: _("It matched"),
    CheckResult.MISMATCH: _("It did not match"),
    CheckResult.UNAVAILABLE: _("No answer"),
}

READERS: Mapping[str, _StrPromise] = {"local": _("Own reader"), "tencent": _("Tencent Cloud")}


def reader(name: str) -> str:
    return str(READERS.get(name, name))


def view_reason(reason: str) -> str:
    """The words of a reason in the register, `code` or `code: as typed`; a free one stands as it was typed."""
    code, colon, typed = reason.partition(": ")
    known = _REVIEWS.get(code) or VIEW_REASONS.get(code) or wording_custody.ARCHIVE_REASONS.get(code)
    return f"{known}{colon}{typed}" if known else reason


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
    if decision.waits:
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
