"""Intake: a case is opened, notices and consents are recorded, a picture is cleaned and queued."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from kyc import imaging
from kyc.domain.actors import CUSTOMER, Actor
from kyc.domain.lifecycle import IllegalMove, State
from kyc.domain.sources import Source
from kyc.models import AuditEntry, Case, Consent, Document, Notice
from kyc.selectors import values
from kyc.services import basis, pictures, urgency
from kyc.services import sandbox as arranged
from kyc.services.pictures import StorageDown
from kyc.vault.keys import keyring

TAKES_PICTURES = (State.STARTED, State.RETAKE)


@dataclass(frozen=True, slots=True)
class ShownText:
    """A notice or a consent's words as they were shown: `granted` is None for a notice."""

    code: str
    version: str
    text: str
    granted: bool | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def new_case(
    *,
    locale: str = "ko",
    channel: Case.Channel = Case.Channel.CUSTOMER,
    legal_basis: str = "",
    previous: Case | None = None,
    drill: bool = False,
    case_id: uuid.UUID | None = None,
) -> Case:
    """A case with a key of its own that no row holds yet: `enter` makes it. Raises KeyringMissing.

    `legal_basis` is the statute; the deployment's own where none is given.
    """
    case = Case(
        id=case_id or uuid.uuid4(),
        channel=channel,
        locale=locale,
        legal_basis=legal_basis or settings.LEGAL_BASIS,
        previous=previous,
        resubmitted=previous is not None,
        drill=drill,
    )
    case.sealed_key = keyring().new_case_key(case.id)
    return case


def open_case(
    *,
    by: Actor = CUSTOMER,
    locale: str = "ko",
    channel: Case.Channel = Case.Channel.CUSTOMER,
    legal_basis: str = "",
    previous: Case | None = None,
    drill: bool = False,
    case_id: uuid.UUID | None = None,
) -> Case:
    """As `new_case`, with its row. Raises IntegrityError where a case with `case_id` stands already."""
    case = new_case(
        locale=locale,
        channel=channel,
        legal_basis=legal_basis,
        previous=previous,
        drill=drill,
        case_id=case_id,
    )
    enter(case=case, by=by)
    return case


@transaction.atomic
def enter(*, case: Case, by: Actor) -> None:
    """The row of a new case. Raises IntegrityError where one with its id stands already."""
    case.save(force_insert=True)
    told = {"channel": str(case.channel), "basis": case.legal_basis}
    AuditEntry.append("case.opened", by=by, case_id=case.id, data=told)


@transaction.atomic
def record_texts(
    *,
    case: Case,
    shown: Sequence[ShownText],
    locale: str,
    address: str | None,
    by: Actor = CUSTOMER,
) -> None:
    """Keeps which words were shown and what was answered, with their hash (PIPA 22); what stands already once."""
    new = [text for text in shown if not _stands(case, text, locale)]
    where = {"case": case, "locale": locale, "address": address}
    for text in new:
        told = where | {"code": text.code, "version": text.version, "sha256": text.sha256}
        if text.granted is None:
            Notice.objects.create(**told)
        else:
            Consent.objects.create(**told, granted=text.granted)
    if new:
        AuditEntry.append("case.texts_shown", by=by, case_id=case.id, data=_codes(new))


def _stands(case: Case, text: ShownText, locale: str) -> bool:
    """Whether these words were shown in this language already, and the answer to them is still the same."""
    if text.granted is None:
        same = case.notices.filter(code=text.code, version=text.version, sha256=text.sha256, locale=locale)
        return same.exists()
    last = case.consents.filter(code=text.code).order_by("-at", "-pk").first()
    if last is None or last.withdrawn_at is not None or last.granted is not text.granted:
        return False
    return (last.version, last.sha256, last.locale) == (text.version, text.sha256, locale)


def _codes(shown: Sequence[ShownText]) -> dict[str, list[str]]:
    """What was shown, and what of it was granted and refused."""
    told = {
        "codes": [text.code for text in shown],
        "granted": [text.code for text in shown if text.granted is True],
        "refused": [text.code for text in shown if text.granted is False],
    }
    return {name: codes for name, codes in told.items() if codes}


def submit_document(
    *,
    case: Case,
    upload: bytes,
    by: Actor = CUSTOMER,
    source: Source = Source.FILE,
    insisted: bool = False,
    notices_shown: bool = False,
) -> Document:
    """Cleans, seals and stores a picture, and queues it; the same file twice gives the first document.

    `notices_shown`: a host says so that uploads for its customer.
    Raises PictureRefused (nothing changed), IllegalMove where the case takes no picture now, StorageDown.
    """
    known = case.documents.filter(sha256=hashlib.sha256(upload).digest()).first()
    if known is not None and case.status is not State.RETAKE:
        return known
    if case.status not in TAKES_PICTURES:
        raise IllegalMove(case.status, State.QUEUED)
    if known is not None and not basis.number_barred(case):
        return _queue_again(case=case, document=known, by=by)
    picture = clean(upload)
    return submit_picture(
        case=case, picture=picture, by=by, source=source, insisted=insisted, notices_shown=notices_shown
    )


def clean(upload: bytes) -> imaging.CleanPicture:
    """The upload, written anew from its pixels. Raises PictureRefused, StorageDown."""
    try:
        return imaging.reencode(upload, max_bytes=settings.UPLOAD_MAX_BYTES)
    except imaging.DecodersDown as e:
        raise StorageDown("no picture can be decoded now") from e


def submit_picture(
    *,
    case: Case,
    picture: imaging.CleanPicture,
    by: Actor,
    source: Source = Source.FILE,
    insisted: bool = False,
    quality: Mapping[str, object] | None = None,
    notices_shown: bool = False,
) -> Document:
    """Seals, stores and queues a picture that was cleaned already. Raises IllegalMove, StorageDown.

    `insisted`: the customer was told that it may not do and has no better one. `quality`: what was measured of it.
    """
    stored = pictures.store(case=case, picture=picture, source=source, insisted=insisted, quality=quality)
    try:
        return pictures.queue(stored=stored, by=by, notices_shown=notices_shown)
    except IntegrityError:  # the same picture arrived twice at once: the other request's document stands
        pictures.drop(stored.document)
        return case.documents.get(sha256=picture.sha256)
    except IllegalMove:  # another picture, or a withdrawal, was faster
        pictures.drop(stored.document)
        raise


@transaction.atomic
def insist(*, case: Case) -> Document:
    """The customer has no better picture: an officer looks at the newest. Raises IllegalMove where none was asked."""
    document = values.newest_document(case)
    if document is None or case.status is not State.RETAKE or basis.number_barred(case):
        raise IllegalMove(case.status, State.QUEUED)
    return _queue_again(case=case, document=document, by=CUSTOMER)


@transaction.atomic
def _queue_again(*, case: Case, document: Document, by: Actor) -> Document:
    """The customer insists on a picture that could not be read: an officer looks at it, no reader is asked again."""
    document.first_received_at = document.first_received_at or document.received_at
    document.received_at = timezone.now()
    document.save(update_fields=["first_received_at", "received_at"])
    case.move(State.QUEUED, by=by)
    case.move(State.IN_REVIEW, by=by, reason="same_picture_again", **urgency.arrival(case))
    if case.channel == Case.Channel.SANDBOX:
        arranged.conclude(case)
    return document
