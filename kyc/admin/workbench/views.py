"""The page of one case and its buttons. A GET shows; a POST calls a service; a refusal shows the page with what was
typed still in it, and a sentence that says what to do."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kyc import wording, wording_review
from kyc.admin.requests import officer_of
from kyc.admin.workbench import form, steps
from kyc.admin.workbench.assemble import assemble
from kyc.admin.workbench.form import Typed
from kyc.admin.workbench.page import Page
from kyc.domain.facts import Field
from kyc.domain.lifecycle import IllegalMove
from kyc.domain.roles import Verb
from kyc.models import Case
from kyc.origin import address_of
from kyc.services import disclosure, officers, review, worklist
from kyc.services.officers import NotAllowed
from kyc.vault.keys import Refused

if TYPE_CHECKING:
    from kyc.admin.pages import ReadOnlyAdmin

TEMPLATE = "admin/kyc/case/workbench.html"
CONFLICT, INVALID, UNAVAILABLE = 409, 422, 503
NO_FIELDS: frozenset[Field] = frozenset()


class Workbench:
    def __init__(self, admin: "ReadOnlyAdmin") -> None:
        self.admin = admin

    def show(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        return self._page(request, self._case(request, case_id))

    def work(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        """Every button of the page but the claim's. A reload of its answer leads back to the page."""
        if request.method != "POST":
            return redirect("admin:kyc_case_change", case_id)
        case, by, typed = self._case(request, case_id), officer_of(request), form.parse(request.POST)
        if typed.do == "reveal":
            return self._reveal(request, case, typed)
        try:
            done = steps.take(case, typed, by)
        except steps.FieldsRefused as e:
            return self._again(
                request, case_id, typed, _fields_words(e), INVALID, errors=e.errors, saved=e.saved
            )
        except review.ReasonMissing as e:
            return self._again(request, case_id, typed, _words(e), INVALID, saved=frozenset(Field))
        except review.FieldsOpen as e:
            return self._again(request, case_id, typed, _words(e), INVALID, saved=frozenset(Field))
        except (review.ReviewRefused, IllegalMove, NotAllowed, Refused) as e:
            return self._again(request, case_id, typed, _words(e), CONFLICT)
        return self._done(request, case_id, typed, done)

    def claim(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        return self._hold(request, case_id, review.claim)

    def release(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        return self._hold(request, case_id, review.release)

    def take_next(self, request: HttpRequest) -> HttpResponse:
        """The next free case becomes this officer's and is opened."""
        if request.method != "POST":
            return redirect("admin:kyc_case_changelist")
        try:
            case = worklist.claim_next(by=officer_of(request))
        except NotAllowed as e:
            raise PermissionDenied from e
        if case is None:
            messages.info(request, _("No case waits for you now. New ones appear here by themselves."))
            return redirect("admin:kyc_case_changelist")
        return redirect("admin:kyc_case_change", case.pk)

    def _hold(self, request: HttpRequest, case_id: UUID, step: Callable[..., None]) -> HttpResponse:
        if request.method == "POST":
            try:
                step(case=self._case(request, case_id), by=officer_of(request))
            except (review.ReviewRefused, IllegalMove, NotAllowed) as e:
                return self._again(request, case_id, Typed(), _words(e), CONFLICT)
        return redirect("admin:kyc_case_change", case_id)

    def _reveal(self, request: HttpRequest, case: Case, typed: Typed) -> HttpResponse:
        """The full number, on this answer alone; everything typed stays."""
        if typed.reveal_reason not in wording_review.VIEW_REASONS:
            return self._again(request, case.pk, typed, _("Choose why you need the full number."), INVALID)
        number = ""
        try:
            number = disclosure.number(
                case=case, by=officer_of(request), reason=typed.reveal_reason, address=address_of(request)
            )
        except disclosure.RegisterDown:
            return self._again(
                request, case.pk, typed, str(wording_review.REFUSALS["register_down"]), UNAVAILABLE
            )
        except (NotAllowed, Refused, disclosure.Archived) as e:
            return self._again(request, case.pk, typed, _words(e), CONFLICT)
        return self._page(request, case, typed=typed, number=number)

    def _done(self, request: HttpRequest, case_id: UUID, typed: Typed, done: steps.Done) -> HttpResponse:
        if typed.only and any(name is not typed.only and _touched(typed, name) for name in Field):
            case = self._case(request, case_id)
            return self._page(request, case, typed=typed, saved=done.saved, notice=done.message)
        messages.success(request, done.message)
        anchor = "" if done.decided else "#fields"
        return redirect(reverse("admin:kyc_case_change", args=[case_id]) + anchor)

    def _again(
        self,
        request: HttpRequest,
        case_id: UUID,
        typed: Typed,
        refusal: str,
        status: int,
        *,
        errors: Any = None,
        saved: frozenset[Field] = NO_FIELDS,
    ) -> HttpResponse:
        """The page as the case stands now, with the refusal and all that was typed."""
        case = self._case(request, case_id)
        return self._page(
            request, case, typed=typed, refusal=refusal, status=status, errors=errors, saved=saved
        )

    def _page(
        self,
        request: HttpRequest,
        case: Case,
        *,
        typed: Typed | None = None,
        refusal: str = "",
        notice: str = "",
        status: int = 200,
        errors: Any = None,
        saved: frozenset[Field] = NO_FIELDS,
        number: str = "",
    ) -> HttpResponse:
        try:
            shown = assemble(case, by=officer_of(request), address=address_of(request))
        except disclosure.RegisterDown:
            return self._unavailable(request, case)
        shown.typed, shown.refusal, shown.number = typed or Typed(), refusal, number
        _refill(shown, errors or {}, saved)
        context = self.admin.admin_site.each_context(request)
        context |= {"title": _("Case %(id)s") % {"id": case}, "page": shown, "notice": notice}
        return TemplateResponse(request, TEMPLATE, context, status=status)

    def _unavailable(self, request: HttpRequest, case: Case) -> HttpResponse:
        context = self.admin.admin_site.each_context(request)
        context |= {
            "title": _("Case %(id)s") % {"id": case},
            "words": wording_review.REFUSALS["register_down"],
        }
        return TemplateResponse(request, "admin/kyc/case/unavailable.html", context, status=UNAVAILABLE)

    def _case(self, request: HttpRequest, case_id: UUID) -> Case:
        if not officers.allowed(request.user, Verb.SEE_CASES):
            raise PermissionDenied
        return get_object_or_404(Case.objects.select_related("claimed_by"), pk=case_id)


def _touched(typed: Typed, name: Field) -> bool:
    return typed.changed(name) or typed.of(name).agrees


def _refill(shown: Page, errors: Any, saved: frozenset[Field]) -> None:
    """Puts back what was typed and not saved."""
    for row in shown.rows:
        row.error = errors.get(row.field, "")
        if row.field in saved and not row.error:
            continue
        sent = shown.typed.of(row.field)
        row.agrees = sent.agrees
        if shown.typed.changed(row.field):
            row.typed = sent.text


def _fields_words(refused: steps.FieldsRefused) -> str:
    names = ", ".join(str(wording.FIELDS[name]) for name in refused.errors)
    return _("Not saved: %(fields)s. The reason stands beside each.") % {"fields": names}


def _words(error: Exception) -> str:
    """What was refused, and what to do."""
    match error:
        case IllegalMove():
            return wording_review.moved_on(error.origin)
        case review.FieldsOpen():
            names = ", ".join(str(wording.FIELDS[name]) for name in error.fields)
            return f"{wording_review.REFUSALS[error.code]} {names}."
        case review.ReviewRefused():
            return str(wording_review.REFUSALS.get(error.code, wording_review.REFUSALS["refused"]))
        case NotAllowed():
            return str(wording_review.REFUSALS["not_allowed"])
        case disclosure.Archived():
            return str(wording_review.REFUSALS["archived"])
    return str(wording_review.REFUSALS["gone"])
