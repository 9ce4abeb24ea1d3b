"""What every page knows of the deployment."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def deployment(request: HttpRequest) -> dict[str, Any]:
    return {
        "operator_name": settings.OPERATOR_NAME,
        "operator_contact": settings.OPERATOR_CONTACT,
        "is_sandbox": bool(getattr(request, "session", {}).get("sandbox")),
        "is_demo": settings.LEGAL_BASIS == settings.DEMO_BASIS,
    }
