"""One way to flatten the card, with what was read there: how it compares with others."""

from dataclasses import dataclass

from ocr_integration.engine.layout import Layout
from ocr_integration.engine.rectify import Flat
from ocr_integration.engine.rows import Line

READS_WELL = -3.0
"""A number at least as likely as this (log probability) stands as it was looked for."""
WORST = -12.0
"""Numbers less likely than this are all alike."""
RIM = 16.0
"""A number nearer than this to the flattened card's left edge tells that the edge is not the card's."""
ASKEW = 0.03
"""A slant from which a card cannot have been flattened by its own corners: 114 that were had at most 0.026."""
FOUND, CLEARER, LOCATED = 2.0, 4.0, 3.0
"""What a name, address or date found is worth; letters wholly sure; an outline found and not guessed from text."""


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """One way to flatten the card, the lines read on it, and what is what if a number was among them."""

    flat: Flat
    lines: list[Line]
    layout: Layout | None

    @property
    def whole(self) -> bool:
        """Whether everything was found and the number reads well: no need to look further."""
        held = self.layout
        return self._sound and held is not None and held.whole

    @property
    def placed(self) -> bool:
        """Whether the card was flattened by its own corners: no other way to flatten it shows more."""
        return self._sound and self.flat.located and self.layout is not None and bool(self.layout.name)

    @property
    def _sound(self) -> bool:
        held = self.layout
        return (
            held is not None
            and held.number.score > READS_WELL
            and held.number.line.left > RIM
            and self._slant < ASKEW
        )

    @property
    def _slant(self) -> float:
        """How askew the most askew of the long lines stands: on a card flattened by its own corners none does."""
        return max((line.slant for line in self.lines if line.width > 4 * line.height), default=0.0)

    @property
    def worth(self) -> float:
        """To compare attempts: how well the number reads, what else was found, and how clearly."""
        held = self.layout
        if held is None:
            return -99.0
        others = FOUND * (bool(held.issued) + bool(held.name) + bool(held.address))
        placed = LOCATED * (self.flat.located and self._slant < ASKEW) + (held.number.line.left > RIM)
        return max(held.number.score, WORST) + others + placed + CLEARER * held.clearness
