"""Contacts: the e-mail address that a customer may leave for the answer, sealed, changed and taken back at will."""

import uuid
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from kyc.domain import contacts
from kyc.domain.actors import CUSTOMER
from kyc.domain.lifecycle import FINAL
from kyc.models import AuditEntry, Case, Contact, Document
from kyc.services import consents, intake, pace
from kyc.services.intake import ShownText
from kyc.vault import fields


class ContactClosed(Exception):
    """No address is taken: nothing is sent here, or the case is over."""


def is_asked(case: Case) -> bool:
    """Whether an address is of use: mails leave this deployment, and something is still to be told."""
    return bool(settings.MAILS) and case.is_somebodys and case.status not in FINAL


def leave(*, case: Case, text: str, site: str, shown: ShownText, from_address: str | None) -> Contact:
    """Keeps the address in place of an earlier one. `site` is the origin that the customer came by.

    Who leaves one agrees to what they were `shown`, once and until they take it back.

    Raises ContactError, ContactClosed, TooFast, `Refused` where the case has no key any more.
    """
    address = contacts.normalise(text)
    pace.contact(case=case)
    with transaction.atomic():
        contact = _keep(case, address, site)
        if not consents.in_force(case).filter(code=shown.code).exists():
            locale = get_language() or case.locale
            intake.record_texts(case=case, shown=[shown], locale=locale, address=from_address)
    return contact


@transaction.atomic
def remove(*, case: Case) -> None:
    """Takes the address back; nothing more is sent. Raises ContactClosed."""
    consents.withdraw(case=_held(case), code=consents.CONTACT)


def of(case: Case) -> Contact | None:
    return Contact.objects.filter(case=case).first()


def vouch(*, contact_id: UUID, document: Document) -> None:
    """The browser that left the address is the one that sent this picture. Nothing where the address was changed."""
    Contact.objects.filter(pk=contact_id, case_id=document.case_id).update(vouched=document)


def _keep(case: Case, address: str, site: str) -> Contact:
    held = _held(case)
    Contact.objects.filter(case=held).delete()
    contact = Contact(id=uuid.uuid4(), case=held, site=site)
    contact.sealed = fields.seal_text(held.key(), address, identity=contact.identity)
    contact.save(force_insert=True)
    AuditEntry.append("contact.left", by=CUSTOMER, case_id=held.pk)
    return contact


def _held(case: Case) -> Case:
    held = Case.objects.select_for_update().get(pk=case.pk)
    if not is_asked(held):
        raise ContactClosed
    return held
