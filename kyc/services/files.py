"""Files that officers add to a case: pictures written anew from their pixels, PDFs as they are, sealed like a card."""

import contextlib
import uuid
from dataclasses import dataclass
from dataclasses import field as attribute

from django.conf import settings
from django.contrib.auth.models import User

from kyc.imaging import PictureProblem, PictureRefused
from kyc.models import Attachment, Case
from kyc.services import intake
from kyc.services.pictures import StorageDown
from kyc.vault import fields, storage
from kyc.vault.keys import KeyringMissing

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that may be kept."""

    kind: Attachment.Kind
    name: str = attribute(repr=False)
    content: bytes = attribute(repr=False)


def clean(*, upload: bytes, name: str) -> CleanFile:
    """Raises PictureRefused for what is neither a picture nor a PDF, or too large; StorageDown."""
    name = name.replace("\0", "")[:LONGEST_NAME]
    if upload.startswith(b"%PDF-"):
        if len(upload) > settings.UPLOAD_MAX_BYTES:
            raise PictureRefused(PictureProblem.TOO_LARGE)
        return CleanFile(Attachment.Kind.PDF, name, upload)
    picture = intake.clean(upload)
    return CleanFile(Attachment.Kind.JPEG, name, picture.jpeg)


def keep(*, case: Case, file: CleanFile, by: User) -> Attachment:
    """Seals and stores the file, then adds its row in the caller's transaction. Raises StorageDown.

    The file comes first: a transaction that is rolled back leaves a sealed orphan for the reconciler.
    """
    kept = Attachment(id=uuid.uuid4(), case=case, kind=file.kind, size=len(file.content), by=by)
    kept.sealed_name = fields.seal_text(case.key(), file.name, identity=f"file:{kept.id}")
    try:
        kept.storage_key = storage.put(case.key(), kept.id, file.content)
    except (OSError, KeyringMissing) as e:
        raise StorageDown("the file could not be stored") from e
    try:
        kept.save(force_insert=True)
    except BaseException:
        with contextlib.suppress(OSError):
            storage.delete(kept.storage_key)
        raise
    return kept
