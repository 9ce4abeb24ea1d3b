"""Egress: whether a case's picture may go to a reader abroad: only with a consent in force (PIPA 28-8)."""

from django.conf import settings

from kyc.models import Case
from kyc.services import basis

TRANSFER_ABROAD = "transfer_abroad"  # the consent's code
ABROAD_READER = "tencent"


def agreed(case: Case) -> bool:
    """Whether the customer's last answer is yes and was not withdrawn. Who was never asked has not agreed."""
    answer = case.consents.filter(code=TRANSFER_ABROAD).order_by("-at", "-pk").first()
    return answer is not None and answer.granted and answer.withdrawn_at is None


def allows(case: Case, reader: str) -> bool:
    """Whether this reader may see the case's picture now."""
    if reader != ABROAD_READER:
        return True
    # Where no statute lets us process the number, our own reader must first see that the card is masked.
    return not basis.number_barred(case) and agreed(case)


def readers_for(case: Case) -> list[str]:
    """The configured readers that may see the case's picture."""
    return [name for name in settings.OCR_READERS if allows(case, name)]
