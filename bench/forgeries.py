"""Numbers that really are wrong: each must come out as printed, and be flagged.

    python -m bench.forgeries --cards 300 [--seed 70000] [--level photo]

A third each: wrong check digit, impossible date, impossible century digit. "Flagged" means that the product's own rules
(`kyc.domain`) find the fault in what was read. Writes one line a kind; the status is 1 below 99 %.
"""

import argparse
from collections import Counter
from datetime import UTC, datetime

from bench.outcomes import wilson
from kyc.domain import facts, findings
from kyc.domain.facts import RawFields
from ocr_integration.engine import CardEngine, CardRead, Unreadable
from tests import specimens

GOAL = 0.99
TELLING = ("rrn.check_digit", "rrn.impossible_date", "rrn.foreign", "rrn.future", "rrn.age", "rrn.underage")


def flagged(card: CardRead) -> bool:
    """Whether the product's rules find the number's fault in what was read."""
    said = {name: card.fields[key].text for name, key in (("rrn", "ID"), ("issued", "DateOfIssue"))}
    raw = RawFields(**said)
    found = findings.find(raw, facts.parse_facts(raw), datetime.now(UTC).date())
    return any(finding.code in TELLING or finding.code == "issued.before_age" for finding in found)


def verdict(engine: CardEngine, seed: int, level: str, forgery: specimens.Forgery) -> str:
    """What became of one forged card."""
    drawn = specimens.draw(seed, level, forgery=forgery, held_out=True)
    try:
        card = engine.read(drawn.jpeg(), photo=False)
    except Unreadable:
        return "not read"
    if card.fields["ID"].text != drawn.rrn:
        return "read otherwise"
    return "as printed and flagged" if flagged(card) else "as printed, not flagged"


def main() -> int:
    """Draws, reads, counts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cards", type=int, default=300)
    parser.add_argument("--seed", type=int, default=70000)
    parser.add_argument("--level", default="photo")
    wish = parser.parse_args()
    engine, kinds = CardEngine(), list(specimens.Forgery)
    counts: dict[specimens.Forgery, Counter[str]] = {kind: Counter() for kind in kinds}
    for i in range(wish.cards):
        kind = kinds[i % len(kinds)]
        counts[kind][verdict(engine, wish.seed + i, wish.level, kind)] += 1
    for kind, told in counts.items():
        print(f"{kind}: " + ", ".join(f"{count} {what}" for what, count in told.most_common()))
    good = sum(told["as printed and flagged"] for told in counts.values())
    low, high = wilson(good, wish.cards)
    print(f"As printed and flagged: {good} of {wish.cards} ({100 * low:.1f}-{100 * high:.1f} %).")
    return 0 if good >= GOAL * wish.cards else 1


if __name__ == "__main__":
    raise SystemExit(main())
