"""Why a value cannot be what its field needs. Codes are stable: screens word them, exports carry them."""

from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with one value."""

    EMPTY = "empty"  # nothing there, or only spaces
    TOO_LONG = "too_long"  # longer than any card prints
    FORM = "form"  # not shaped like a value of this field
    MASKED = "masked"  # a resident number with its last digits hidden
    IMPOSSIBLE_DATE = "impossible_date"  # shaped like a date, but no such day
    NO_HANGUL = "no_hangul"  # not one hangul syllable
    NO_LATIN = "no_latin"  # not a name in Latin letters
    CHARACTERS = "characters"  # characters that the field never holds


class UnparsableError(ValueError):
    """A text that a parser refuses. Carries the fault and never the text, so it is safe to log."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault
