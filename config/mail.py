"""Turns EMAIL_URL into Django's settings: `smtps://`, `smtp+tls://`, `smtp://`, `file:///folder`, `console:`."""

from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtps": 465, "smtp+tls": 587, "smtp": 25}
BACKENDS = "django.core.mail.backends"


def server(url: str) -> dict[str, Any]:
    """The settings by name. Raises ImproperlyConfigured where `url` says nothing that is known; it is not repeated."""
    if not url:
        return {"EMAIL_BACKEND": f"{BACKENDS}.dummy.EmailBackend"}
    if url == "console:":
        return {"EMAIL_BACKEND": f"{BACKENDS}.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return {
            "EMAIL_BACKEND": f"{BACKENDS}.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(parts.path),
        }
    if parts.scheme not in PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtps://user:password@host, smtp+tls://…, file:///folder or console:"
        )
    return {
        "EMAIL_BACKEND": f"{BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": _port(parts),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or PORTS[parts.scheme]
    except ValueError as e:
        raise ImproperlyConfigured("EMAIL_URL names a port that is none.") from e
