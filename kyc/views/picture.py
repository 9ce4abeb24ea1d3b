"""The picture: sent by a form or by script, answered in words the customer can act on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kyc import specimens, tasks, wording
from kyc.domain.lifecycle import IllegalMove
from kyc.forms import PictureForm
from kyc.imaging import PictureProblem, PictureRefused
from kyc.models import Case
from kyc.selectors import progress
from kyc.services import basis, intake
from kyc.views import visit
from kyc.views.camera_words import camera_words
from kyc.views.steps import Step, steps
from kyc.views.visit import with_case
from kyc.wording_pictures import NOTHING_CHOSEN, PROBLEMS, reader_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

logger = logging.getLogger(__name__)

TOO_LARGE_MARK = "sinwon.upload_too_large"  # set by kyc.uploads


@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def picture(request: HttpRequest, case: Case) -> HttpResponse:
    if request.method == "POST":
        return _receive(request, case)
    if case.status not in intake.TAKES_PICTURES:
        return redirect("kyc:status")
    if not case.notices.exists():
        return redirect("kyc:notices")
    return _page(request, case)


@require_POST
@with_case
def insist(request: HttpRequest, case: Case) -> HttpResponse:
    """The customer has no better picture: a person looks at the one that no reader could read."""
    if progress.unreadable_reason(case) is not None and not progress.retake_asked(case):
        try:
            intake.insist(case=case)
        except IllegalMove:
            logger.info("case %s moved on before its customer insisted", case.pk)
    return redirect("kyc:status")


def _receive(request: HttpRequest, case: Case) -> HttpResponse:
    if not visit.may_try(request, case):
        words = _("Those were many tries in a short time. Please wait an hour, then go on: nothing is lost.")
        return _refuse(request, case, words, 429)
    form = PictureForm(request.POST, request.FILES)
    if request.META.get(TOO_LARGE_MARK):  # set while the form was read
        return _refuse(request, case, PROBLEMS[PictureProblem.TOO_LARGE], 413)
    if not form.is_valid():
        return _refuse(request, case, NOTHING_CHOSEN, 422)
    try:
        document = intake.submit_document(case=case, upload=form.upload())
    except PictureRefused as e:
        return _refuse(request, case, PROBLEMS[e.problem], 422)
    except intake.StorageDown:
        logger.exception("a picture of case %s could not be stored", case.pk)
        words = _("We could not keep your picture just now. Please send it again in a minute.")
        return _refuse(request, case, words, 503)
    except IllegalMove:  # sent twice, or from two devices: the page of the case tells where it stands
        return _go_on(request)
    tasks.enqueue(document)
    visit.remember_sent(request, document)
    return _go_on(request)


def _go_on(request: HttpRequest) -> HttpResponse:
    if _by_script(request):
        return JsonResponse({"next": reverse("kyc:status")})
    return redirect("kyc:status")


def _refuse(request: HttpRequest, case: Case, words: str | _StrPromise, status: int) -> HttpResponse:
    if _by_script(request):
        return JsonResponse({"error": str(words)}, status=status)
    return _page(request, case, error=words, status=status)


def _page(
    request: HttpRequest, case: Case, *, error: str | _StrPromise = "", status: int = 200
) -> HttpResponse:
    context = {
        "error": error,
        "again": _why_again(case),
        "may_insist": _may_insist(case),
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "words": camera_words(),
        "consented": case.consents.exists(),
        "mask": basis.number_barred(case),
        "specimens": specimens.offered(),
        **steps(Step.PICTURE),
    }
    return render(request, "onboarding/picture.html", context, status=status)


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


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
