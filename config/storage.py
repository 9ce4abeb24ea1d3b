"""Turns STORAGE_URL into a django-storages backend: `file:///path` or `s3://bucket/prefix?region=…&endpoint=…`."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

S3 = "kyc.vault.s3.PatientS3Storage"


def backend(url: str) -> dict[str, Any]:
    """The entry of STORAGES for `url`. Raises ImproperlyConfigured for an unknown scheme."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        options: dict[str, Any] = {
            "location": unquote(parts.path),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        }
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    if parts.scheme == "s3" and parts.netloc:
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        return {
            "BACKEND": S3,
            "OPTIONS": {
                "bucket_name": parts.netloc,
                "location": parts.path.strip("/"),
                "region_name": query.get("region"),
                "endpoint_url": query.get("endpoint"),
                "default_acl": None,
                "file_overwrite": False,
                "querystring_auth": True,
                "object_parameters": {"ServerSideEncryption": query["sse"]} if "sse" in query else {},
            },
        }
    raise ImproperlyConfigured(
        "STORAGE_URL and ANCHOR_URL must look like file:///path or s3://bucket/prefix?region=…"
    )


def locked(url: str, *, years: int) -> dict[str, Any]:
    """As `backend`, for what nobody may change or delete for so many years: S3 locks each object as it is put."""
    entry = backend(url)
    if entry["BACKEND"] == S3:
        entry["BACKEND"] = "kyc.vault.locked.LockedS3Storage"
        entry["OPTIONS"] |= {"retain_years": years}
    return entry
