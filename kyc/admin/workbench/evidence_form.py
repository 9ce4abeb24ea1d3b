"""What an officer sent as evidence: a method, the authenticity check, a note; texts exactly as typed."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from kyc.domain.evidence import RECORDED, CheckResult, Method
from kyc.imaging import PictureProblem, PictureRefused
from kyc.services import files
from kyc.services.files import CleanFile
from kyc.uploads import was_too_large

LONGEST_REFERENCE, LONGEST_NOTE, LONGEST_REASON = 300, 2000, 150


@dataclass(frozen=True, slots=True)
class TypedEvidence:
    kind: Method = Method.EXISTING_ACCOUNT
    reference: str = field(default="", repr=False)
    result: CheckResult | None = None
    check_reference: str = field(default="", repr=False)
    checked_at: str = ""
    note: str = field(default="", repr=False)
    reveal_reason: str = ""
    reveal_words: str = field(default="", repr=False)

    @property
    def moment(self) -> datetime | None:
        """When the check was made, None for now or where nothing was typed. Raises ValueError for no moment at all."""
        if not self.checked_at:
            return None
        parsed = parse_datetime(self.checked_at)
        if parsed is None:
            raise ValueError("not a moment")
        return timezone.make_aware(parsed) if timezone.is_naive(parsed) else parsed


def parse(request: HttpRequest) -> TypedEvidence:
    return of(request.POST)


def of(sent: QueryDict) -> TypedEvidence:
    """Never raises: what is not understood counts as not sent."""
    kind, result = sent.get("method_kind", ""), sent.get("check_result", "")
    return TypedEvidence(
        kind=Method(kind) if kind in RECORDED else Method.EXISTING_ACCOUNT,
        reference=sent.get("method_reference", "").strip()[:LONGEST_REFERENCE],
        result=CheckResult(result) if result in set(CheckResult) else None,
        check_reference=sent.get("check_reference", "").strip()[:LONGEST_REFERENCE],
        checked_at=sent.get("check_at", "").strip()[:40],
        note=sent.get("note", "").strip()[:LONGEST_NOTE],
        reveal_reason=sent.get("reveal_reason", "")[:40],
        reveal_words=sent.get("reveal_words", "").strip()[:LONGEST_REASON],
    )


def file_of(request: HttpRequest, name: str) -> CleanFile | None:
    """The file that came with the step, cleaned; None where there is none. Raises PictureRefused."""
    if was_too_large(request):
        raise PictureRefused(PictureProblem.TOO_LARGE)
    sent: UploadedFile[bytes] | None = request.FILES.get(name)
    return files.clean(upload=bytes(sent.read()), name=sent.name or "") if sent else None


def struck(do: str) -> UUID | None:
    """The method that a button `strike:<id>` names."""
    try:
        return UUID(do.removeprefix("strike:"))
    except ValueError:
        return None
