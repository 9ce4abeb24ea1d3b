"""What the page's scripts ask while an officer works: uncover the number, judge what is typed, hold the case."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from kyc import wording, wording_review
from kyc.admin.requests import officer_of
from kyc.admin.workbench import form, looks
from kyc.admin.workbench import rows as workrows
from kyc.domain import rrn
from kyc.domain.facts import Field
from kyc.domain.lifecycle import IllegalMove
from kyc.domain.roles import Verb
from kyc.models import Case
from kyc.selectors import values
from kyc.services import disclosure, holding, moderation, officers, recheck, refusals, register
from kyc.services.officers import NotAllowed
from kyc.vault.keys import Refused

if TYPE_CHECKING:
    from kyc.admin.pages import ReadOnlyAdmin

Answer = Callable[[HttpRequest, Case], dict[str, Any]]
CONFLICT = 409
REFUSALS: Mapping[type[Exception], tuple[str, int]] = {
    register.RegisterDown: ("register_down", 503),
    disclosure.NotWorking: ("not_working", CONFLICT),
    register.Archived: ("archived", 403),
    NotAllowed: ("not_allowed", 403),
    Refused: ("gone", 410),
    OSError: ("storage_down", 503),
}


class Aside:
    """JSON for `static/js/officer`. Without script each has a button on the page that does the same."""

    def __init__(self, admin: "ReadOnlyAdmin") -> None:
        self.admin = admin

    def uncover(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        return _told(request, case_id, _uncover)

    def judge(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        return _told(request, case_id, _judge)

    def renew(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        return _told(request, case_id, _renew)


def _told(request: HttpRequest, case_id: UUID, answer: Answer) -> HttpResponse:
    if request.method != "POST":
        return redirect("admin:kyc_case_change", case_id)
    case = get_object_or_404(Case.objects.select_related("claimed_by"), pk=case_id)
    try:
        officers.require(request.user, Verb.REVIEW)
        told = answer(request, case)
    except IllegalMove as e:
        return JsonResponse({"words": wording_review.moved_on(e.origin)}, status=CONFLICT)
    except refusals.ReviewRefused as e:
        return _refused(e.code)
    except moderation.TooMany as e:
        return _refused(f"too_many_{e.limit}", 429)
    except tuple(REFUSALS) as e:
        return _refused(*next(told for kind, told in REFUSALS.items() if isinstance(e, kind)))
    return JsonResponse(told)


def _refused(code: str, status: int = CONFLICT) -> HttpResponse:
    return JsonResponse({"words": str(wording_review.REFUSALS[code])}, status=status)


def _uncover(request: HttpRequest, case: Case) -> dict[str, Any]:
    """The number, the crops that the veil reaches into, and the picture without it, to be shown for `seconds`."""
    seen = looks.at_work(request, case, flat=request.POST.get("flat") == "1")
    return {
        "seconds": looks.SECONDS,
        "number": seen.number,
        "reads": dict(seen.reads),
        "crops": {name: looks.as_data(crop) for name, crop in seen.crops.items()},
        "picture": looks.as_data(seen.picture) if seen.picture else "",
    }


def _judge(request: HttpRequest, case: Case) -> dict[str, Any]:
    """For each field in which something was typed: what it will be kept as, or what is wrong with it, and findings."""
    by, typed = officer_of(request), form.parse(request.POST)
    if not disclosure.works_on(case, by):
        raise refusals.NotHeld
    changed = {name: typed.of(name).text or "" for name in Field if typed.changed(name)}
    standing = values.read(case) if looks.hides(case, by) else values.current(case)
    judged = recheck.judge(case, changed, standing)
    found = [workrows.of_typed(finding) for finding in judged.findings]
    told = {}
    for name in changed:
        normal = judged.normal.get(name, "")
        context = {
            "fault": wording.error_words(name, judged.faults[name]) if name in judged.faults else "",
            "normal": rrn.conceal(normal) if name is Field.RRN else workrows.words(name, normal),
            "same": normal == changed[name].strip(),
            "findings": [finding for finding in found if name in finding.fields],
        }
        told[name.value] = render_to_string("admin/kyc/case/parts/live.html", context, request)
    return {"fields": told}


def _renew(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Work goes on, so the claim does. Raises ReviewRefused, NotAllowed, IllegalMove."""
    by = officer_of(request)
    if case.claimed_by_id != by.pk:
        raise refusals.HeldByOther if case.claimed_by_other(by.pk) else refusals.NotHeld
    holding.claim(case=case, by=by)
    until = timezone.localtime(case.claim_expires)
    return {
        "words": _("You hold this case until %(until)s; working extends it.") % {"until": f"{until:%H:%M}"}
    }
