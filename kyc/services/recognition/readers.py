"""Which readers are configured, and where each of them answers now."""

import ipaddress
import json
from pathlib import Path

from django.conf import settings

from ocr_integration.gateway import Reader

LOCAL, TENCENT = "local", "tencent"
KNOWN = (LOCAL, TENCENT)
# The address file of a reader that this very process started (`local.running`): not the supervisor's file, which
# others go by.
started_here: list[Path] = []


class ReaderUnavailable(Exception):
    """A configured reader cannot be addressed now; `code` is for logs and rows, never for customers."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def reader(name: str) -> Reader:
    """The reader of that name. Raises ReaderUnavailable, e.g. while the local one is starting."""
    if name not in KNOWN:
        raise ReaderUnavailable("Sinwon.UnknownReader")
    try:
        return _local() if name == LOCAL else _tencent()
    except ValueError as e:
        raise ReaderUnavailable("Sinwon.BadEndpoint") from e


def local_endpoint() -> str:
    """Where the local reader answers, '' while that is not known. Read anew: a restarted reader has another port."""
    if settings.OCR_LOCAL_ENDPOINT:
        return str(settings.OCR_LOCAL_ENDPOINT)
    for file in started_here or [settings.OCR_LOCAL_ADDRESS_FILE]:
        try:
            return str(file.read_text().strip())
        except OSError:
            continue
    return ""


def _tencent() -> Reader:
    return Reader(
        name=TENCENT,
        endpoint=settings.OCR_ENDPOINT,
        protocol="http" if _is_loopback(settings.OCR_ENDPOINT) else "https",
        region=settings.OCR_REGION,
        secret_id=settings.OCR_SECRET_ID,
        secret_key=settings.OCR_SECRET_KEY,
        local=False,
        deadline=settings.OCR_DEADLINE_SECONDS,
    )


def _is_loopback(endpoint: str) -> bool:
    """Whether it is a literal loopback address: a stand-in on this machine; a name could point anywhere."""
    try:
        return ipaddress.ip_address(endpoint.rpartition(":")[0].strip("[]") or endpoint).is_loopback
    except ValueError:
        return False


def _local() -> Reader:
    endpoint = local_endpoint()
    try:
        secret_id, secret_key = next(iter(json.loads(settings.OCR_LOCAL_KEYS.read_text()).items()))
    except (OSError, ValueError, AttributeError, StopIteration) as e:
        raise ReaderUnavailable("Sinwon.NoLocalReader") from e
    if not endpoint:
        raise ReaderUnavailable("Sinwon.NoLocalReader")
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
