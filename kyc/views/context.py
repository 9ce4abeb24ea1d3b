"""What every page knows of the deployment."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kyc import branding


def deployment(request: HttpRequest) -> dict[str, Any]:
    brand = branding.brand()
    return {
        "operator_name": branding.name(),
        "operator_contact": branding.contact(),
        "is_sandbox": bool(getattr(request, "session", {}).get("sandbox")),
        "is_demo": settings.LEGAL_BASIS == settings.DEMO_BASIS,
        "brand_version": brand.version,
        "brand_colours": bool(brand.css),
        "brand_logo": bool(brand.logo),
        "brand_texts": {key: branding.spoken(words) for key, words in brand.texts.items()},
        "legal_links": [(branding.spoken(title), url) for title, url in brand.legal],
    }
