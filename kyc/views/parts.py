"""A picture in parts, for scripts: each answer says from where to go on, the last one where to go."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from kyc.domain.lifecycle import IllegalMove
from kyc.forms import PartForm
from kyc.imaging import PictureRefused
from kyc.models import Case
from kyc.services import uploads
from kyc.views import arrival
from kyc.views.arrival import Answer
from kyc.views.visit import with_case


@require_POST
@with_case
def part(request: HttpRequest, case: Case) -> HttpResponse:
    """Takes the next part of the picture named by its mark; one that is not the next changes nothing."""
    form = PartForm(request.POST, request.FILES)
    if not form.is_valid():
        return _told(arrival.refused(uploads.NotAPart()))
    try:
        upload = uploads.part(case=case, **form.announced(), data=form.data_sent())
    except (PictureRefused, IllegalMove, uploads.LiveOnly, uploads.NotAPart) as e:
        return _told(arrival.refused(e))
    if upload.finished:
        return _told(Answer(reverse("kyc:status")))
    if upload.received < upload.size:
        return JsonResponse({"received": upload.received})
    return _told(arrival.receive(request, case, lambda: uploads.complete(upload=upload)))


def _told(answer: Answer) -> JsonResponse:
    if answer.next:
        return JsonResponse({"next": answer.next})
    return JsonResponse({"error": str(answer.words)}, status=answer.status)
