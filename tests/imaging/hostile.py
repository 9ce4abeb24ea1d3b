"""Hostile files, made when asked for and stored nowhere: what strangers send instead of a picture, or inside one."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image, PngImagePlugin

MARK = b"HOSTILE-PAYLOAD-7f3a"  # must never come out again
SIZE = (320, 200)
SCRIPTS = (
    b"<script>alert(1)</script>",
    b"<?php system($_GET['c']); ?>",
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"#!/bin/sh\nrm -rf /\n",
    b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
    b"MZ\x90\x00This program cannot be run in DOS mode",
    b"\x7fELF\x02\x01\x01",
    b"'; DROP TABLE kyc_case; --",
)


def corpus() -> dict[str, bytes]:
    """By a name that says what it is."""
    files: dict[str, bytes] = {}
    for group in (_broken, _bombs, _polyglots, _metadata, _chunks, _modes, _others, _shapes):
        files.update(group())
    return files


def base(kind: str, mode: str = "RGB", **options: object) -> bytes:
    ground = np.random.default_rng(3).integers(90, 200, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(ground).convert(mode).save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


def chunk(kind: bytes, data: bytes, crc: int | None = None) -> bytes:
    wrong_or_right = zlib.crc32(kind + data) if crc is None else crc
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", wrong_or_right)


def png(
    width: int, height: int, *middle: bytes, bits: int = 8, colour: int = 2, raw: bytes | None = None
) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    pixels = zlib.compress(bytes(1000) if raw is None else raw)
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(middle) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def after_start(jpeg: bytes, segment: bytes) -> bytes:
    return jpeg[:2] + segment + jpeg[2:]


def of_scans(progressive: bytes, more: int) -> bytes:
    """Its last scan comes that many times more."""
    scan = progressive[progressive.rindex(b"\xff\xda") : -2]
    return progressive[:-2] + scan * more + progressive[-2:]


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def _broken() -> Iterator[tuple[str, bytes]]:
    """Cut anywhere, and with bits turned over anywhere."""
    dice = random.Random(11)
    for kind in ("JPEG", "PNG", "WEBP"):
        whole = base(kind)
        for part in range(1, 21):
            yield f"{kind} cut at {part}/21", whole[: len(whole) * part // 21]
        for number in range(25):
            torn = bytearray(whole)
            for _ in range(1 + number):
                torn[dice.randrange(4, len(torn))] = dice.randrange(256)
            yield f"{kind} torn {number}", bytes(torn)
        for place in range(0, 40, 4):
            zeroed = bytearray(whole)
            zeroed[12 + place : 16 + place] = bytes(4)
            yield f"{kind} zeroed {place}", bytes(zeroed)


def _bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that say, or become, huge ones."""
    for width, height in (
        (30_000, 30_000),
        (2**31 - 1, 1),
        (1, 2**31 - 1),
        (65_535, 65_535),
        (0, 400),
        (400, 0),
    ):
        yield f"PNG of {width}x{height}", png(width, height)
        yield f"PNG of {width}x{height}, 16 bit", png(width, height, bits=16)
    jpeg = base("JPEG")
    start = jpeg.index(b"\xff\xc0")
    for width, height in ((65_500, 65_500), (65_535, 1), (1, 65_535), (0, 0), (20_000, 20_000)):
        big = bytearray(jpeg)
        big[start + 5 : start + 9] = struct.pack(">HH", height, width)
        yield f"JPEG of {width}x{height}", bytes(big)
    webp = bytearray(base("WEBP", lossless=True))
    at = webp.index(b"VP8L") + 9
    webp[at : at + 4] = b"\xff\xff\xff\x0f"
    yield "WEBP of 16384x16384", bytes(webp)
    yield "PNG whose pixels never end", png(400, 400, raw=bytes(60_000_000))
    for kind in (b"zTXt", b"iCCP"):
        yield (
            f"PNG with a bomb in {kind.decode()}",
            png(400, 400, chunk(kind, b"x\0\0" + zlib.compress(bytes(80_000_000))), raw=bytes(400 * 1201)),
        )
    yield (
        "PNG with a bomb in iTXt",
        png(
            400, 400, chunk(b"iTXt", b"x\0\1\0\0\0" + zlib.compress(bytes(80_000_000))), raw=bytes(400 * 1201)
        ),
    )
    yield "JPEG of a thousand scans", of_scans(base("JPEG", progressive=True), 1000)


def _polyglots() -> Iterator[tuple[str, bytes]]:
    """A picture and something else at once."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("../../etc/passwd", MARK)
    for kind in ("JPEG", "PNG", "WEBP"):
        whole = base(kind)
        yield f"{kind} and a zip", whole + archive.getvalue()
        yield f"{kind} twice", whole + MARK + whole
        for number, script in enumerate(SCRIPTS):
            yield f"{kind} and script {number}", whole + script + MARK
            yield f"script {number} and {kind}", script + MARK + whole
    jpeg = base("JPEG")
    for number, script in enumerate(SCRIPTS):
        yield f"JPEG with script {number} in a comment", after_start(jpeg, segment(0xFE, script + MARK))
    yield "GIF's name, JPEG's body", b"GIF89a" + jpeg
    yield "JPEG's name, PNG's body", b"\xff\xd8\xff" + base("PNG")
    yield "PNG's name, JPEG's body", b"\x89PNG\r\n\x1a\n" + jpeg
    yield "RIFF's name, JPEG's body", b"RIFF\0\0\0\0WEBP" + jpeg


def _metadata() -> Iterator[tuple[str, bytes]]:
    """What says where, when and with what, in every place it can stand."""
    jpeg = base("JPEG")
    for turn in (*range(20), 255, 65_535):
        exif = Image.Exif()
        exif[0x0112], exif[0x010F] = turn, MARK.decode()
        for kind in ("JPEG", "PNG", "WEBP"):
            yield f"{kind} turned {turn}", base(kind, exif=exif.tobytes())
    place = Image.Exif()
    place[0x8825] = {1: "N", 2: (37.5, 33.0, 1.0), 3: "E", 4: (127.0, 1.0, 1.0), 29: "2026:11:25"}
    place[0x927C], place[0x9286] = MARK, MARK
    for kind in ("JPEG", "PNG", "WEBP"):
        yield f"{kind} with its place", base(kind, exif=place.tobytes())
        yield f"{kind} with a colour profile", base(kind, icc_profile=b"\0" * 128 + MARK * 20)
    for name, marker, data in (
        ("XMP", 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + MARK + b"</x:xmpmeta>"),
        ("IPTC", 0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x1c\x1c\x02\x05\0\x14" + MARK),
        ("a thumbnail", 0xE0, b"JFXX\0\x10" + jpeg[:500] + MARK),
        ("MPF", 0xE2, b"MPF\0II*\0\x08\0\0\0\xff\xff" + MARK),
        ("nothing known", 0xEB, MARK * 100),
        ("a full segment", 0xEF, MARK * 3000),
    ):
        yield f"JPEG with {name}", after_start(jpeg, segment(marker, data))
    loop = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0"
    yield "JPEG whose EXIF points at itself", after_start(jpeg, segment(0xE1, loop))
    yield (
        "JPEG whose EXIF has 65535 entries",
        after_start(jpeg, segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\xff\xff")),
    )
    yield "JPEG whose EXIF begins nowhere", after_start(jpeg, segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff"))
    for size in (0, 1, 5, 6, 7, 12):
        yield f"JPEG with {size} bytes of EXIF", after_start(jpeg, segment(0xE1, loop[:size]))


def _chunks() -> Iterator[tuple[str, bytes]]:
    """PNG with chunks that lie, come twice, come late or are missing."""
    good = bytes(SIZE[1] * (SIZE[0] * 3 + 1))
    for name, middle in {
        "a wrong checksum": chunk(b"tEXt", b"x\0" + MARK, crc=1),
        "a text": chunk(b"tEXt", b"Comment\0" + MARK),
        "a second header": chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)),
        "an early end": chunk(b"IEND", b""),
        "an empty palette": chunk(b"PLTE", b""),
        "a long palette": chunk(b"PLTE", bytes(3 * 300)),
        "a transparency too long": chunk(b"tRNS", bytes(999)),
        "an unknown critical chunk": chunk(b"ABCD", MARK),
        "a length beyond the file": struct.pack(">I", 2**31 - 1) + b"tEXt" + MARK,
        "a time": chunk(b"tIME", b"\xff" * 7),
        "a physical size of nothing": chunk(b"pHYs", bytes(9)),
        "an animation": chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)),
        "a gamma of nothing": chunk(b"gAMA", bytes(4)),
        "a broken exif": chunk(b"eXIf", b"II*\0" + MARK),
    }.items():
        yield f"PNG with {name}", png(*SIZE, middle, raw=good)
    for filter_type in (5, 17, 255):
        yield f"PNG with filter {filter_type}", png(*SIZE, raw=bytes([filter_type]) + good[1:])
    for colour, bits in ((0, 3), (1, 8), (3, 16), (5, 8), (7, 8), (2, 1)):
        yield f"PNG of colour {colour} with {bits} bits", png(*SIZE, bits=bits, colour=colour, raw=good)
    yield "PNG without pixels", base("PNG")[:33] + chunk(b"IEND", b"")
    yield "PNG with too few pixels", png(*SIZE, raw=good[:500])
    yield "PNG with a header alone", b"\x89PNG\r\n\x1a\n"


def _modes() -> Iterator[tuple[str, bytes]]:
    """Unusual, and right: these must come out legible or be refused, never crash."""
    for kind, modes in {
        "JPEG": ("L", "CMYK"),
        "PNG": ("1", "L", "LA", "P", "RGBA"),
        "WEBP": ("RGBA",),
    }.items():
        for mode in modes:
            yield f"{kind} of mode {mode}", base(kind, mode)
    yield "PNG of 16 bits", _deep()
    info = PngImagePlugin.PngInfo()
    info.add_itxt("k", MARK.decode(), zip=True)
    yield "PNG with a zipped text", base("PNG", pnginfo=info)
    frames = [Image.new("RGB", SIZE, (shade, 0, 0)) for shade in range(0, 250, 25)]
    for kind in ("PNG", "WEBP"):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=10)
        yield f"animated {kind}", out.getvalue()


def _deep() -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 65_535, (SIZE[1], SIZE[0]), dtype=np.uint16)).save(
        out, "PNG"
    )
    return out.getvalue()


def _others() -> Iterator[tuple[str, bytes]]:
    """Other formats, by what they are and by what they call themselves."""
    for kind in (
        "GIF",
        "BMP",
        "TIFF",
        "ICO",
        "PPM",
        "TGA",
        "PCX",
        "JPEG2000",
        "DDS",
        "ICNS",
        "SGI",
        "PDF",
        "EPS",
    ):
        yield kind, base(kind)
    for name, head in {
        "HEIC": b"\0\0\0\x18ftypheic",
        "AVIF": b"\0\0\0\x1cftypavif",
        "PSD": b"8BPS\0\1",
        "SVG": b"<svg onload=alert(1)>",
        "HTML": b"<!doctype html><script>",
        "WMF": b"\xd7\xcd\xc6\x9a",
        "FLIF": b"FLIF",
        "JXL": b"\xff\x0a",
        "zip": b"PK\x03\x04",
        "gzip": b"\x1f\x8b\x08",
        "text": b"name;number",
        "XML": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>",
        "nothing but zeros": bytes(5000),
    }.items():
        yield f"what begins as {name}", head + MARK


def _shapes() -> Iterator[tuple[str, bytes]]:
    for width, height in ((200, 20_000), (20_000, 200), (199, 5000), (1, 1), (5000, 3000)):
        out = io.BytesIO()
        Image.new("L", (width, height), 128).save(out, "PNG")
        yield f"a picture of {width}x{height}", out.getvalue()
