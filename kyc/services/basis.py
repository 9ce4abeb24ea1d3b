"""What a case may hold: by its legal basis (PIPA 24-2: the number), and by the document that it is of."""

from django.conf import settings

from kyc.domain import cards, facts
from kyc.domain.cards import CardType
from kyc.domain.facts import CardFacts, Field, RawFields
from kyc.models import Case


def number_barred(case: Case) -> bool:
    """Whether no statute lets this case hold the number (PIPA 24-2): its card is taken masked, or not at all."""
    return case.legal_basis == settings.NO_BASIS


def card_of(case: Case) -> CardType:
    """The document that this case is of."""
    return cards.of(case.card)


def fields_of(case: Case) -> list[Field]:
    """The fields that an approval needs: those that its document has.

    A masked card tells neither the number nor, by it, the sex.
    """
    barred = (Field.RRN, Field.SEX) if number_barred(case) else ()
    return [field for field in card_of(case).fields if field not in barred]


def normalise(case: Case, field: Field, text: str) -> str:
    """The canonical text of one value of this case's document. Raises FieldError."""
    return facts.normalise(field, text, latin=card_of(case).latin_names)


def parse(case: Case, raw: RawFields) -> CardFacts:
    """The facts in a reading of this case's document."""
    return facts.parse_facts(raw, latin=card_of(case).latin_names)
