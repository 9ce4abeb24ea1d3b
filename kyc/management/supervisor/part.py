"""What the supervisor must know of a process to keep it running."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


def _nothing() -> None:
    """Most parts need no preparation."""


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the product.

    `answers(since)` tells whether the one started at that moment works; `before` runs ahead of every start;
    `keep` are descriptors that the process inherits.
    """

    name: str
    command: tuple[str, ...]
    answers: Callable[[datetime], bool]
    before: Callable[[], None] = _nothing
    keep: tuple[int, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
