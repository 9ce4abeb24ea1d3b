"""Why a picture could not be read."""

from enum import StrEnum


class Reason(StrEnum):
    """What is wrong with the picture; the customer's words are made elsewhere."""

    UNDECODABLE = "undecodable"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    NO_CARD = "no_card"
    NOT_A_RESIDENT_CARD = "not_a_resident_card"
    BACK_OF_CARD = "back_of_card"
    TOO_BLURRED = "too_blurred"
    CUT_OFF = "cut_off"
    NUMBER_NOT_FOUND = "number_not_found"


class Unreadable(Exception):
    """The picture holds no resident card that can be read; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class ModelDamaged(RuntimeError):
    """A model file is missing or is not the one that this version was made with."""
