"""The drill's figures: as lines for people, as one object for programs."""

from dataclasses import asdict, dataclass, field

from chaos.rates import BILLED, FAULTS

MOST_CALLS = 1.25
MOST_SECONDS = 60.0
# Calls a document that must have met the failing reader: a drill that it slept through shows nothing.
ENOUGH_CALLS = 0.5


@dataclass(slots=True)
class Account:
    """`lost`: acknowledged, but no officer can see it. `duplicated`: twice a document, a reading or its values.
    `stuck`: still waiting at the end. `unopenable`: the sealed picture is not there, or was changed."""

    pictures: int = 0
    lost: int = 0
    duplicated: int = 0
    stuck: int = 0
    unopenable: int = 0
    read: int = 0
    typed_by_hand: int = 0

    @property
    def good(self) -> bool:
        return not (self.lost or self.duplicated or self.stuck or self.unopenable)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`calls`: how the reader's calls ended, while it failed and since (`chaos.reader`)."""

    stack: str
    account: Account
    by_hand: dict[str, int]
    calls: dict[str, dict[str, int]]
    faults: dict[str, int]
    seconds: float
    gave_up: int
    waiting: int
    drained: float
    audit: bool
    errors: list[str] = field(default_factory=list)

    @property
    def billed(self) -> float:
        """Calls a document that the vendor may charge."""
        calls = sum(phase.get(kind, 0) for phase in self.calls.values() for kind in BILLED)
        return calls / max(self.account.pictures, 1)

    @property
    def met(self) -> bool:
        """Whether the failing reader was met often enough, in each of its faults."""
        failing = self.calls["failing"]
        asked = sum(failing.values())
        return asked >= ENOUGH_CALLS * self.account.pictures and all(failing.get(name) for name in FAULTS)

    @property
    def good(self) -> bool:
        kept = self.account.good and self.audit and not self.gave_up and not self.errors and self.met
        return kept and self.billed <= MOST_CALLS and self.drained <= MOST_SECONDS

    def figures(self) -> dict[str, object]:
        return asdict(self) | {"billed": round(self.billed, 3), "good": self.good}

    def text(self) -> str:
        told = self.account
        lines = [
            f"Fault drill on {self.stack}: {told.pictures} pictures, faults for {self.seconds:.0f} s",
            f"  lost {told.lost}, duplicated {told.duplicated}, stuck {told.stuck}, unopenable {told.unopenable}",
            f"  read {told.read}, left to an officer's hands {told.typed_by_hand} {self.by_hand or ''}",
            f"  billed calls a document {self.billed:.3f} (at most {MOST_CALLS})",
            f"  reader: {self._shares()}{'' if self.met else ' - NOT MET OFTEN ENOUGH'}",
            f"  drained {self.drained:.1f} s after the last fault (at most {MOST_SECONDS:.0f}), "
            f"when {self.waiting} waited",
            f"  customers who gave up {self.gave_up}; audit chain {'unbroken' if self.audit else 'BROKEN'}",
            *(f"  {count:>5} x {name}" for name, count in self.faults.items()),
            *(f"  NOT INFLICTED: {error}" for error in self.errors),
            "  GOOD" if self.good else "  NOT GOOD",
        ]
        return "\n".join(lines)

    def _shares(self) -> str:
        """How often the reader met each of its faults, in calls and in a hundred."""
        failing, since = self.calls["failing"], sum(self.calls["calm"].values())
        asked = sum(failing.values())
        shares = (
            f"{name} {failing.get(name, 0)} ({100 * failing.get(name, 0) / max(asked, 1):.1f} %)"
            for name in FAULTS
        )
        return f"of {asked} calls while it failed: {', '.join(shares)}; {since} calls since"
