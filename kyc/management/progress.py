"""A line of progress on a terminal, and silence where there is none."""

import sys
from typing import TextIO


class Progress:
    """`3/20 card.jpg`, rewritten in place on standard error."""

    def __init__(self, total: int, out: TextIO | None = None) -> None:
        self.total, self.done, self.out = total, 0, out or sys.stderr
        self.shown = self.out.isatty()

    def step(self, label: str) -> None:
        self.done += 1
        self.say(f"{self.done}/{self.total} {label}")

    def say(self, text: str) -> None:
        if self.shown:
            self.out.write(f"\r\x1b[K{text[:100]}")
            self.out.flush()

    def end(self) -> None:
        if self.shown:
            self.out.write("\r\x1b[K")
            self.out.flush()
