"""The evidence's buttons. None decides anything; all that was typed elsewhere on the page stays typed."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kyc import wording_pictures
from kyc.admin.workbench import evidence_form
from kyc.admin.workbench.evidence_form import TypedEvidence
from kyc.domain.lifecycle import IllegalMove, State
from kyc.imaging import PictureRefused
from kyc.models import Case
from kyc.services import evidence, holding
from kyc.services.files import CleanFile
from kyc.services.refusals import ReviewRefused

BLANK = TypedEvidence()


class FileRefused(ReviewRefused):
    """The file cannot be kept; `words` say why."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


Step = Callable[[HttpRequest, Case, TypedEvidence, User], tuple[str, TypedEvidence]]


def step_of(do: str) -> Step | None:
    return _strike(do) if do.startswith("strike:") else STEPS.get(do)


def _method(request: HttpRequest, case: Case, typed: TypedEvidence, by: User) -> tuple[str, TypedEvidence]:
    _go_on_holding(case, by)
    file = _file(request, "method_file")
    evidence.record_method(case=case, kind=typed.kind, reference=typed.reference, by=by, file=file)
    return _("The method of identification is recorded."), replace(typed, reference="", kind=BLANK.kind)


def _strike(do: str) -> Step:
    def strike(request: HttpRequest, case: Case, typed: TypedEvidence, by: User) -> tuple[str, TypedEvidence]:
        method_id = evidence_form.struck(do)
        if method_id is None:
            raise evidence.NothingToStrike
        _go_on_holding(case, by)
        why = request.POST.get(f"strike_why_{method_id}", "").strip()[: evidence_form.LONGEST_REFERENCE]
        evidence.strike_method(case=case, method_id=method_id, why=why, by=by)
        return _("The method counts no more; both entries stay on record."), typed

    return strike


def _check(request: HttpRequest, case: Case, typed: TypedEvidence, by: User) -> tuple[str, TypedEvidence]:
    if typed.result is None:
        raise ResultMissing
    try:
        moment = typed.moment
    except ValueError as e:
        raise evidence.WrongTime from e
    _go_on_holding(case, by)
    evidence.record_check(
        case=case, result=typed.result, reference=typed.check_reference, checked_at=moment, by=by
    )
    return _("The authenticity check is recorded."), replace(
        typed, result=None, check_reference="", checked_at=""
    )


class ResultMissing(ReviewRefused):
    code = "result_missing"


def _note(request: HttpRequest, case: Case, typed: TypedEvidence, by: User) -> tuple[str, TypedEvidence]:
    _go_on_holding(case, by)
    evidence.add_note(case=case, text=typed.note, by=by, file=_file(request, "note_file"))
    return _("The note is kept."), replace(typed, note="")


def _go_on_holding(case: Case, by: User) -> None:
    """Evidence belongs to the review: a page that is older than the proposal is told that the case moved on."""
    if case.status is not State.IN_REVIEW:
        raise IllegalMove(case.status, State.IN_REVIEW)
    holding.claim(case=case, by=by)


def _file(request: HttpRequest, name: str) -> CleanFile | None:
    try:
        return evidence_form.file_of(request, name)
    except PictureRefused as e:
        raise FileRefused(
            str(wording_pictures.EVIDENCE.get(e.problem, wording_pictures.PROBLEMS[e.problem]))
        ) from e


STEPS: Mapping[str, Step] = {"method": _method, "check": _check, "note": _note}
