"""The keyed index of pictures: near-equal ones are found, and nobody without the keyring can compare or guess them."""

from kyc.imaging import likeness
from kyc.models import Document, PictureBand
from kyc.vault.keys import keyring

BYTES = 16


def bands_of(document: Document, jpeg: bytes) -> list[PictureBand]:
    """Rows to save beside a new document."""
    return [
        PictureBand(document=document, band=place, lookup=keyring().index(f"picture:{place}", bits)[:BYTES])
        for place, bits in enumerate(likeness.bands(jpeg))
    ]
