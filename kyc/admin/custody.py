"""The pages of one case beside its review: how long it is kept, the export for the person, and the archive."""

import base64
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from kyc import wording, wording_custody, wording_review
from kyc.admin import proof
from kyc.admin.requests import officer_of
from kyc.admin.workbench import rows
from kyc.domain.actors import Actor
from kyc.domain.lifecycle import IllegalMove, State
from kyc.domain.retention import Reason
from kyc.domain.roles import Verb
from kyc.models import Case
from kyc.origin import address_of
from kyc.services import destruction, moderation, officers, register, retention, subject, takeout
from kyc.vault.keys import Refused

if TYPE_CHECKING:
    from kyc.admin.pages import ReadOnlyAdmin

INVALID, CONFLICT, TOO_MANY, UNAVAILABLE = 422, 409, 429, 503
LONGEST_REASON = 200


class Custody:
    def __init__(self, admin: "ReadOnlyAdmin") -> None:
        self.admin = admin

    def retention(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        case = _case(request, case_id, Verb.RETAIN)
        if request.method != "POST":
            return self._retention(request, case)
        if asked := proof.ask(
            request
        ):  # each step here decides when the case is erased, or opens an archived one
            return asked
        try:
            done = _step(case, request)
        except _Refusal as e:
            return self._retention(request, case, error=str(e), status=INVALID)
        except (IllegalMove, retention.ErasureRefused, destruction.NotDestroyed, OSError) as e:
            case.refresh_from_db()
            return self._retention(request, case, error=_words(e), status=CONFLICT)
        messages.success(request, done)
        return redirect("admin:kyc_case_retention", case_id)

    def export(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        case = _case(request, case_id, Verb.EXPORT_SUBJECT)
        reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
        if request.method != "POST":
            return self._export(request, case)
        if not reason:
            return self._export(request, case, error=_("Write which request this answers."), status=INVALID)
        if asked := proof.ask(request):
            return asked
        by = officer_of(request)
        try:
            packed = subject.export(
                case=case, account=by, by=officers.actor(by), reason=reason, address=address_of(request)
            )
        except (
            takeout.BlindLookOpen,
            register.RegisterDown,
            moderation.TooMany,
            Refused,
            OSError,
        ) as e:
            return self._export(request, case, error=_words(e), status=_status(e))
        return HttpResponse(
            packed,
            content_type="application/zip",
            headers={
                "Content-Disposition": f'attachment; filename="case-{case}.zip"',
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )

    def archive(self, request: HttpRequest, case_id: UUID) -> HttpResponse:
        case = _case(request, case_id, Verb.OPEN_ARCHIVE)
        reason = request.POST.get("reason", "")
        if case.archived and reason in wording_custody.ARCHIVE_REASONS and (asked := proof.ask(request)):
            return asked
        told: dict[str, Any] = {"reasons": wording_custody.ARCHIVE_REASONS.items(), "chosen": reason}
        status = 200
        if not case.archived:
            told["error"] = _("This case is not archived: who reviews may open it.")
            status = CONFLICT if request.method == "POST" else 200
        elif request.method == "POST" and reason not in wording_custody.ARCHIVE_REASONS:
            told["error"], status = _("Choose why you open it."), INVALID
        elif request.method == "POST":
            try:
                told |= _opened(case, request, reason)
            except (register.RegisterDown, moderation.TooMany, Refused, OSError) as e:
                told["error"], status = _words(e), _status(e)
        return self._page(request, case, "archive", _("Archive"), told, status)

    def _retention(
        self, request: HttpRequest, case: Case, *, error: str = "", status: int = 200
    ) -> HttpResponse:
        final = case.status in retention.FINISHED
        kept = retention.obstacle(case) if final else None
        told = {
            "error": error,
            "approved": case.status is State.APPROVED,
            "final": final,
            "until": retention.kept_until(case) if final else None,
            "obstacle": wording_custody.OBSTACLES[kept] if kept else None,
            "today": timezone.localdate().isoformat(),
            "sent": request.POST,
        }
        return self._page(request, case, "retention", _("Retention"), told, status)

    def _export(
        self, request: HttpRequest, case: Case, *, error: str = "", status: int = 200
    ) -> HttpResponse:
        told = {
            "error": error,
            "erased": case.status is State.ERASED,
            "reason": request.POST.get("reason", ""),
        }
        return self._page(request, case, "export", _("Export for the person"), told, status)

    def _page(
        self, request: HttpRequest, case: Case, name: str, title: str, told: dict[str, Any], status: int
    ) -> HttpResponse:
        context = (
            self.admin.admin_site.each_context(request) | {"title": f"{title}: {case}", "case": case} | told
        )
        return TemplateResponse(request, f"admin/kyc/case/{name}.html", context, status=status)


class _Refusal(Exception):
    """What was typed will not do; the text is for the officer."""


def _step(case: Case, request: HttpRequest) -> str:
    by, do = officers.actor(officer_of(request)), request.POST.get("do", "")
    reference = request.POST.get("reference", "").strip()
    if do == "ended":
        _ended(case, request.POST.get("on", ""), by)
        return _("The relationship is over. Reviewers open this case no more.")
    if do == "resumed":
        retention.relationship_resumed(case=case, by=by)
        return _("The relationship goes on.")
    if do in {"hold", "lift"}:
        if not reference:
            raise _Refusal(_("Write the reference of the order."))
        retention.hold(case=case, on=do == "hold", by=by, reference=reference)
        return _("A legal hold keeps this case.") if do == "hold" else _("The legal hold is lifted.")
    if do == "erase":
        if request.POST.get("sure") != "yes":
            raise _Refusal(_("Tick that you want to erase it: nobody can bring it back."))
        retention.erase(case=case, by=by, reason=Reason.ASKED)
        return _("Erased: nobody can open anything of this case any more.")
    raise _Refusal(str(wording_review.REFUSALS["what_to_do"]))


def _ended(case: Case, text: str, by: Actor) -> None:
    try:
        day = date.fromisoformat(text)
    except ValueError as e:
        raise _Refusal(_("Write the day as in 2026-11-25.")) from e
    try:
        retention.relationship_ended(case=case, on=day, by=by)
    except retention.WrongDate as e:
        words = _("The relationship ended neither before this case began nor in the future.")
        raise _Refusal(words) from e


def _opened(case: Case, request: HttpRequest, reason: str) -> dict[str, Any]:
    shown, pictures = takeout.archived(
        case=case, by=officer_of(request), reason=reason, address=address_of(request)
    )
    fields = [
        (wording.FIELDS[name], rows.words(name, values[-1].text)) for name, values in shown.items() if values
    ]
    images = ["data:image/jpeg;base64," + base64.b64encode(data).decode() for data in pictures.values()]
    return {"opened": True, "fields": fields, "images": images}


def _case(request: HttpRequest, case_id: UUID, verb: Verb) -> Case:
    if not officers.allowed(request.user, verb):
        raise PermissionDenied
    return get_object_or_404(Case, pk=case_id)


def _status(error: Exception) -> int:
    if isinstance(error, moderation.TooMany):
        return TOO_MANY
    return CONFLICT if isinstance(error, (Refused, takeout.BlindLookOpen)) else UNAVAILABLE


def _words(error: Exception) -> str:
    match error:
        case retention.ErasureRefused():
            words = str(wording_custody.OBSTACLES[error.obstacle])
            return f"{words} {_('It may go on %(day)s.') % {'day': error.until}}" if error.until else words
        case IllegalMove():
            return _("This is for finished cases only. Nothing was changed.")
        case takeout.BlindLookOpen():
            return str(wording_custody.BLIND_LOOK_OPEN)
        case register.RegisterDown():
            return str(wording_review.REFUSALS["register_down"])
        case moderation.TooMany():
            return str(wording_review.REFUSALS[f"too_many_{error.limit}"])
        case Refused():
            return str(wording_review.REFUSALS["gone"])
    return str(wording_review.REFUSALS["storage_down"])


def patterns(admin: "ReadOnlyAdmin") -> list[URLPattern]:
    site, pages = admin.admin_site, Custody(admin)
    views: dict[str, Callable[..., HttpResponse]] = {
        "retention": pages.retention,
        "export": pages.export,
        "archive": pages.archive,
    }
    return [
        path(f"<uuid:case_id>/{name}/", site.admin_view(view), name=f"kyc_case_{name}")
        for name, view in views.items()
    ]
