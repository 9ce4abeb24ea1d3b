"""What becomes of a picture that arrives, by form or by script: where to go on, or one sentence on what to do."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kyc import branding, tasks
from kyc.domain.lifecycle import IllegalMove
from kyc.imaging import PictureProblem, PictureRefused
from kyc.models import Case
from kyc.origin import address_of
from kyc.services import pace, uploads
from kyc.services.pictures import StorageDown
from kyc.views import visit
from kyc.wording_pictures import NOTHING_CHOSEN, PROBLEMS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """`next` is an address to go to; `words` what went wrong, with the status to say it by."""

    next: str = ""
    words: str | _StrPromise = ""
    status: int = 200


def receive(request: HttpRequest, case: Case, submit: Callable[[], uploads.Outcome]) -> Answer:
    """Counts the attempt, submits the picture, rings for its reader; every failure has words."""
    try:
        pace.picture(case=case, address=address_of(request))
    except pace.TooFast as e:
        return slower(e)
    try:
        outcome = submit()
    except StorageDown:
        logger.exception("a picture of case %s could not be stored", case.pk)
        return Answer(
            words=_("We could not keep your picture just now. Please send it again in a minute."), status=503
        )
    except (PictureRefused, IllegalMove, uploads.LiveOnly, uploads.NotAPart) as e:
        return refused(e)
    if outcome.document is None:  # its page says what to change
        visit.remember_held(request, outcome.held)
        return Answer(reverse("kyc:picture"))
    tasks.enqueue(outcome.document)
    visit.remember_sent(request, outcome.document)
    return Answer(reverse("kyc:status"))


def refused(error: Exception) -> Answer:
    if isinstance(error, PictureRefused):
        status = 413 if error.problem is PictureProblem.TOO_LARGE else 422
        return Answer(words=PROBLEMS[error.problem], status=status)
    if isinstance(error, uploads.LiveOnly):
        return Answer(words=live_only(), status=422)
    if isinstance(
        error, IllegalMove
    ):  # sent twice, or from two devices: the page of the case tells where it stands
        return Answer(reverse("kyc:status"))
    return Answer(words=NOTHING_CHOSEN, status=422)


def slower(error: pace.TooFast) -> Answer:
    words = _(
        "Those were many tries in a short time. Please wait %(minutes)d min, then go on: nothing is lost."
    )
    return Answer(words=words % {"minutes": error.minutes}, status=429)


def slower_page(request: HttpRequest, error: pace.TooFast) -> HttpResponse:
    told = {"title": _("Please wait a moment"), "advice": slower(error).words}
    return render(request, "errors/error.html", told, status=429)


def live_only() -> str:
    """Why a file will not do here, and the way round."""
    told = _("Here the picture must come from the live camera on this page: open the camera and take it.")
    way = settings.OPERATOR_COUNTER or branding.contact() or branding.name()
    round_it = _("If that is not possible for you, our staff take the picture with you: %(counter)s")
    return f"{told} {round_it % {'counter': way}}"
