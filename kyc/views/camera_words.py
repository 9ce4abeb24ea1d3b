"""What the scripts of the picture page say, in the request's language: they carry no words of their own."""

from django.utils.translation import gettext as _

from kyc.imaging import PictureProblem
from kyc.wording_pictures import PROBLEMS


def camera_words() -> dict[str, str]:
    """By the names that static/js/customer/*.js use."""
    return {
        "find": _("Lay the card inside the frame."),
        "closer": _("Closer."),
        "farther": _("A little farther away."),
        "centre": _("Move the card into the middle of the frame."),
        "straight": _("Hold the phone level, straight above the card."),
        "dark": _("It is too dark. Find more light."),
        "glare": _("Reflection. Tilt the card away from the light."),
        "still": _("Hold still."),
        "good": _("Good. Hold still."),
        "taken": _("Picture taken. Look whether every letter is sharp, then send it."),
        "chosen": _("Is every letter sharp? Then send it."),
        "cover": _("Move the black bar over the last seven digits of the number. Then send it."),
        "uncovered": _("This browser cannot cover the digits in this file. Choose a JPEG or PNG picture."),
        "refused": _(
            "The camera is not allowed or not free. Choose a picture instead: that works just as well."
        ),
        "refused_live": _(
            "The camera is not allowed or not free. Allow it in the settings of your browser, or turn to our staff."
        ),
        "opening": _("The camera is opening."),
        "heic": str(PROBLEMS[PictureProblem.HEIC]),
        "empty": str(PROBLEMS[PictureProblem.EMPTY]),
        "large": str(PROBLEMS[PictureProblem.TOO_LARGE]),
        "preparing": _("The picture is being prepared."),
        "sending": _("Sending your picture"),
        "arrived": _("Your picture has arrived."),
        "again": _("The connection broke. We are trying again; you need do nothing."),
        "failed": _(
            "The picture did not reach us. Check your connection and press “Send this picture” again."
        ),
        "preview": _("The picture you chose"),
    }
