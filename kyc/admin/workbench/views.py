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

from kyc import wording_review
from kyc.admin import proof
from kyc.admin.requests import officer_of
from kyc.admin.workbench import (
    evidence_form,
    evidence_steps,
    form,
    look_steps,
    looks,
    session_ended,
    steps,
)
from kyc.admin.workbench.assemble import assemble
from kyc.admin.workbench.evidence_form import TypedEvidence
from kyc.admin.workbench.form import Typed
from kyc.admin.workbench.page import Page
from kyc.admin.workbench.refused import fields_words, words_of
from kyc.admin.workbench.steps import VIEWS
from kyc.domain.facts import Field
from kyc.domain.lifecycle import IllegalMove
from kyc.domain.roles import Verb
from kyc.models import Case
from kyc.origin import address_of
from kyc.services import drafts, holding, moderation, officers, refusals, register, worklist
from kyc.services.officers import NotAllowed
from kyc.services.pictures import StorageDown
from kyc.vault.keys import Refused

if TYPE_CHECKING:
    from kyc.admin.pages import ReadOnlyAdmin

TEMPLATE = "admin/kyc/case/workbench.html"
FORBIDDEN, CONFLICT, INVALID, TOO_MANY, UNAVAILABLE = 403, 409, 422, 429, 503
# The officer must add something and press again; what was saved with the step stays saved.
INCOMPLETE = (
    refusals.ReasonMissing,
    refusals.FieldsOpen,
    refusals.MethodsMissing,
    refusals.CommentMissing,
    refusals.MismatchStops,
)
REFUSED = (refusals.ReviewRefused, IllegalMove, NotAllowed, Refused)
NO_FIELDS: frozenset[Field] = frozenset()


class Workbench:
    def __init__(self, admin: "ReadOnlyAdmin") -> None:
        self.admin = admin

    def show(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        """The page; what was typed when a session ended comes back on it."""
        case, by = self._case(request, case_id), officer_of(request)
        kept = drafts.find(case=case, account=by)
        if not kept:
            return self._page(request, case)
        told = form.of_draft(kept)
        words = _(
            "You had been signed out, so nothing was saved. What you had typed is back below: save it now."
        )
        return self._page(
            request, case, typed=form.parse(told), entered=evidence_form.of(told), refusal=words
        )

    def work(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        """Every button of the page but the claim's. A reload of its answer leads back to the page."""
        if request.method != "POST":
            return redirect("admin:kyc_case_change", case_id)
        case, by, typed = self._case(request, case_id), officer_of(request), form.parse(request.POST)
        drafts.drop(case=case, account=by)
        if session_ended.token_is_stale(request):
            return self._again(
                request, case_id, typed, str(wording_review.REFUSALS["form_too_old"]), FORBIDDEN
            )
        if _is_grave(request, case, typed) and (asked := proof.ask(request)):
            return asked
        if typed.do in looks.SHOWS:
            return self._shown(request, case, typed)
        if step := evidence_steps.step_of(typed.do):
            return self._recorded(request, case, typed, step)
        try:
            done = look_steps.take(case, typed, by) if typed.do in VIEWS else steps.take(case, typed, by)
        except steps.FieldsRefused as e:
            return self._again(
                request, case_id, typed, fields_words(e), INVALID, errors=e.errors, saved=e.saved
            )
        except INCOMPLETE as e:
            saved = NO_FIELDS if typed.do in VIEWS else frozenset(Field)
            return self._again(request, case_id, typed, words_of(e), INVALID, saved=saved)
        except REFUSED as e:
            return self._again(request, case_id, typed, words_of(e), CONFLICT)
        return self._done(request, case_id, typed, done)

    def _recorded(
        self, request: HttpRequest, case: Case, typed: Typed, step: evidence_steps.Step
    ) -> HttpResponse:
        """Evidence is kept and the page shown again: ticks and typed values are where they were."""
        try:
            notice, left = step(request, case, evidence_form.parse(request), officer_of(request))
        except (IllegalMove, NotAllowed, Refused, refusals.HeldByOther, refusals.NotHeld) as e:
            return self._again(request, case.pk, typed, words_of(e), CONFLICT)
        except (refusals.ReviewRefused, StorageDown) as e:
            return self._again(request, case.pk, typed, words_of(e), INVALID)
        case = self._case(request, case.pk)
        return self._page(request, case, typed=typed, notice=notice, entered=left)

    def _shown(self, request: HttpRequest, case: Case, typed: Typed) -> HttpResponse:
        """The number, or the values for the check, on this answer alone; everything typed stays."""
        try:
            seen = looks.take(request, case, typed.do)
        except looks.Refusal as e:
            return self._again(request, case.pk, typed, e.words, e.status)
        except moderation.TooMany as e:
            return self._again(request, case.pk, typed, words_of(e), TOO_MANY)
        except (NotAllowed, Refused, register.Archived) as e:
            return self._again(request, case.pk, typed, words_of(e), CONFLICT)
        return self._page(request, case, typed=typed, seen=seen)

    def claim(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        return self._hold(request, case_id, holding.claim)

    def release(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        return self._hold(request, case_id, holding.release)

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
            except (refusals.ReviewRefused, IllegalMove, NotAllowed) as e:
                return self._again(request, case_id, Typed(), words_of(e), CONFLICT)
        return redirect("admin:kyc_case_change", case_id)

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
        seen: looks.Seen | None = None,
        entered: TypedEvidence | None = None,
    ) -> HttpResponse:
        try:
            shown = assemble(case, by=officer_of(request), address=address_of(request))
        except register.RegisterDown:
            return self._unavailable(request, case, "register_down", UNAVAILABLE)
        except moderation.TooMany as e:
            return self._unavailable(request, case, f"too_many_{e.limit}", TOO_MANY)
        shown.typed, shown.refusal = typed or Typed(), refusal
        shown.entered = entered or evidence_form.parse(request)
        if seen:
            seen.put_on(shown)
        _refill(shown, errors or {}, saved)
        context = self.admin.admin_site.each_context(request)
        context |= {"title": _("Case %(id)s") % {"id": case}, "page": shown, "notice": notice}
        return TemplateResponse(request, TEMPLATE, context, status=status)

    def _unavailable(self, request: HttpRequest, case: Case, code: str, status: int) -> HttpResponse:
        context = self.admin.admin_site.each_context(request)
        context |= {"title": _("Case %(id)s") % {"id": case}, "words": wording_review.REFUSALS[code]}
        return TemplateResponse(request, "admin/kyc/case/unavailable.html", context, status=status)

    def _case(self, request: HttpRequest, case_id: UUID) -> Case:
        if not officers.allowed(request.user, Verb.SEE_CASES):
            raise PermissionDenied
        return get_object_or_404(Case.objects.select_related("claimed_by"), pk=case_id)


def _is_grave(request: HttpRequest, case: Case, typed: Typed) -> bool:
    """Whether the step is one before which the officer must show again who sits there."""
    if typed.do == "reveal":
        return officers.allowed(request.user, Verb.REVEAL_NUMBER)
    return steps.is_grave(case, typed)


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
