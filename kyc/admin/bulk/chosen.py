"""Which cases were ticked, and the way back to the queue as it was."""

from urllib.parse import parse_qsl
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from kyc.admin.queue_filters import QUEUE_FILTERS

MOST_TICKED = 200
KNOWN = frozenset(spec.parameter_name for spec in QUEUE_FILTERS)


def ticked(sent: QueryDict) -> list[UUID]:
    """The cases by their ids; what is no id counts as not sent."""
    found = []
    for text in sent.getlist("case")[:MOST_TICKED]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def filters(sent: QueryDict) -> str:
    """The queue's filters as the page carried them: known ones alone."""
    pairs = parse_qsl(sent.get("filters", "")[:500])
    return urlencode([(key, value) for key, value in pairs if key in KNOWN])


def back(request: HttpRequest) -> HttpResponse:
    query = filters(request.POST) or "show=needed"
    return HttpResponseRedirect(f"{reverse('admin:kyc_case_changelist')}?{query}")
