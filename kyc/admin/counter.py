"""At the counter: an officer takes a customer's picture, or makes a link for one who is elsewhere."""

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kyc import notices, tasks
from kyc.admin.requests import officer_of
from kyc.domain.roles import Verb
from kyc.forms import YES, PictureForm, QuestionsForm
from kyc.imaging import PictureProblem, PictureRefused
from kyc.origin import address_of
from kyc.services import counter, officers
from kyc.services.intake import ShownText
from kyc.services.pictures import StorageDown
from kyc.uploads import was_too_large
from kyc.wording_pictures import NOTHING_CHOSEN, PROBLEMS

TOO_LARGE, INVALID, UNAVAILABLE = 413, 422, 503
USUAL_DAYS = 7


def show(request: HttpRequest) -> HttpResponse:
    if not officers.allowed(request.user, Verb.SUBMIT):
        raise PermissionDenied
    if request.method == "POST":
        return _invite(request) if request.POST.get("do") == "invite" else _take(request)
    return _page(request)


def _take(request: HttpRequest) -> HttpResponse:
    """The case with its picture; what is wrong is said, and the answers that were given stand."""
    if request.POST.get("told") != YES:
        return _page(request, _("Let the customer read the notice first, then tick that they did."), INVALID)
    form = PictureForm(request.POST, request.FILES)
    if was_too_large(request):
        return _page(request, str(PROBLEMS[PictureProblem.TOO_LARGE]), TOO_LARGE)
    if not form.is_valid():
        return _page(request, str(NOTHING_CHOSEN), INVALID)
    locale = _locale(request)
    try:
        document = counter.take_picture(
            by=officer_of(request),
            upload=form.upload(),
            shown=_shown(request, locale),
            locale=locale,
            address=address_of(request),
        )
    except PictureRefused as e:
        return _page(request, str(PROBLEMS[e.problem]), INVALID)
    except StorageDown:
        words = _("The picture could not be kept just now, and no case was opened. Try again in a minute.")
        return _page(request, words, UNAVAILABLE)
    tasks.enqueue(document)
    messages.success(request, _("The case is open and its card is being read."))
    return redirect("admin:kyc_case_change", document.case_id)


def _invite(request: HttpRequest) -> HttpResponse:
    days = request.POST.get("days", "")
    try:
        invited = counter.invite(
            by=officer_of(request), locale=_locale(request), days=int(days) if days.isdecimal() else 0
        )
    except counter.WrongDays:
        words = _("An invitation lasts from 1 to %(most)d days.") % {"most": settings.CASE_EXPIRY_DAYS}
        return _page(request, words, INVALID)
    link = request.build_absolute_uri(reverse("kyc:link", args=[invited.token]))
    return _page(request, invited={"link": link, "until": invited.until, "case": invited.case})


def _page(
    request: HttpRequest, error: str = "", status: int = 200, *, invited: dict[str, object] | None = None
) -> HttpResponse:
    locale = _locale(request)
    with translation.override(locale):
        told, asked = notices.notices(), notices.questions()
    context = admin.site.each_context(request) | {
        "title": _("At the counter"),
        "error": error,
        "invited": invited,
        "languages": settings.LANGUAGES,
        "locale": locale,
        "notices": told,
        "questions": asked,
        "answers": {text.code: request.POST.get(text.code, "") for text in asked},
        "told": request.POST.get("told") == YES,
        "days": request.POST.get("days", USUAL_DAYS),
        "most_days": settings.CASE_EXPIRY_DAYS,
    }
    return TemplateResponse(request, "admin/counter.html", context, status=status)


def _locale(request: HttpRequest) -> str:
    """The customer's language: as chosen on the page, else the officer's."""
    wanted = request.POST.get("locale") or request.GET.get("locale") or translation.get_language()
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _shown(request: HttpRequest, locale: str) -> list[ShownText]:
    with translation.override(locale):
        told, asked = notices.notices(), notices.questions()
    form = QuestionsForm(request.POST, questions=asked)
    form.is_valid()
    return [ShownText(text.code, text.version, text.words) for text in told] + [
        ShownText(text.code, text.version, text.words, granted=form.granted(text.code)) for text in asked
    ]
