"""Uploads stay in memory: a card's picture never lies unsealed in a temporary file."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest

SLACK = 64 * 1024  # the form's other fields and the multipart boundaries
MARK = "sinwon.upload_too_large"


def was_too_large(request: HttpRequest) -> bool:
    """Whether what was sent was dropped for its size: its file is missing then. Known once the form was read."""
    return bool(request.META.get(MARK))


class BoundedMemoryUploadHandler(MemoryFileUploadHandler):
    """Keeps what fits UPLOAD_MAX_BYTES; for more it reads the request to its end, drops it and marks it too large.

    The form then says so in words: a connection cut in the middle would show the customer a browser's error page.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        self.activated = content_length <= settings.UPLOAD_MAX_BYTES + SLACK
        if not self.activated and self.request is not None:
            self.request.META[MARK] = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if not self.activated:
            return None  # dropped; the form's other fields are still read, so that nothing typed is lost
        return super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        return super().file_complete(file_size) if self.activated else None
