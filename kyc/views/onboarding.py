"""The customer's way in: start, notices, picture. Every page works without script; scripts only make it smoother."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kyc import notices, specimens, tasks
from kyc.domain.lifecycle import FINAL, State
from kyc.domain.sources import Source
from kyc.forms import QuestionsForm
from kyc.models import Case
from kyc.origin import address_of
from kyc.services import arrivals, contacts, intake, pace
from kyc.views import arrival, visit
from kyc.views.steps import Step, steps
from kyc.views.visit import with_case


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    case = visit.case_of(request)
    context = {
        "key": arrivals.new_key(),
        "specimens": specimens.offered(),
        # The vendor's API knows the resident card alone.
        "takes_foreigners": "local" in settings.OCR_READERS,
        "going_on": case is not None and case.status not in FINAL,
        **steps(Step.START),
    }
    return render(request, "onboarding/start.html", context)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    try:
        case = _begin(request)
    except arrivals.StaleKey:
        return redirect("kyc:start")
    except pace.TooFast as e:
        return arrival.slower_page(request, e)
    return redirect("kyc:notices" if case.status is State.STARTED else "kyc:status")


@require_POST
def try_specimen(request: HttpRequest) -> HttpResponse:
    """Sends an invented card of the demonstration as the picture, in a case of its own or the one that waits."""
    specimen = specimens.named(request.POST.get("file", ""))
    if specimen is None:
        return redirect("kyc:start")
    try:
        case = _begin(request) if "key" in request.POST else visit.case_of(request)
    except arrivals.StaleKey:
        return redirect("kyc:start")
    except pace.TooFast as e:
        return arrival.slower_page(request, e)
    if case is not None and case.status in intake.TAKES_PICTURES:
        document = intake.submit_document(case=case, upload=specimen.read(), source=Source.SPECIMEN)
        tasks.enqueue(document)
        visit.remember_sent(request, document)
    return redirect("kyc:status")


def _begin(request: HttpRequest) -> Case:
    pace.begin(address=address_of(request))
    case = arrivals.begin(key=request.POST.get("key", ""), locale=get_language() or "ko")
    visit.enter(request, case)
    return case


@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def read_notices(request: HttpRequest, case: Case) -> HttpResponse:
    if case.status not in intake.TAKES_PICTURES:
        return redirect("kyc:status")
    asked = notices.questions()
    form = QuestionsForm(request.POST if request.method == "POST" else None, questions=asked)
    if form.is_bound and form.is_valid():
        try:
            pace.answers(case=case)
        except pace.TooFast as e:
            return arrival.slower_page(request, e)
        told = [intake.ShownText(text.code, text.version, text.words) for text in notices.notices()]
        answered = [
            intake.ShownText(text.code, text.version, text.words, granted=form.granted(text.code))
            for text in asked
        ]
        intake.record_texts(
            case=case, shown=told + answered, locale=get_language() or "ko", address=address_of(request)
        )
        return redirect("kyc:contact" if contacts.is_asked(case) else "kyc:picture")
    context = {
        "notices": notices.notices(),
        "questions": [(text, form[text.code]) for text in asked],
        "form": form,
        **steps(Step.NOTICES),
    }
    return render(request, "onboarding/notices.html", context)
