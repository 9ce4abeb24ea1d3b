"""Pictures made fit to be shown: the number covered, and the mark of the officer and the moment on every one."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.utils import timezone

from kyc.domain.actors import Actor
from kyc.domain.facts import Field
from kyc.imaging import crops as cutting
from kyc.imaging import veil
from kyc.selectors.places import Places


def mark(by: User) -> str:
    """Who looks and when. The pictures' letters are ASCII: another name is told by its account's number."""
    name = "".join(letter for letter in by.get_username() if letter.isascii() and letter.isprintable())
    return f"{name[:24]} #{by.pk} {timezone.localtime():%Y-%m-%d %H:%M:%S}"


def handed_over(jpeg: bytes, to: Actor) -> bytes:
    """The whole picture for another system's file, marked with its key: by that the register tells who took it."""
    words = f"{to.kind} key {to.name[:8]} {timezone.localtime():%Y-%m-%d %H:%M:%S}"
    return veil.written(veil.marked(veil.opened(jpeg), words))


def picture(jpeg: bytes, where: Places, by: User, *, flat: bool) -> bytes:
    return _finished(veil.covered(veil.opened(jpeg), where.corners, where.zones), where, by, flat=flat)


def crops(jpeg: bytes, where: Places, by: User) -> Mapping[Field, bytes]:
    """A labelled crop of each field whose place is known; cut from the covered picture, neighbours included."""
    if where.corners is None:
        return {}
    covered = veil.covered(veil.opened(jpeg), where.corners, where.zones)
    return _cut(covered, where, by, where.boxes)


def open_number(jpeg: bytes, where: Places, by: User, *, flat: bool) -> tuple[Mapping[Field, bytes], bytes]:
    """The crops into which the veil reaches ({} where no place is known) and the picture, all without it.

    The veil is wider than the number: it may hide the foot of the name and the head of the address.
    """
    pixels = veil.opened(jpeg)
    boxes = {name: box for name, box in where.boxes.items() if veil.reaches(where.zones, cutting.padded(box))}
    cut = _cut(pixels, where, by, boxes) if where.corners is not None else {}
    return cut, _finished(pixels, where, by, flat=flat)


def portrait(jpeg: bytes, by: User) -> bytes:
    return veil.labelled(jpeg, mark(by))


def _cut(
    pixels: veil.Picture, where: Places, by: User, boxes: Mapping[Field, cutting.Quad]
) -> Mapping[Field, bytes]:
    told = mark(by)
    cut = cutting.cut(pixels, where.corners or (), boxes)
    return {name: veil.labelled(jpeg, told) for name, jpeg in cut.items()}


def _finished(pixels: veil.Picture, where: Places, by: User, *, flat: bool) -> bytes:
    if flat and where.corners is not None:
        pixels = veil.flattened(pixels, where.corners)
    return veil.written(veil.marked(pixels, mark(by)))
