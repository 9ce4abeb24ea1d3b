"""The legal basis of a case: whether a statute lets it hold a resident number (PIPA 24-2), and what follows."""

from django.conf import settings

from kyc.domain.facts import Field
from kyc.models import Case


def number_barred(case: Case) -> bool:
    """Whether no statute lets this case hold the number (PIPA 24-2): its card is taken masked, or not at all."""
    return case.legal_basis == settings.NO_BASIS


def fields_of(case: Case) -> list[Field]:
    """The fields that an approval needs. A masked card tells neither the number nor, by it, the sex."""
    return [field for field in Field if not (number_barred(case) and field in (Field.RRN, Field.SEX))]
