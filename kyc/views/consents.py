"""The consents that a customer gave, each with a button that takes it back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kyc import notices
from kyc.models import Case
from kyc.services import consents
from kyc.views.visit import with_case


@require_http_methods(["GET", "HEAD", "POST"])
@with_case
def mine(request: HttpRequest, case: Case) -> HttpResponse:
    if request.method == "POST":
        consents.withdraw(case=case, code=request.POST.get("code", ""))
        return redirect("kyc:consents")
    return render(request, "onboarding/consents.html", {"given": _given(case)})


def _given(case: Case) -> list[dict[str, object]]:
    """Each purpose once, as it stands now, in the words of today."""
    titles = {text.code: text.title for text in [*notices.questions(), notices.contact()]}
    newest = {consent.code: consent for consent in case.consents.order_by("at", "pk")}
    return [
        {
            "code": code,
            "title": titles.get(code, code),
            "at": consent.at,
            "granted": consent.granted,
            "withdrawn_at": consent.withdrawn_at,
        }
        for code, consent in newest.items()
    ]
