"""Uploads: a picture arrives in parts or at once, is glanced at, and is submitted, or held until its customer decides.

What is held is sealed like any picture, and forgotten after a day.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kyc.domain.actors import CUSTOMER
from kyc.domain.lifecycle import IllegalMove, State
from kyc.domain.quality import Fault, faults
from kyc.domain.sources import FROM_CUSTOMERS, Source
from kyc.imaging import PictureProblem, PictureRefused
from kyc.models import AuditEntry, Case, Document, Upload, UploadPart
from kyc.services import basis, intake, recognition

PART_BYTES = 256 * 1024
WARNINGS = 2  # after so many the customer may insist, and an officer decides
KEPT_FOR = timedelta(hours=24)
MOST_AT_ONCE = 3  # pictures of one case that are on their way
LONGEST_MARK = 64


class LiveOnly(Exception):
    """This deployment takes pictures from the live camera alone; the counter is the way round."""


class NotAPart(ValueError):
    """The browser sent what is no part of the picture that it announced."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`document` where the picture was submitted, else the upload that is held, and why."""

    document: Document | None
    faults: tuple[Fault, ...] = ()
    held: UUID | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The picture that waits for its customer's decision."""

    id: UUID
    faults: tuple[Fault, ...]
    may_insist: bool


def take(*, case: Case, data: bytes, source: Source) -> Outcome:
    """A whole picture in one piece. Raises as `intake.submit_document`, and LiveOnly."""
    _require_source(source)
    upload = Upload(case=case, mark=hashlib.sha256(data).hexdigest(), size=len(data), source=source)
    return _judge(upload, data)


@transaction.atomic
def part(*, case: Case, mark: str, size: int, source: Source, offset: int, data: bytes) -> Upload:
    """Keeps one part, if it is the next one; `received` of the answer says from where to go on.

    Raises IllegalMove where the case takes no picture now, PictureRefused for one too large, LiveOnly, NotAPart.
    """
    _require_source(source)
    if not (mark.isalnum() and len(mark) <= LONGEST_MARK and len(data) <= PART_BYTES):
        raise NotAPart
    if not 0 < size <= settings.UPLOAD_MAX_BYTES:
        raise PictureRefused(PictureProblem.TOO_LARGE if size else PictureProblem.EMPTY)
    locked = Case.objects.select_for_update().get(pk=case.pk)
    upload = Upload.objects.filter(case=case, mark=mark, size=size).first()
    if upload is not None and upload.finished:
        if locked.status not in intake.TAKES_PICTURES:
            return upload  # the answer to its last part was lost
        upload.delete()  # another picture is asked for, and the customer sends the same: that is an answer too
        upload = None
    if locked.status not in intake.TAKES_PICTURES:
        raise IllegalMove(locked.status, State.QUEUED)
    if upload is None:
        Upload.objects.filter(case=case, mark=mark).delete()
        upload = Upload.objects.create(case=case, mark=mark, size=size, source=source)
        _drop_oldest(case)
    if data and offset == upload.received:
        if offset + len(data) > size:
            raise NotAPart
        _keep(upload, offset, data)
    return upload


def complete(*, upload: Upload) -> Outcome:
    """All parts of a picture are here. Raises as `intake.submit_document`; what is refused must be sent anew."""
    try:
        return _judge(upload, _whole(upload))
    except PictureRefused:
        upload.delete()
        raise


def held(case: Case) -> Held | None:
    """The newest picture that was found wanting, while it is kept."""
    upload = _held(case)
    if upload is None:
        return None
    return Held(upload.pk, tuple(Fault(code) for code in upload.faults), _warnings(case) >= WARNINGS)


def insist(*, case: Case, held_id: UUID) -> Document:
    """The customer has no better picture than this one. Raises IllegalMove where it is held no more, or too early."""
    upload = _held(case)
    if upload is None or upload.pk != held_id or _warnings(case) < WARNINGS:
        raise IllegalMove(case.status, State.QUEUED)
    document = intake.submit_document(
        case=case, upload=_whole(upload), source=Source(upload.source), insisted=True
    )
    _forget(case)
    return document


def tidy() -> int:
    """Removes what nobody finished within a day; how many."""
    return Upload.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _require_source(source: Source) -> None:
    if source not in FROM_CUSTOMERS:
        raise NotAPart
    if settings.LIVE_CAMERA_ONLY and source is not Source.CAMERA:
        raise LiveOnly


def _judge(upload: Upload, data: bytes) -> Outcome:
    """Submits a picture that will do; holds one that will not, and says why."""
    case = upload.case
    known = case.documents.filter(sha256=hashlib.sha256(data).digest()).exists()
    if known or case.status not in intake.TAKES_PICTURES:
        return Outcome(intake.submit_document(case=case, upload=data, source=Source(upload.source)))
    picture = intake.clean(data)
    seen = recognition.glance(picture)
    wrong = faults(seen) if seen is not None else ()
    # A picture that may show a number which no statute lets us have is not kept in waiting: the reader looks at once.
    if wrong and not basis.number_barred(case):
        return _hold(upload, data, wrong)
    document = intake.submit_picture(
        case=case,
        picture=picture,
        by=CUSTOMER,
        source=Source(upload.source),
        quality=seen.numbers() if seen is not None else {},
    )
    _forget(case, but=upload)
    return Outcome(document)


@transaction.atomic
def _hold(upload: Upload, data: bytes, wrong: tuple[Fault, ...]) -> Outcome:
    case = upload.case
    Case.objects.select_for_update().get(pk=case.pk)
    stored = Upload.objects.filter(case=case, mark=upload.mark).first()
    if stored is not None and stored.received < stored.size:  # it broke off once, or made room for another
        upload.warned = stored.warned
        stored.delete()
        stored = None
    if stored is None:
        upload.save(force_insert=True)
        for offset in range(0, len(data), PART_BYTES):
            _keep(upload, offset, data[offset : offset + PART_BYTES])
        stored = upload
    UploadPart.objects.filter(upload__case=case).exclude(upload=stored).delete()
    case.uploads.exclude(pk=stored.pk).update(received=0)
    stored.faults, stored.warned, stored.at = (
        [fault.value for fault in wrong],
        stored.warned + 1,
        timezone.now(),
    )
    stored.save()
    AuditEntry.append(
        "picture.warned",
        by=CUSTOMER,
        case_id=case.pk,
        data={"faults": stored.faults, "source": stored.source},
    )
    return Outcome(None, wrong, stored.pk)


def _keep(upload: Upload, offset: int, data: bytes) -> None:
    sealed = upload.case.key().seal(data, identity=_identity(upload, offset))
    UploadPart.objects.create(upload=upload, offset=offset, sealed=sealed)
    upload.received, upload.at = offset + len(data), timezone.now()
    upload.save(update_fields=["received", "at"])


def _whole(upload: Upload) -> bytes:
    """Raises IllegalMove where its parts are gone: another request submitted it, or another picture, meanwhile."""
    key = upload.case.key()
    data = b"".join(
        key.open(bytes(part.sealed), identity=_identity(upload, part.offset))
        for part in upload.parts.order_by("offset")
    )
    if len(data) != upload.size:
        raise IllegalMove(upload.case.status, State.QUEUED)
    return data


def _held(case: Case) -> Upload | None:
    if case.status not in intake.TAKES_PICTURES:
        return None
    waiting = case.uploads.filter(warned__gt=0, finished=False, parts__isnull=False)
    return waiting.order_by("-at").distinct().first()


def _warnings(case: Case) -> int:
    return sum(case.uploads.filter(finished=False).values_list("warned", flat=True))


@transaction.atomic
def _forget(case: Case, but: Upload | None = None) -> None:
    """A picture was submitted: nothing is held any more. The one that arrived in parts may still be asked after."""
    others = case.uploads.all() if but is None else case.uploads.exclude(pk=but.pk)
    others.delete()
    UploadPart.objects.filter(upload__case=case).delete()
    case.uploads.update(finished=True)


def _drop_oldest(case: Case) -> None:
    kept = case.uploads.order_by("-at").values_list("pk", flat=True)[:MOST_AT_ONCE]
    UploadPart.objects.filter(upload__case=case).exclude(upload__in=list(kept)).delete()
    case.uploads.exclude(pk__in=list(kept)).filter(warned=0).delete()
    case.uploads.exclude(pk__in=list(kept)).update(received=0)


def _identity(upload: Upload, offset: int) -> str:
    return f"upload:{upload.pk}:{offset}"
