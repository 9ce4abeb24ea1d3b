"""The evidence of one verification on paper: what `kyc.services.bundle` tells in words, and as a file inside."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kyc import branding, wording, wording_findings, wording_review
from kyc.domain.evidence import Method
from kyc.domain.facts import Field
from kyc.domain.findings import Severity
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Outcome, Step
from kyc.paper.sheet import ALARM, SMALL, SOFT, Sheet
from kyc.paper.words import actor, by_officer, giver, moment, value

ENCLOSED = "evidence.json"


def evidence(told: Mapping[str, Any], *, pictures: Mapping[UUID, bytes], language: str) -> bytes:
    """The PDF. `told` is the bundle as JSON, `verification` in it; `pictures` are marked JPEG by document."""
    with override(language):
        sheet = _begun(told, language)
        _summary(sheet, told)
        _decisions(sheet, told["decisions"])
        _fields(sheet, told["fields"])
        _findings(sheet, told["findings"])
        _ways(sheet, told["methods"])
        _shown_and_sent(sheet, told["notices"], told["documents"])
        _proof(sheet, told["audit"])
        _pictures(sheet, pictures)
        content = json.dumps(told, ensure_ascii=False, indent=1).encode()
        sheet.enclosed(ENCLOSED, content, kind="application/json", told=_("The same evidence, for machines"))
        return bytes(sheet.output())


def _begun(told: Mapping[str, Any], language: str) -> Sheet:
    taken = told["taken"]
    foot = _("Verification %(id)s · taken %(at)s by %(by)s") % {
        "id": told["verification"]["id"],
        "at": moment(taken["at"]),
        "by": taken["by"],
    }
    made = datetime.fromisoformat(taken["at"])
    title = _("Evidence of an identity verification")
    sheet = Sheet(title=title, language=language, made=made, foot=foot)
    sheet.heading(title, 0)
    sheet.say(branding.name(), colour=SOFT, gap=3)
    if told["verification"]["sandbox"]:
        sheet.say(
            _("SANDBOX: nothing here is real. The outcome was chosen beforehand."), size=12, colour=ALARM
        )
    return sheet


def _summary(sheet: Sheet, told: Mapping[str, Any]) -> None:
    row, taken = told["verification"], told["taken"]
    sheet.grid(
        (),
        [
            (_("Verification"), str(row["id"])),
            (_("The host's reference"), row["reference"]),
            (_("State"), str(wording.STATES[State(row["state"])])),
            (_("Legal basis"), row["legal_basis"]),
            (_("Opened"), moment(row["created_at"])),
            (_("Last change of state"), moment(row["changed_at"])),
            (_("Taken"), moment(taken["at"])),
            (_("Taken by"), actor(taken["by"])),
            (_("Reason given"), taken["reason"]),
            (_("Resident number"), _("in full") if taken["numbers"] else _("masked")),
            (_("Pictures"), _("included, marked") if taken["pictures"] else _("left out")),
        ],
        (28, 72),
    )
    zone = {"zone": timezone.get_current_timezone_name()}
    sheet.say(_("All times are of %(zone)s.") % zone, size=SMALL, colour=SOFT)


def _decisions(sheet: Sheet, decisions: Sequence[Mapping[str, Any]]) -> None:
    sheet.heading(_("Decisions"))
    rows = []
    for one in decisions:
        outcome = Outcome(one["outcome"])
        why = "; ".join(wording_review.reasons(outcome, one["reasons"]))
        grounds = "; ".join(str(wording_review.GROUNDS.get(code, code)) for code in one["grounds_for_two"])
        rows.append(
            (
                wording_review.outcome(outcome) + (f" ({_('Sent back')})" if one["sent_back"] else ""),
                why or "–",
                by_officer(one["officer"], one["at"]),
                by_officer(one["second_officer"], one["seconded_at"]),
                grounds or "–",
            )
        )
    head = (_("Outcome"), _("Reasons"), _("Decided by"), _("Second officer"), _("Why two officers"))
    _grid_or_none(sheet, head, rows, (16, 24, 20, 20, 20))


def _fields(sheet: Sheet, fields: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    sheet.heading(_("Fields, and where each value comes from"))
    rows = [
        (
            str(wording.FIELDS[name]),
            str(wording_review.STEPS[Step(one["step"])]),
            value(name, one["text"]),
            giver(one),
            moment(one["at"]),
        )
        for name in Field
        for one in fields[name.value]
    ]
    head = (_("Field"), _("Step"), _("Value"), _("By"), _("When"))
    _grid_or_none(sheet, head, rows, (14, 16, 36, 16, 18))


def _findings(sheet: Sheet, findings: Sequence[Mapping[str, Any]]) -> None:
    sheet.heading(_("Findings"))
    known = wording_findings.FINDINGS
    rows = [
        (
            str(wording.SEVERITIES[Severity(one["severity"])]),
            str(known[one["code"]].title) if one["code"] in known else one["code"],
            one["code"],
            moment(one["at"]),
        )
        for one in findings
    ]
    _grid_or_none(sheet, (_("Weight"), _("Finding"), _("Code"), _("When")), rows, (16, 42, 24, 18))


def _ways(sheet: Sheet, methods: Sequence[Mapping[str, Any]]) -> None:
    sheet.heading(_("Ways of identification"))
    rows = [
        (
            str(wording_review.METHODS[Method(one["method"])]),
            _("struck out") if one["struck"] else _("stands"),
            moment(one["at"]),
        )
        for one in methods
    ]
    _grid_or_none(sheet, (_("Way"), _("Standing"), _("When")), rows, (50, 25, 25))


def _shown_and_sent(
    sheet: Sheet, notices: Sequence[Mapping[str, Any]], documents: Sequence[Mapping[str, Any]]
) -> None:
    sheet.heading(_("Notices shown"))
    rows = [(one["code"], one["version"], moment(one["at"]), one["sha256"]) for one in notices]
    _grid_or_none(
        sheet, (_("Notice"), _("Version"), _("When"), "SHA-256"), rows, (13, 11, 22, 54), size=SMALL
    )
    sheet.heading(_("Pictures received"))
    sent = [
        (
            one["id"] + (f" ({_('destroyed')})" if one["destroyed"] else ""),
            moment(one["at"]),
            one["sha256"],
        )
        for one in documents
    ]
    head = (_("Document"), _("When"), _("SHA-256 as it was sent"))
    _grid_or_none(sheet, head, sent, (30, 17, 53), size=SMALL)


def _pictures(sheet: Sheet, pictures: Mapping[UUID, bytes]) -> None:
    for document, jpeg in pictures.items():
        sheet.add_page()
        sheet.heading(_("Picture of document %(id)s") % {"id": document})
        sheet.say(
            _("Written anew from the pixels that were sent; the mark names the key that took it."),
            colour=SOFT,
        )
        sheet.photograph(jpeg, _("The picture of the card that the customer sent"))


def _proof(sheet: Sheet, audit: Mapping[str, Any]) -> None:
    sheet.heading(_("Audit proof"))
    rows = [
        (str(one["sequence"]), moment(one["at"]), one["action"], actor(one["actor"]), one["hash"])
        for one in audit["entries"]
    ]
    head = (_("Entry"), _("When"), _("Action"), _("By"), "SHA-256")
    sheet.grid(head, rows, (8, 18, 19, 15, 40), size=SMALL)
    sheet.heading(_("Checkpoint"), 2)
    point = audit["checkpoint"]
    if point is None:
        sheet.say(
            _("No signed checkpoint follows the last entry yet. Take the evidence again in five minutes.")
        )
    else:
        names = (_("Entry"), _("Signed at"), "SHA-256", _("Key"), _("Signature (Ed25519)"))
        values = (
            str(point["sequence"]),
            moment(point["at"]),
            point["hash"],
            point["key"],
            point["signature"],
        )
        sheet.grid((), list(zip(names, values, strict=True)), (22, 78), size=SMALL)
    sheet.heading(_("How to check this"), 2)
    sheet.say(
        _(
            "The file %(name)s inside this document holds the same evidence with every entry whole. Take it out "
            "(pdfdetach -saveall, or the attachments of your reader) and give it to the verifier that needs nothing "
            "of this product: verify_evidence.py %(name)s --key audit.pub. It computes each entry's "
            "hash and checks the signature. That the entries stand in the chain under the checkpoint is shown together "
            "with an export of the operator's whole chain."
        )
        % {"name": ENCLOSED}
    )


def _grid_or_none(
    sheet: Sheet,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    size: float = SMALL + 1,
) -> None:
    if rows:
        sheet.grid(head, rows, widths, size=size)
    else:
        sheet.say(_("None."), colour=SOFT)
