"""Pictures on their way to an officer: registered before a byte leaves, kept by no cache, run as nothing."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kyc import wording_review
from kyc.admin.requests import officer_of
from kyc.models import Document, Reading
from kyc.origin import address_of
from kyc.services import disclosure
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
    """The customer's picture."""
    document = get_object_or_404(Document.objects.select_related("case"), pk=document_id, case=case_id)
    return shown(
        lambda: disclosure.picture(
            document=document, by=officer_of(request), reason=disclosure.REVIEW, address=address_of(request)
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


def shown(open_: Callable[[], bytes]) -> HttpResponse:
    """What the service gives, or a sentence that says why it does not."""
    try:
        data = open_()
    except NotAllowed:
        return _refused("not_allowed", 403)
    except disclosure.RegisterDown:
        return _refused("register_down", 503)
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
