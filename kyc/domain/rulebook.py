"""How a rule is written down: what it looks at, what it returns, and the registry that keeps it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from kyc.domain import rrn
from kyc.domain.cards import RESIDENT, CardType
from kyc.domain.facts import CardFacts, Field, RawFields


class Severity(StrEnum):
    """How much a finding weighs: HIGH may be a forgery or a wrong number, LOW wants a look, INFO explains."""

    INFO = "info"
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. The evidence may hold personal data: the caller seals it."""

    code: str
    severity: Severity
    fields: tuple[Field, ...]
    evidence: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Card:
    """What a rule may look at. `unconstrained` is the reading without the reader's knowledge, if known."""

    raw: RawFields
    facts: CardFacts
    today: date
    unconstrained: RawFields | None = None
    type: CardType = RESIDENT


class Hit(dict[str, str]):
    """Evidence that the rule's case is there, perhaps of other severity or fields than the rule's own."""

    def __init__(
        self,
        *,
        severity: Severity | None = None,
        fields: tuple[Field, ...] | None = None,
        **evidence: str,
    ) -> None:
        super().__init__(evidence)
        self.severity = severity
        self.fields = fields


Check = Callable[[Card], Hit | list[Hit] | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check under its stable code, with the severity and fields it has unless a hit says otherwise."""

    code: str
    severity: Severity
    fields: tuple[Field, ...]
    check: Check

    def apply(self, card: Card) -> Iterator[Finding]:
        """What the rule finds on a card: nothing, one finding, or one for each field concerned.

        A full number never gets into the evidence, whatever field it was read in.
        """
        found = self.check(card)
        for hit in found if isinstance(found, list) else [found]:
            if hit is not None:
                evidence = MappingProxyType({key: rrn.mask_all(text) for key, text in hit.items()})
                yield Finding(self.code, hit.severity or self.severity, hit.fields or self.fields, evidence)


class Rulebook:
    """The rules of one module, in the order in which they are written."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def finding(
        self, code: str, *, severity: Severity, fields: tuple[Field, ...]
    ) -> Callable[[Check], Check]:
        """Registers a small function under its stable code."""

        def register(check: Check) -> Check:
            self.rules.append(Rule(code, severity, fields, check))
            return check

        return register
