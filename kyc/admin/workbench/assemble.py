"""Puts the page of one case together for one officer: the register is written before anything is opened."""

import base64
from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from kyc import wording_review
from kyc.admin.workbench import rows as workrows
from kyc.admin.workbench.page import DecisionShown, Page
from kyc.domain.findings import Severity
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Outcome
from kyc.imaging import crops
from kyc.models import Case, Decision, Document, Reading
from kyc.selectors import values
from kyc.services import basis, disclosure, policy, recheck
from kyc.vault.keys import Refused

GRAVEST_FIRST = tuple(reversed(Severity))


def assemble(case: Case, *, by: User, address: str | None) -> Page:
    """The page as the case stands now. Raises RegisterDown; what cannot be opened is told in `gone`."""
    page = Page(case=case, viewer=by)
    page.documents = list(case.documents.order_by("-received_at"))
    readings = _readings(page.picture)
    with_photo = [reading for reading in readings if reading.sealed_photo]
    page.portrait = with_photo[0] if with_photo else None
    try:
        if case.status is State.ERASED:
            page.gone = str(wording_review.REFUSALS["erased"])
        elif case.archived:
            page.gone = str(wording_review.REFUSALS["archived"])
        _fill(page, readings, address)
    except Refused:
        page.gone = str(wording_review.REFUSALS["gone"])
    page.decisions = _decisions(page)
    waiting = [shown for shown in page.decisions if _waits(shown.decision)]
    page.proposal = waiting[-1] if waiting and case.status is State.SECOND_REVIEW else None
    if page.works:
        page.grounds = _grounds(case)
    return page


def _fill(page: Page, readings: list[Reading], address: str | None) -> None:
    case, found = page.case, [finding for reading in readings for finding in reading.findings.all()]
    if not page.sees_picture:
        page.findings = [workrows.of_reading(finding, {}) for finding in found]
        return
    shown = disclosure.values_of(case=case, by=page.viewer, reason=disclosure.REVIEW, address=address)
    evidence = disclosure.evidence(case, found)
    every = [workrows.of_reading(finding, evidence[finding.pk]) for finding in found]
    if page.in_review:
        every += [workrows.of_typed(fresh) for fresh in recheck.recheck(case)]
    every.sort(key=lambda finding: GRAVEST_FIRST.index(finding.severity))
    needed = basis.fields_of(case)
    every_row = workrows.build(shown=shown, current=values.current(case), readings=readings, findings=every)
    page.rows = [row for row in every_row if row.field in needed]
    page.findings = [finding for finding in every if not finding.fields]
    if page.picture and readings:
        _place(page, page.picture, readings, address)


def _place(page: Page, document: Document, readings: list[Reading], address: str | None) -> None:
    """Crops and outlines from the first reading that knows where the fields stand."""
    for reading in readings:
        corners = reading.details.get("geometry", {}).get("corners")
        told: Mapping[str, Mapping[str, object]] = reading.details.get("fields", {})
        boxes = {name: box for name, detail in told.items() if crops.usable(box := detail.get("box"))}
        if not crops.usable(corners) or not boxes:
            continue
        try:
            jpeg = disclosure.picture(
                document=document, by=page.viewer, reason=disclosure.REVIEW, address=address
            )
        except OSError:
            return
        cut = crops.cut(jpeg, corners, boxes)  # type: ignore[arg-type]
        for row in page.rows:
            if row.field.value in cut:
                row.crop = "data:image/jpeg;base64," + base64.b64encode(cut[row.field.value]).decode()
                points = crops.outline(corners, boxes[row.field.value], document.width, document.height)  # type: ignore[arg-type]
                row.area = " ".join(f"{x},{y}" for x, y in points)
        return


def _readings(document: Document | None) -> list[Reading]:
    """The answers on the newest picture, newest first, one of each reader."""
    if document is None:
        return []
    answers = document.readings.filter(error_code="").order_by("-at").prefetch_related("findings")
    newest: dict[str, Reading] = {}
    for reading in answers:
        newest.setdefault(reading.reader, reading)
    return list(newest.values())


def _decisions(page: Page) -> list[DecisionShown]:
    decided = page.case.decisions.select_related("by", "seconded_by", "case").order_by("at")
    return [
        DecisionShown(
            decision=decision,
            outcome=wording_review.outcome(Outcome(decision.outcome)),
            reasons=wording_review.reasons(Outcome(decision.outcome), decision.reasons),
            standing=wording_review.standing(decision),
            comment=disclosure.comment(decision) if page.sees_picture else "",
        )
        for decision in decided
    ]


def _waits(decision: Decision) -> bool:
    return decision.needs_second and decision.withdrawn_at is None and decision.seconded_by_id is None


def _grounds(case: Case) -> list[str]:
    """Why an approval needs a second officer, in words."""
    asked, grounds = set(settings.FOUR_EYES), []
    if policy.Ground.HIGH_FINDINGS in asked and policy.has_high_findings(case):
        grounds.append(_("there are serious findings"))
    if policy.Ground.CORRECTED_RRN in asked and policy.has_corrected_rrn(case):
        grounds.append(_("the resident number was corrected"))
    return grounds
