"""Consents that a customer gave to optional purposes, and may take back at any time: nothing else changes by it."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kyc.domain.actors import CUSTOMER
from kyc.models import AuditEntry, Case, Consent, Contact

CONTACT = "contact"  # an e-mail address for the answer


def in_force(case: Case) -> QuerySet[Consent]:
    """Given and not taken back, newest first."""
    return case.consents.filter(granted=True, withdrawn_at=None).order_by("-at", "-pk")


@transaction.atomic
def withdraw(*, case: Case, code: str) -> bool:
    """Takes back every consent of this purpose; whether there was one. What is not sent yet is not sent any more."""
    if not in_force(case).filter(code=code).update(withdrawn_at=timezone.now()):
        return False
    AuditEntry.append("consent.withdrawn", by=CUSTOMER, case_id=case.pk, data={"code": code})
    if code == CONTACT and Contact.objects.filter(case=case).delete()[0]:
        AuditEntry.append("contact.removed", by=CUSTOMER, case_id=case.pk)
    return True
