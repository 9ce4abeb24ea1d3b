"""What an officer should look at on a card: every rule of the house, run on one reading.

A rule is one small function in `name_rules`, `number_rules`, `address_rules`, `issue_rules`, `reading_rules`.
What two readers make of one picture is compared in `reader_rules`.
None rejects, and none changes a value. The words for each code are in `kyc.wording`.
"""

from datetime import date

from kyc.domain import (
    address_rules,
    issue_rules,
    name_rules,
    number_rules,
    reader_rules,
    reading_rules,
)
from kyc.domain.cards import RESIDENT, CardType
from kyc.domain.facts import CardFacts, RawFields
from kyc.domain.rulebook import Card, Finding, Rule, Severity

__all__ = ["CODES", "RULES", "Finding", "Severity", "find"]

RULES: tuple[Rule, ...] = tuple(
    rule
    for module in (name_rules, number_rules, address_rules, issue_rules, reading_rules)
    for rule in module.book.rules
)

CODES: tuple[str, ...] = (*(rule.code for rule in RULES), *reader_rules.CODES)
"""Every code a finding can have, in the order of the card. Stored for years: never rename one."""


def find(
    raw: RawFields,
    facts: CardFacts,
    today: date,
    *,
    unconstrained: RawFields | None = None,
    card: CardType = RESIDENT,
) -> list[Finding]:
    """Everything worth a look on one reading, in the order of the card. Never raises.

    `unconstrained` holds what the local reader saw before its knowledge of cards was applied; '' is unknown.
    """
    read = Card(raw, facts, today, unconstrained, card)
    return [finding for rule in RULES for finding in rule.apply(read)]
