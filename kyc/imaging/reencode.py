"""Turns an uploaded file into a clean JPEG, or says in one code why not.

The hostile work is done in a process of its own (`kyc.imaging.decoders`, `kyc.imaging.child`).
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from kyc.imaging.decoders import decoders


class PictureProblem(StrEnum):
    """Why a file will not do. The words for the customer stand in `kyc.wording_pictures`."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_A_PICTURE = "not_a_picture"
    WRONG_FORMAT = "wrong_format"
    HEIC = "heic"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    DAMAGED = "damaged"


class PictureRefused(Exception):
    """The file is not a picture that can be read; `problem` says why."""

    def __init__(self, problem: PictureProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """`jpeg`: re-encoded, upright, without metadata. `sha256`: of the file as it was sent."""

    jpeg: bytes
    width: int
    height: int
    sha256: bytes


def reencode(data: bytes, *, max_bytes: int) -> CleanPicture:
    """Raises PictureRefused, DecodersDown. `max_bytes` bounds what is accepted, in bytes."""
    if not data:
        raise PictureRefused(PictureProblem.EMPTY)
    if len(data) > max_bytes:
        raise PictureRefused(PictureProblem.TOO_LARGE)
    if problem := sniff(data):
        raise PictureRefused(problem)
    answer = decoders.decode(data)
    if answer is None:  # a child that dies or stalls condemns the file, never this process
        raise PictureRefused(PictureProblem.DAMAGED)
    told, jpeg = answer
    if "problem" in told:
        raise PictureRefused(PictureProblem(str(told["problem"])))
    return CleanPicture(
        jpeg, int(str(told["width"])), int(str(told["height"])), hashlib.sha256(data).digest()
    )


def sniff(data: bytes) -> PictureProblem | None:
    """The problem with a file that is told by its first bytes alone; names and types that were sent count nothing."""
    if (
        data[:3] == b"\xff\xd8\xff"
        or data[:8] == b"\x89PNG\r\n\x1a\n"
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
    ):
        return None
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc"}:
        return PictureProblem.HEIC
    other = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"%PDF", b"\0\0\1\0")
    return PictureProblem.WRONG_FORMAT if data.startswith(other) else PictureProblem.NOT_A_PICTURE
