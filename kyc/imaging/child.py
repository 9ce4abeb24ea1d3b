"""The server that decodes strangers' pictures, a fork for each: bytes in, a header and a clean JPEG out.

Run as `python -I child.py` with a socket as standard input (`kyc.imaging.decoders`): it imports Pillow and nothing of
the product's secrets, and never looks at a picture itself.
"""

import contextlib
import io
import json
import os
import re
import resource
import select
import signal
import socket
import struct
import sys
import time
import warnings

from PIL import (
    Image,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

# Named so that they are loaded before a child is made of this: MPO is how phones store two pictures, TIFF reads EXIF.
LOADED = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
FORMATS = ("JPEG", "PNG", "WEBP")  # a phone's multi-picture JPEG opens as JPEG
MAX_PIXELS = 64_000_000
MIN_SIDE = 200
# Beyond this a card's letters gain nothing; a 12 MP phone picture stays as it is.
MAX_SIDE = 4096
# The wire takes 7 MB of base64, which is 5.25 MB of picture.
MAX_JPEG = 5_000_000
# Of EXIF alone the orientation is used; what it says of place and phone stays behind.
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A progressive picture has some ten scans. Each goes over all pixels anew, however few bytes it has.
MAX_SCANS = 100
# What libjpeg takes for a marker outside a segment, but restarts, which say nothing of scans.
MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9
MEMORY = 1_200 * 1024 * 1024
PROCESSOR_SECONDS = 5  # a progressive JPEG of 50 MP, the dearest that phones send, takes 0.8
SECONDS = 20  # of wall time
LOOKS_EVERY = 1.0


def limit() -> None:
    """No more memory, processor time, files or processes than one picture needs."""
    for what, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (value, value))


def clean(data: bytes) -> tuple[dict[str, object], bytes]:
    """What to say, and the JPEG (empty where there is a problem)."""
    if data.startswith(b"\xff\xd8") and scans(data) > MAX_SCANS:
        return {"problem": "damaged"}, b""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                return {"problem": "too_many_pixels"}, b""
            if min(image.size) < MIN_SIDE:
                return {"problem": "too_small"}, b""
            image.draft("RGB", (MAX_SIDE // 2, MAX_SIDE // 2))
            image.load()
            picture = flatten(upright(image))
    except UnidentifiedImageError:
        return {"problem": "not_a_picture"}, b""
    except Exception:  # decoders raise whatever they stumble over; here that is always the file's fault
        return {"problem": "damaged"}, b""
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    return {"width": picture.width, "height": picture.height}, encode(picture)


def scans(jpeg: bytes) -> int:
    """How many scans it has, as far as is worth counting. What stands inside a segment or behind the end is none."""
    found, at = 0, 2
    while found <= MAX_SCANS and (marker := MARKER.search(jpeg, at)):
        kind, at = jpeg[marker.end() - 1], marker.end()
        if kind == END_OF_IMAGE:
            break
        found += kind == START_OF_SCAN
        if kind >= 0xC0:  # a segment: its length counts the two bytes that say it
            at += max(int.from_bytes(jpeg[at : at + 2]), 2)
    return found


def upright(image: Image.Image) -> Image.Image:
    """As EXIF says it was held. A broken block turns nothing: the picture is no worse for it."""
    try:
        turn = TURNS.get(image.getexif().get(ORIENTATION, 1))
    except Exception:
        return image
    return image if turn is None else image.transpose(turn)


def flatten(image: Image.Image) -> Image.Image:
    """RGB from any mode, legible: 16-bit is scaled first (a plain conversion turns it white), alpha laid on white."""
    if image.mode.startswith("I") or image.mode == "F":
        high = float(image.getextrema()[1])  # type: ignore[arg-type]
        # A camera's 10, 12 or 14 bits in a 16-bit file would be nearly black if 65535 were its white.
        white = next((top for top in (255.0, 1023.0, 4095.0, 16383.0) if high <= top), 65535.0)
        return image.point(lambda v: v * (255.0 / white) + 0).convert("L").convert("RGB")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        with_alpha = image.convert("RGBA")
        ground = Image.new("RGBA", with_alpha.size, "white")
        return Image.alpha_composite(ground, with_alpha).convert("RGB")
    return image.convert("RGB")


def encode(picture: Image.Image) -> bytes:
    """JPEG from the pixels alone: no EXIF, no place, no thumbnail, no trailing bytes."""
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    for quality in (92, 85, 75, 60):
        out = io.BytesIO()
        bare.save(out, "JPEG", quality=quality, subsampling=0 if quality > 90 else 2)
        if out.tell() <= MAX_JPEG:
            break
    return out.getvalue()


def serve(requests: socket.socket) -> None:
    """Forks for each connection that comes, until whoever started this is gone and the last child is done."""
    # A terminal's Ctrl-C is for whoever started this to heed: that they are gone is heard.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    children: dict[int, float] = {}
    wanted = True
    while wanted or children:
        came, _, _ = select.select([requests] if wanted else [], [], [], LOOKS_EVERY if children else None)
        look_after(children)
        if not came:
            continue
        told, descriptors, _, _ = socket.recv_fds(requests, 1, 1)
        wanted = bool(told)
        for descriptor in descriptors:
            with socket.socket(fileno=descriptor) as connection:
                children[fork(requests, connection)] = time.monotonic()


def fork(requests: socket.socket, connection: socket.socket) -> int:
    """The child's process id. Where none can be made this ends: no picture is to blame."""
    if pid := os.fork():
        return pid
    try:
        requests.close()
        decode(connection)
    finally:
        os._exit(0)


def look_after(children: dict[int, float]) -> None:
    """Buries those that are done, and ends those that should have ended themselves."""
    with contextlib.suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            children.pop(pid, None)
    for pid, since in children.items():
        if time.monotonic() - since > SECONDS + LOOKS_EVERY:
            os.kill(pid, signal.SIGKILL)


def decode(connection: socket.socket) -> None:
    """Reads a picture to its end and answers: the lengths of what is told and of the JPEG, then both."""
    signal.alarm(SECONDS)
    with connection.makefile("rb") as sent:
        data = sent.read()
    limit()
    told, jpeg = clean(data)
    head = json.dumps(told).encode()
    connection.sendall(struct.pack(">II", len(head), len(jpeg)) + head + jpeg)


def main() -> None:
    warnings.simplefilter("ignore")
    Image.preinit()  # as the first picture that is opened would, in every child anew
    Image.MAX_IMAGE_PIXELS = None  # the limit above is ours, and comes with a sentence
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with socket.socket(fileno=sys.stdin.fileno()) as requests:
        serve(requests)


if __name__ == "__main__":
    main()
