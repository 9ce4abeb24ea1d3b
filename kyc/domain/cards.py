"""The documents that a case may be of: what each prints, and whose numbers it bears.

To add one is an entry here; how the local reader tells and reads it stands in `ocr_integration/engine/kinds.py`
under the same code. The vendor's API knows the resident card alone.
"""

from dataclasses import dataclass

from kyc.domain.facts import Field


@dataclass(frozen=True, slots=True)
class CardType:
    """One document's front, for rules and forms."""

    code: str
    """Stored for years: never rename one."""
    fields: tuple[Field, ...] = tuple(Field)
    """What it prints, or states by its number."""
    foreign: bool = False
    """Whether its numbers are foreigners' (digits 5 to 8 after the hyphen)."""
    latin_names: bool = False
    """Whether names stand in Latin capitals, else in hangul."""


RESIDENT = CardType("resident")
FOREIGNER = CardType(
    "foreigner",
    fields=tuple(field for field in Field if field is not Field.ADDRESS),  # it stands on the back
    foreign=True,
    latin_names=True,
)
TYPES: dict[str, CardType] = {card.code: card for card in (RESIDENT, FOREIGNER)}


def of(code: str) -> CardType:
    """The type of that code; the resident card where a reader names none, or one that is not known here."""
    return TYPES.get(code, RESIDENT)
