"""Which readers are configured, and where each of them answers now."""

import json
from dataclasses import dataclass

from django.conf import settings

from ocr_integration.gateway import Reader

LOCAL, TENCENT = "local", "tencent"
KNOWN = (LOCAL, TENCENT)


@dataclass(frozen=True, slots=True)
class ReaderUnavailable(Exception):
    """A configured reader cannot be addressed now; `code` is for logs and rows, never for customers."""

    code: str


def reader(name: str) -> Reader:
    """The reader of that name. Raises ReaderUnavailable, e.g. while the local one is starting."""
    if name == LOCAL:
        return _local()
    if name == TENCENT:
        return Reader(
            name=TENCENT,
            endpoint=settings.OCR_ENDPOINT,
            protocol="https",
            region=settings.OCR_REGION,
            secret_id=settings.OCR_SECRET_ID,
            secret_key=settings.OCR_SECRET_KEY,
            local=False,
            deadline=settings.OCR_DEADLINE_SECONDS,
        )
    raise ReaderUnavailable("Sinwon.UnknownReader")


def _local() -> Reader:
    """Address and key are read at each call: a restarted reader stands on another port."""
    try:
        endpoint = settings.OCR_LOCAL_ENDPOINT or settings.OCR_LOCAL_ADDRESS_FILE.read_text().strip()
        secret_id, secret_key = next(iter(json.loads(settings.OCR_LOCAL_KEYS.read_text()).items()))
    except (OSError, ValueError, StopIteration) as e:
        raise ReaderUnavailable("Sinwon.NoLocalReader") from e
    return Reader(
        name=LOCAL,
        endpoint=endpoint,
        protocol="http",
        region=settings.OCR_REGION,
        secret_id=secret_id,
        secret_key=secret_key,
        local=True,
        deadline=settings.OCR_DEADLINE_SECONDS,
    )
