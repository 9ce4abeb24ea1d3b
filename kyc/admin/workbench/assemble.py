"""Puts the page of one case together for one officer: the register is written before anything is opened."""

import base64
from collections.abc import Iterable, Mapping, Sequence

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from kyc import wording, wording_review
from kyc.admin.workbench import evidence_shown
from kyc.admin.workbench import rows as workrows
from kyc.admin.workbench.page import DecisionShown, LookShown, Page
from kyc.domain.facts import Field
from kyc.domain.findings import Severity
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Outcome
from kyc.imaging import crops
from kyc.models import Case, Decision, Document, FieldValue, Reading, SecondLook
from kyc.selectors import places, values
from kyc.services import basis, disclosure, opening, policy, recheck
from kyc.vault.keys import Refused

GRAVEST_FIRST = tuple(reversed(Severity))


def assemble(case: Case, *, by: User, address: str | None) -> Page:
    """The page as the case stands now. Raises RegisterDown; what cannot be opened is told in `gone`."""
    page = Page(case=case, viewer=by)
    page.documents = list(case.documents.order_by("-received_at"))
    readings = _readings(page.picture)
    with_photo = [reading for reading in readings if reading.sealed_photo]
    page.portrait = with_photo[0] if with_photo else None
    decided = list(
        case.decisions.select_related("by", "seconded_by", "case")
        .prefetch_related("looks__by")
        .order_by("at")
    )
    if case.status is State.SECOND_REVIEW:
        page.waiting = next((decision for decision in reversed(decided) if decision.waits), None)
        page.looks = list(page.waiting.looks.all()) if page.waiting else []
        if page.waiting and page.waiting.outcome == Outcome.APPROVE:
            page.settlers = values.settlers(case, page.picture)
    try:
        if case.status is State.ERASED:
            page.gone = str(wording_review.REFUSALS["erased"])
        elif case.archived:
            page.gone = str(wording_review.REFUSALS["archived"])
        _fill(page, readings, address)
    except Refused:
        page.gone = str(wording_review.REFUSALS["gone"])
    page.decisions = [_decision(page, decision) for decision in decided]
    page.proposal = next((shown for shown in page.decisions if shown.decision == page.waiting), None)
    return page


def _fill(page: Page, readings: list[Reading], address: str | None) -> None:
    case, found = page.case, [finding for reading in readings for finding in reading.findings.all()]
    if not page.sees_picture:
        page.findings = [workrows.of_reading(finding, {}) for finding in found]
        return
    page.where = places.of(readings)
    shown = disclosure.values_of(
        case=case, by=page.viewer, reason=disclosure.REVIEW, address=address, crops_too=_has_crops(page)
    )
    evidence = opening.evidence(case, found)
    every = [workrows.of_reading(finding, evidence[finding.pk]) for finding in found]
    current = (values.read if page.hides else values.current)(case, page.picture)
    if page.in_review and not page.hides:
        every += [workrows.of_typed(fresh) for fresh in recheck.recheck(case, current)]
    every.sort(key=lambda finding: GRAVEST_FIRST.index(finding.severity))
    if page.hides:  # a blind look: nothing of what the first officer made of it
        shown = {name: [value for value in said if value.reading_id] for name, said in shown.items()}
    needed = basis.fields_of(case)
    every_row = workrows.build(shown=shown, current=current, readings=readings, findings=every)
    page.rows = [row for row in every_row if row.field in needed]
    page.findings = [finding for finding in every if not finding.fields]
    hidden = page.waiting.by_id if page.waiting and page.hides else None
    page.evidence = evidence_shown.of(case, page.picture, current, without_notes_of=hidden)
    if page.works:
        page.grounds = _grounds(case, current)
    if page.picture and _has_crops(page):
        _place(page, page.picture)


def _has_crops(page: Page) -> bool:
    """Whether a reader told where the fields stand."""
    return bool(page.picture and page.where.corners is not None and page.where.boxes)


def _place(page: Page, document: Document) -> None:
    """Crops and outlines."""
    where = page.where
    try:
        cut = disclosure.crops(document=document, where=where, by=page.viewer)
    except OSError:
        return
    if where.corners is None:
        return
    for row in page.rows:
        if row.field in cut:
            row.crop = "data:image/jpeg;base64," + base64.b64encode(cut[row.field]).decode()
            box = where.boxes[row.field]
            row.area = _points(crops.outline(where.corners, box, document.width, document.height))
            row.flat_area = _points(box)


def _points(points: Iterable[Sequence[float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _readings(document: Document | None) -> list[Reading]:
    """The answers on the newest picture, newest first, one of each reader."""
    if document is None:
        return []
    answers = document.readings.filter(error_code="").order_by("-at").prefetch_related("findings")
    newest: dict[str, Reading] = {}
    for reading in answers:
        newest.setdefault(reading.reader, reading)
    return list(newest.values())


def _decision(page: Page, decision: Decision) -> DecisionShown:
    """Told as far as this officer may know it: while a blind look is open, that there is a proposal and no more."""
    if decision == page.waiting and page.hides:
        standing = wording_review.standing(decision)
        return DecisionShown(decision, _("Hidden until your own view is formed"), [], standing, "")
    outcome = Outcome(decision.outcome)
    return DecisionShown(
        decision=decision,
        outcome=wording_review.outcome(outcome),
        reasons=wording_review.reasons(outcome, decision.reasons),
        standing=wording_review.standing(decision),
        comment=opening.comment(decision) if page.sees_picture else "",
        grounds=[str(wording_review.GROUNDS.get(ground, ground)) for ground in decision.grounds],
        looks=[_look(page, look) for look in decision.looks.all()],
        number=outcome is Outcome.APPROVE and any(row.field is Field.RRN for row in page.rows),
    )


def _look(page: Page, look: SecondLook) -> LookShown:
    """The second officer's view beside the first's: the fields that differ, with both values."""
    view, comment = opening.view(look) if page.sees_picture else ({}, "")
    first = {row.field: row.shown for row in page.rows}
    differing = [Field(name) for name in look.differs if name in set(Field)]
    return LookShown(
        look=look,
        outcome=wording_review.outcome(Outcome(look.outcome)),
        reasons=wording_review.reasons(Outcome(look.outcome), look.reasons),
        comment=comment,
        differing=[
            (str(wording.FIELDS[name]), first.get(name, ""), workrows.words(name, view.get(name, "")))
            for name in differing
        ],
    )


def _grounds(case: Case, standing: Mapping[Field, FieldValue]) -> list[str]:
    """Why an approval needs a second officer, in words. Never the random share: who knew it could dodge it."""
    told = [
        ground
        for ground in policy.grounds(case, Outcome.APPROVE, standing)
        if ground != policy.Ground.RANDOM_SHARE
    ]
    return [str(wording_review.GROUNDS[ground]) for ground in told]
