"""Turns the bytes of a PNG or JPEG into an upright picture."""

import io

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from ocr_integration.engine.arrays import Image
from ocr_integration.engine.errors import Reason, Unreadable

MAX_PIXELS = 120_000_000
MIN_SIDE = 160
REDUCE_FROM = 2800
"""Longer side from which a JPEG is decoded at half size first: four times less to do."""


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height as stored, without decoding. Raises Unreadable for anything but a PNG or JPEG."""
    try:
        with Pillow.open(io.BytesIO(data), formats=("PNG", "JPEG")) as header:
            width, height = header.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Pillow.DecompressionBombError) as error:
        raise Unreadable(Reason.UNDECODABLE) from error
    if width * height > MAX_PIXELS:
        raise Unreadable(Reason.TOO_LARGE)
    if min(width, height) < MIN_SIDE:
        raise Unreadable(Reason.TOO_SMALL)
    return width, height


def decode(data: bytes, *, half: bool = False) -> Image:
    """The picture, turned upright as its EXIF says, at half its size if asked. Raises Unreadable."""
    flag = cv2.IMREAD_REDUCED_COLOR_2 if half else cv2.IMREAD_COLOR
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flag)
    except cv2.error as error:
        raise Unreadable(Reason.UNDECODABLE) from error
    if image is None:
        raise Unreadable(Reason.UNDECODABLE)
    return np.asarray(image, np.uint8)
