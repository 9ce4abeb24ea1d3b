"""Whose turn it is: the account's quota and breaker, shared by every worker through one row."""

from ocr_integration.contract import OcrError


class NotNow(Exception):
    """The reader must not be called for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not for {seconds:.1f} s")
        self.seconds = seconds


def wait_for_turn(reader: str) -> None:
    """Returns when a call may be made. Raises NotNow where that is too far off to wait for."""


def report(reader: str, error: OcrError | None) -> None:
    """Tells the breaker how a call went."""
