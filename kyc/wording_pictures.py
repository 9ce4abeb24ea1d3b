"""What to tell a customer about a picture that will not do: one sentence that says what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kyc.domain.quality import Fault
from kyc.imaging import PictureProblem

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PROBLEMS: Mapping[PictureProblem, _StrPromise] = {
    PictureProblem.EMPTY: _("The file is empty. Take the picture again, or choose another file."),
    PictureProblem.TOO_LARGE: _(
        "The picture is too large. Take it with the camera of your phone, or choose a smaller file."
    ),
    PictureProblem.NOT_A_PICTURE: _("This file is not a picture. Choose a photo of your card (JPEG or PNG)."),
    PictureProblem.WRONG_FORMAT: _(
        "We cannot take this kind of file. Take a photo of your card, or choose a JPEG or PNG picture."
    ),
    PictureProblem.HEIC: _(
        "This picture is in the HEIC format of the iPhone, which we cannot open. "
        "Take the picture from this page, or choose “Most Compatible” in the camera settings of your phone."
    ),
    PictureProblem.TOO_MANY_PIXELS: _(
        "The picture has too many pixels. Take it with the camera of your phone, or make it smaller first."
    ),
    PictureProblem.TOO_SMALL: _(
        "The picture is too small to be read. Move closer until the card fills the picture."
    ),
    PictureProblem.DAMAGED: _("The file is damaged or incomplete. Take the picture again and send it anew."),
}
"""Told at once, when the file arrives."""

EVIDENCE: Mapping[PictureProblem, _StrPromise] = {
    PictureProblem.EMPTY: _("The file is empty, so nothing was recorded. Choose another."),
    PictureProblem.TOO_LARGE: _("The file is too large, so nothing was recorded. Choose a smaller one."),
    PictureProblem.NOT_A_PICTURE: _(
        "Only pictures (JPEG, PNG, WebP) and PDFs can be kept. Nothing was recorded."
    ),
    PictureProblem.WRONG_FORMAT: _(
        "Only pictures (JPEG, PNG, WebP) and PDFs can be kept. Nothing was recorded."
    ),
    PictureProblem.DAMAGED: _("The file is damaged, so nothing was recorded. Choose another."),
}
"""For officers who add a file to a case; the rest as for customers."""

NOTHING_CHOSEN = _("No picture was chosen. Take a photo of your card or choose a file first.")

UNREADABLE = _(
    "We could not read the card. Lay it flat in good light and take the picture again from straight above."
)

REASONS: Mapping[str, _StrPromise] = {
    "undecodable": PROBLEMS[PictureProblem.DAMAGED],
    "too_large": PROBLEMS[PictureProblem.TOO_MANY_PIXELS],
    "too_small": PROBLEMS[PictureProblem.TOO_SMALL],
    "no_card": _(
        "We could not find a card in the picture. Lay your card on a dark, plain table, all four corners in view."
    ),
    "not_a_resident_card": _(
        "This does not look like a resident card. Please photograph the front of your resident card."
    ),
    "back_of_card": _("This is the back of the card. Turn it over and photograph the front."),
    "cut_off": _("Part of the card is missing. Move back until all four corners are in the picture."),
    "too_blurred": _("The picture is blurred. Hold the phone still and wait until the letters are sharp."),
    "number_not_masked": _(
        "The last seven digits of the number can be read, and we may not have them: your picture was destroyed. "
        "Cover the seven digits, with the bar on this page or with a strip of paper, and take another picture."
    ),
    "number_not_found": _(
        "We could not read the number on the card. Move closer, avoid reflections and hold the phone still."
    ),
}
"""By the reader's own word for why it could not read the picture (`Reading.details["reason"]`)."""

FAULTS: Mapping[Fault, _StrPromise] = {
    Fault.NO_CARD: REASONS["no_card"],
    Fault.CUT_OFF: REASONS["cut_off"],
    Fault.FAR: _("The card is small in the picture. Move closer until it nearly fills the frame."),
    Fault.DARK: _("The picture is dark. Find more light, by a window or under a lamp, and take it again."),
    Fault.BLURRED: REASONS["too_blurred"],
    Fault.GLARE: _(
        "There is a reflection on the card. Tilt it away from the lamp or window, and take it again."
    ),
    Fault.TILTED: _("The card is seen from the side. Hold the phone level, straight above it."),
}
"""What a picture found wanting at once needs, fault by fault (`kyc.domain.quality`)."""


def reader_words(reason: str) -> _StrPromise:
    """What to do about a picture that the reader gave back; a general sentence where it did not say why."""
    return REASONS.get(reason, UNREADABLE)
