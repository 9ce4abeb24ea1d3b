"""The keyed index of pictures: near-equal ones are found, and nobody without the keyring can compare or guess them."""

from kyc.domain.lifecycle import State
from kyc.imaging import likeness
from kyc.models import Document, PictureBand
from kyc.services import custody
from kyc.vault.keys import Refused, keyring

BYTES = 16


def bands_of(document: Document, jpeg: bytes) -> list[PictureBand]:
    """Rows to save beside a new document."""
    return [
        PictureBand(document=document, band=place, lookup=keyring().index(f"picture:{place}", bits)[:BYTES])
        for place, bits in enumerate(likeness.bands(jpeg))
    ]


def index_missing() -> tuple[int, int]:
    """Indexes the pictures of cases that are not erased and have no bands; how many, and how many cannot be opened."""
    added = left = 0
    waiting = Document.objects.filter(bands=None).exclude(case__state=State.ERASED).select_related("case")
    for document in waiting.iterator(100):
        try:
            bands = bands_of(document, custody.open_picture(document))
        except (Refused, OSError):
            left += 1
            continue
        PictureBand.objects.bulk_create(bands, ignore_conflicts=True)
        added += 1
    return added, left
