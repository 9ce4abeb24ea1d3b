"""The brand's colours and logo: addresses that change when they do, so that browsers keep them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kyc import branding

KEPT = "public, max-age=31536000, immutable"


@require_safe
def colours(request: HttpRequest, version: str) -> HttpResponse:
    return _file(version, branding.brand().css.encode(), "text/css; charset=utf-8")


@require_safe
def logo(request: HttpRequest, version: str) -> HttpResponse:
    brand = branding.brand()
    return _file(version, brand.logo, brand.logo_type)


def _file(version: str, data: bytes, kind: str) -> HttpResponse:
    if not data or version != branding.brand().version:
        raise Http404
    return HttpResponse(data, content_type=kind, headers={"Cache-Control": KEPT})
