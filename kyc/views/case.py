"""The pages of a case that has its picture: waiting, received, result; the private link leads here."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kyc import wording
from kyc.domain.lifecycle import FINAL, IllegalMove, State
from kyc.models import Case
from kyc.origin import address_of
from kyc.selectors import progress, values
from kyc.services import guesses, health, intake, links, retention
from kyc.views import code, contact, hosted, visit
from kyc.views.steps import Step, steps
from kyc.views.visit import with_case

WAITING = (State.QUEUED, State.READING)
RECEIPTED = (State.WITHDRAWN, State.ERASED)
IN_REVIEW = (State.IN_REVIEW, State.SECOND_REVIEW)


@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The private link: it becomes a cookie and leaves the address bar. Opening it changes nothing."""
    return _open(request, token)


@require_safe
def open_mail_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a mail, which may have gone to a mistyped address: the state, and no more than that."""
    return _open(request, token, mailed=True)


def _open(request: HttpRequest, token: str, *, mailed: bool = False) -> HttpResponse:
    try:
        case = links.follow(token=token, address=address_of(request), mailed=mailed)
    except guesses.Waiting:
        return render(request, "onboarding/lost.html", {"too_many": True}, status=429)
    except links.Expired:
        return render(request, "onboarding/lost.html", {"expired_link": True}, status=410)
    if case is None:
        return render(request, "onboarding/lost.html", {"bad_link": True}, status=404)
    visit.enter(request, case, mailed=mailed)
    response = redirect("kyc:status")
    hosted.begin(request, response, case)
    return response


@require_safe
def open_embedded(request: HttpRequest, token: str) -> HttpResponse:
    """The private link inside a host's page: as `open_link`, where the deployment names origins that may frame it."""
    if not settings.FRAME_ORIGINS:
        return render(request, "onboarding/lost.html", {"bad_link": True}, status=404)
    return open_link(request, token)


@require_safe
@with_case
def status(request: HttpRequest, case: Case) -> HttpResponse:
    """Where the case stands, in one address: the page follows the state."""
    if case.status in intake.TAKES_PICTURES:
        return redirect("kyc:picture")
    if case.status in WAITING:
        return render(request, "onboarding/waiting.html", _waiting(request, case))
    if case.status in IN_REVIEW:
        if case.status is State.IN_REVIEW and should_check(request, case):
            return redirect("kyc:check")
        return render(request, "onboarding/received.html", _received(request, case))
    return render(request, "onboarding/result.html", _result(case))


@require_safe
@with_case
def state(request: HttpRequest, case: Case) -> JsonResponse:
    """What the waiting page asks for now and then: whether to move on, and what to say meanwhile."""
    waiting = case.status in WAITING
    slow = waiting and _is_slow(case)
    return JsonResponse(
        {"waiting": waiting, "state": case.state, "slow": slow, "next": reverse("kyc:status")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def withdraw(request: HttpRequest, case: Case) -> HttpResponse:
    """Asks once more, then takes the application back."""
    if case.status in FINAL:
        return redirect("kyc:status")
    if request.method == "POST":
        try:
            retention.withdraw(case=case)
        except IllegalMove:  # it moved meanwhile: the page tells where to, and the button is still there
            return redirect("kyc:withdraw")
        return redirect("kyc:status")
    return render(request, "onboarding/withdraw.html")


def should_check(request: HttpRequest, case: Case) -> bool:
    """Whether the customer has yet to look at what was read, and may: not by a link alone."""
    return (
        visit.sees_fields(request, case)
        and not visit.checked_here(request, case)
        and bool(values.current(case))
        and not progress.decided_since_picture(case)
    )


def _link(request: HttpRequest, case: Case) -> str:
    """'' where a mail brought the browser here: a mistyped address must not come to more than the state."""
    if visit.by_mail(request):
        return ""
    return request.build_absolute_uri(reverse("kyc:link", args=[links.make(case)]))


def _is_slow(case: Case) -> bool:
    return progress.takes_long(case) or not health.alive("worker")


def _waiting(request: HttpRequest, case: Case) -> dict[str, object]:
    return {
        "state_words": wording.STATES_FOR_CUSTOMER[case.status],
        "slow": _is_slow(case),
        "reading": case.status is State.READING,
        "private_link": _link(request, case),
        "case": case,
        "consented": case.consents.exists(),
        **contact.stands(request, case),
        **steps(Step.CHECK),
    }


def _received(request: HttpRequest, case: Case) -> dict[str, object]:
    return {
        "may_check": case.status is State.IN_REVIEW
        and visit.sees_fields(request, case)
        and bool(values.current(case)),
        "claimed": bool(progress.claimed_fields(case)),
        "code_offered": code.may_ask(request, case),
        **contact.stands(request, case),
        "private_link": _link(request, case),
        "case": case,
        "consented": case.consents.exists(),
        **hosted.way_back(case),
        **steps(Step.RESULT),
    }


def _result(case: Case) -> dict[str, object]:
    reasons = [wording.REJECT_FOR_CUSTOMER[reason] for reason in progress.rejection(case)]
    return {
        "state": case.state,
        "title": wording.STATES_FOR_CUSTOMER[case.status],
        "reasons": list(dict.fromkeys(str(reason) for reason in reasons)),
        "case": case,
        "receipt": progress.receipt(case) if case.status in RECEIPTED else "",
        "kept_until": retention.kept_until(case) if case.status is State.WITHDRAWN else None,
        "consented": case.consents.exists(),
        **hosted.way_back(case),
        **steps(Step.RESULT, done=True),
    }
