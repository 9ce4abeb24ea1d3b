"""Strangers' files: what is a picture is written anew from its pixels, what is not is refused in one word."""

import hashlib
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps

from kyc.imaging import PictureProblem, PictureRefused, reencode

LIMIT = 20 * 1024 * 1024


def _encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def _card(mode: str = "RGB") -> Image.Image:
    """A dark bar on a light ground, as letters on a card."""
    image = Image.new("RGB", (640, 400), (230, 235, 225))
    image.paste((20, 20, 20), (100, 180, 540, 220))
    return image.convert(mode)


def _bar_is_legible(jpeg: bytes) -> bool:
    grey = np.asarray(Image.open(io.BytesIO(jpeg)).convert("L")).astype(int)
    return bool(grey[190:210, 200:400].mean() < 70 and grey[20:60, 20:60].mean() > 180)


def _bomb(width: int, height: int) -> bytes:
    """A tiny PNG file that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


REFUSED = {
    "nothing": (b"", PictureProblem.EMPTY),
    "text": (b"this is no picture at all", PictureProblem.NOT_A_PICTURE),
    "gif": (_encoded(_card("P"), "GIF"), PictureProblem.WRONG_FORMAT),
    "pdf": (b"%PDF-1.7 ...", PictureProblem.WRONG_FORMAT),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", PictureProblem.HEIC),
    "half a jpeg": (_encoded(_card(), "JPEG")[:3000], PictureProblem.DAMAGED),
    "first bytes of a jpeg": (b"\xff\xd8\xff\xe0", PictureProblem.NOT_A_PICTURE),
    "a bomb": (_bomb(30_000, 30_000), PictureProblem.TOO_MANY_PIXELS),
    "a stamp": (_encoded(_card().resize((64, 40)), "PNG"), PictureProblem.TOO_SMALL),
    "too large a file": (b"\xff\xd8\xff" + bytes(LIMIT), PictureProblem.TOO_LARGE),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_with_its_reason(name: str) -> None:
    data, problem = REFUSED[name]
    with pytest.raises(PictureRefused) as refused:
        reencode(data, max_bytes=LIMIT)
    assert refused.value.problem is problem


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "LA", "I;16", "1"])
def test_every_png_mode_stays_legible(mode: str) -> None:
    image = _card("L" if mode in {"I;16", "LA"} else mode if mode != "RGBA" else "RGB")
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    if mode in {"LA", "RGBA"}:
        image = image.convert(mode)
    assert _bar_is_legible(reencode(_encoded(image, "PNG"), max_bytes=LIMIT).jpeg)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_every_jpeg_mode_stays_legible(mode: str) -> None:
    assert _bar_is_legible(reencode(_encoded(_card(mode), "JPEG"), max_bytes=LIMIT).jpeg)


def test_transparent_ground_becomes_white() -> None:
    image = _card("RGBA")
    image.putalpha(Image.eval(image.convert("L"), lambda v: 255 if v < 100 else 0))
    assert _bar_is_legible(reencode(_encoded(image, "PNG"), max_bytes=LIMIT).jpeg)


def test_metadata_and_trailing_bytes_are_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "a phone's maker"
    data = _encoded(_card(), "JPEG", exif=exif) + b"trailing secret"
    clean = reencode(data, max_bytes=LIMIT)
    with Image.open(io.BytesIO(clean.jpeg)) as image:
        assert image.size == (400, 640) == (clean.width, clean.height)
        assert not image.getexif()
    assert b"maker" not in clean.jpeg
    assert b"secret" not in clean.jpeg
    assert clean.sha256 == hashlib.sha256(data).digest()


def test_a_large_photo_fits_the_wire() -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (3000, 4000, 3), dtype=np.uint8))
    clean = reencode(_encoded(noise, "JPEG", quality=80), max_bytes=LIMIT)
    assert len(clean.jpeg) <= 5_250_000
    assert max(clean.width, clean.height) <= 4096


@pytest.mark.parametrize("turn", range(2, 9))
def test_every_orientation_stands_upright(turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    marked = _card()
    marked.paste((200, 0, 0), (0, 0, 160, 100))  # the upper left corner of the stored pixels
    clean = reencode(_encoded(marked, "JPEG", exif=exif), max_bytes=LIMIT)
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(_encoded(marked, "JPEG", exif=exif))))
    told = np.asarray(Image.open(io.BytesIO(clean.jpeg)).convert("RGB")).astype(int)
    assert np.abs(told - np.asarray(expected).astype(int)).mean() < 3


def test_a_broken_exif_block_costs_nobody_the_picture() -> None:
    """Found by the fuzzer: an orientation of the wrong type beside it made the whole picture `damaged`."""
    whole = _encoded(_card(), "JPEG", exif=_exif_with_a_turn())
    start = whole.index(b"Exif\0\0") + 6
    for offset in range(start, start + 60, 6):
        broken = whole[:offset] + b"\xff" + whole[offset + 1 :]
        clean = reencode(broken, max_bytes=LIMIT)
        assert sorted((clean.width, clean.height)) == [400, 640]


def _exif_with_a_turn() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = 6, "maker", {1: "N", 2: (37.0, 33.0, 1.0)}
    return exif


@pytest.mark.parametrize("bits", [10, 12, 14, 16])
def test_a_sixteen_bit_file_of_fewer_bits_stays_legible(bits: int) -> None:
    deep = np.asarray(_card("L")).astype(np.uint16) << (bits - 8)
    assert _bar_is_legible(reencode(_encoded(Image.fromarray(deep), "PNG"), max_bytes=LIMIT).jpeg)


def test_a_palette_with_transparency_and_a_grey_picture_with_alpha_stay_legible() -> None:
    palette = _card("P")
    ground = palette.getpixel((20, 20))
    assert _bar_is_legible(reencode(_encoded(palette, "PNG", transparency=ground), max_bytes=LIMIT).jpeg)
    grey = _card("LA")
    grey.putalpha(Image.eval(grey.getchannel("L"), lambda v: 255 if v < 100 else 0))
    assert _bar_is_legible(reencode(_encoded(grey, "PNG"), max_bytes=LIMIT).jpeg)
