"""The picture: asked for, sent by a form, found wanting or insisted on; all of it works without script."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kyc import specimens, tasks, wording
from kyc.domain.lifecycle import IllegalMove
from kyc.domain.sources import Source
from kyc.forms import PictureForm
from kyc.imaging import PictureProblem
from kyc.models import Case
from kyc.selectors import progress
from kyc.services import basis, contacts, intake, uploads
from kyc.services.pictures import StorageDown
from kyc.uploads import was_too_large
from kyc.views import arrival, visit
from kyc.views.arrival import Answer
from kyc.views.camera_words import camera_words
from kyc.views.steps import Step, steps
from kyc.views.visit import with_case
from kyc.wording_pictures import FAULTS, NOTHING_CHOSEN, PROBLEMS, reader_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def picture(request: HttpRequest, case: Case) -> HttpResponse:
    if request.method == "POST":
        answer = _receive(request, case)
        return redirect(answer.next) if answer.next else _page(request, case, answer)
    if case.status not in intake.TAKES_PICTURES:
        return redirect("kyc:status")
    if not case.notices.exists():
        return redirect("kyc:notices")
    return _page(request, case)


@require_POST
@with_case
def insist(request: HttpRequest, case: Case) -> HttpResponse:
    """The customer has no better picture: a person looks at the one that is held, or that no reader could read."""
    try:
        _insisted(request, case)
    except IllegalMove:
        logger.info("case %s moved on before its customer insisted", case.pk)
    except StorageDown:
        logger.exception("a picture of case %s could not be stored", case.pk)
        return render(request, "onboarding/busy.html", status=503)
    return redirect("kyc:status")


def _insisted(request: HttpRequest, case: Case) -> None:
    """Whoever holds the link may insist; the fields are shown where the picture came from all the same."""
    held = uploads.held(case)
    if held is not None:
        document = uploads.insist(case=case, held_id=held.id)
        tasks.enqueue(document)
        if visit.held_from_here(request, held.id):
            visit.remember_sent(request, document)
    elif progress.unreadable_reason(case) is not None and not progress.retake_asked(case):
        intake.insist(case=case)


def _receive(request: HttpRequest, case: Case) -> Answer:
    form = PictureForm(request.POST, request.FILES)
    if was_too_large(request):  # set while the form was read
        return Answer(words=PROBLEMS[PictureProblem.TOO_LARGE], status=413)
    if not form.is_valid():
        return Answer(words=NOTHING_CHOSEN, status=422)
    data = form.upload()  # without script there are files alone
    return arrival.receive(request, case, lambda: uploads.take(case=case, data=data, source=Source.FILE))


def _page(request: HttpRequest, case: Case, answer: Answer | None = None) -> HttpResponse:
    held = uploads.held(case) if case.status in intake.TAKES_PICTURES else None
    context = {
        "error": answer.words if answer else "",
        "again": [] if held else _why_again(case),
        "held": [FAULTS[fault] for fault in held.faults] if held else [],
        "may_insist": held.may_insist if held else _may_insist(case),
        "live_only": arrival.live_only() if settings.LIVE_CAMERA_ONLY else "",
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "part_bytes": uploads.PART_BYTES,
        "words": camera_words(),
        "consented": case.consents.exists(),
        "contact_asked": contacts.is_asked(case),
        "mask": basis.number_barred(case),
        "specimens": specimens.offered(),
        **steps(Step.PICTURE),
    }
    return render(request, "onboarding/picture.html", context, status=answer.status if answer else 200)


def _why_again(case: Case) -> list[str | _StrPromise]:
    """Why another picture is asked for: an officer's reasons, else the reader's; [] for a first picture."""
    asked = [wording.RETAKE_FOR_CUSTOMER[reason] for reason in progress.retake_asked(case)]
    if asked:
        return list(asked)
    reason = progress.unreadable_reason(case)
    return [] if reason is None else [reader_words(reason)]


def _may_insist(case: Case) -> bool:
    if basis.number_barred(case) or progress.retake_asked(case):
        return False
    return progress.unreadable_reason(case) is not None
