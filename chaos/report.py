"""The drill's figures: as lines for people, as one object for programs."""

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from chaos.reader import BILLED

if TYPE_CHECKING:
    from chaos.ledger import Account

MOST_CALLS = 1.25
MOST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    stack: str
    account: "Account"
    by_hand: dict[str, int]
    calls: dict[str, int]
    faults: dict[str, int]
    gave_up: int
    waiting: int
    drained: float
    audit: bool
    errors: list[str] = field(default_factory=list)

    @property
    def billed(self) -> float:
        """Calls a document that the vendor may charge."""
        return sum(self.calls.get(kind, 0) for kind in BILLED) / max(self.account.pictures, 1)

    @property
    def good(self) -> bool:
        kept = self.account.good and self.audit and not self.gave_up and not self.errors
        return kept and self.billed <= MOST_CALLS and self.drained <= MOST_SECONDS

    def figures(self) -> dict[str, object]:
        return asdict(self) | {"billed": round(self.billed, 3), "good": self.good}

    def text(self) -> str:
        told = self.account
        lines = [
            f"Fault drill on {self.stack}: {told.pictures} pictures",
            f"  lost {told.lost}, duplicated {told.duplicated}, stuck {told.stuck}, unopenable {told.unopenable}",
            f"  read {told.read}, left to an officer's hands {told.typed_by_hand} {self.by_hand or ''}",
            f"  billed calls a document {self.billed:.3f} (at most {MOST_CALLS}) of {self.calls}",
            f"  drained {self.drained:.1f} s after the last fault (at most {MOST_SECONDS:.0f}), "
            f"when {self.waiting} waited",
            f"  customers who gave up {self.gave_up}; audit chain {'unbroken' if self.audit else 'BROKEN'}",
            *(f"  {count:>5} x {name}" for name, count in self.faults.items()),
            *(f"  NOT INFLICTED: {error}" for error in self.errors),
            "  GOOD" if self.good else "  NOT GOOD",
        ]
        return "\n".join(lines)
