"""The documentation as `make docs` built it into DOCS_ROOT: public, without a session, under the usual policy."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.static import serve

KEPT = "public, max-age=300"


@require_safe
def page(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """One file of the site; a folder's address is its index."""
    if not (settings.DOCS_ROOT / "index.html").is_file():
        return _not_built(request)
    wanted = f"{path}index.html" if not path or path.endswith("/") else path
    try:
        response = serve(request, wanted, document_root=str(settings.DOCS_ROOT))
    except ValueError as e:  # a path that no file system takes
        raise Http404 from e
    response.headers["Cache-Control"] = KEPT
    return response


def _not_built(request: HttpRequest) -> HttpResponse:
    told = {
        "title": _("The documentation is not here yet."),
        "advice": _("After a first start it is built within a minute. Elsewhere `make docs` builds it."),
    }
    return render(request, "errors/error.html", told, status=404)
