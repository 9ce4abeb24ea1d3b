"""Pictures on their way to an officer: registered before a byte leaves, kept by no cache, run as nothing."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kyc import wording_review
from kyc.admin.requests import officer_of
from kyc.admin.workbench.evidence_form import LONGEST_REASON
from kyc.models import Attachment, Document, Reading
from kyc.origin import address_of
from kyc.services import disclosure, moderation, register
from kyc.services.officers import NotAllowed
from kyc.vault.keys import Refused

# The picture is shown inside our own page only, and can neither run anything nor fetch anything.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Disposition": "inline",
}


@require_safe
def picture(request: HttpRequest, case_id: UUID, document_id: UUID) -> HttpResponse:
    """The customer's picture, the number covered; `?flat=1`: the card alone, straight."""
    document = get_object_or_404(Document.objects.select_related("case"), pk=document_id, case=case_id)
    return shown(
        lambda: disclosure.picture(
            document=document,
            by=officer_of(request),
            reason=disclosure.REVIEW,
            address=address_of(request),
            flat=request.GET.get("flat") == "1",
        )
    )


@require_safe
def portrait(request: HttpRequest, case_id: UUID, reading_id: UUID) -> HttpResponse:
    """The head as a reader cropped it."""
    readings = Reading.objects.select_related("document__case")
    reading = get_object_or_404(readings, pk=reading_id, document__case=case_id)
    return shown(
        lambda: disclosure.portrait(
            reading=reading, by=officer_of(request), reason=disclosure.REVIEW, address=address_of(request)
        )
    )


@require_POST
def file(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """A file of the evidence, for keeping and never opened in the browser; a reason is typed unless one works on it."""
    attachment = get_object_or_404(Attachment.objects.select_related("case"), pk=file_id, case=case_id)
    by, typed = officer_of(request), " ".join(request.POST.get("why", "").split())[:LONGEST_REASON]
    if not typed and not disclosure.works_on(attachment.case, by):
        return _refused("file_reason", 422)
    reason = f"{wording_review.OTHER}: {typed}" if typed else disclosure.REVIEW
    answer = shown(
        lambda: disclosure.file(attachment=attachment, by=by, reason=reason, address=address_of(request))
    )
    if answer.status_code == HTTPStatus.OK:
        pdf = attachment.kind == Attachment.Kind.PDF
        answer["Content-Type"] = "application/pdf" if pdf else "image/jpeg"
        answer["Content-Disposition"] = (
            f'attachment; filename="evidence-{attachment}.{"pdf" if pdf else "jpg"}"'
        )
    return answer


def shown(open_: Callable[[], bytes]) -> HttpResponse:
    """What the service gives, or a sentence that says why it does not."""
    try:
        data = open_()
    except NotAllowed:
        return _refused("not_allowed", 403)
    except register.Archived:
        return _refused("archived", 403)
    except register.RegisterDown:
        return _refused("register_down", 503)
    except moderation.TooMany as e:
        return _refused(f"too_many_{e.limit}", 429)
    except Refused:
        return _refused("gone", 410)
    except OSError:
        return _refused("storage_down", 503)
    if not data:
        raise Http404(_("There is no portrait."))
    return HttpResponse(data, content_type="image/jpeg", headers=HEADERS)


def _refused(code: str, status: int) -> HttpResponse:
    """A sentence: an officer who opens the picture alone reads it."""
    return HttpResponse(
        str(wording_review.REFUSALS[code]),
        status=status,
        content_type="text/plain; charset=utf-8",
        headers=HEADERS,
    )
