"""Much at once leaves: to its own person, an auditor, a host's system, or many cases into a file. Registered first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from uuid import UUID

from django.contrib.auth.models import User

from kyc.domain import rrn
from kyc.domain.actors import Actor
from kyc.domain.facts import Field
from kyc.domain.roles import Verb
from kyc.models import Case, Contact, Disclosure, Document, FieldValue, Reading
from kyc.selectors import places, second, values
from kyc.services import custody, opening, register, showing
from kyc.services.officers import NotAllowed, allowed, require
from kyc.services.opening import ShownValue
from kyc.vault import fields
from kyc.vault.keys import Refused

AT_ONCE = 200


class BlindLookOpen(Exception):
    """A second officer is to form a view first: all that the case holds would tell them the first one's."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that a case sealed, opened: numbers in full, pictures as JPEG by their document's id."""

    values: Mapping[Field, list[ShownValue]] = attribute(repr=False)
    pictures: Mapping[UUID, bytes] = attribute(repr=False)
    portraits: Mapping[UUID, bytes] = attribute(repr=False)
    email: str = attribute(repr=False)


def archived(
    *, case: Case, by: User, reason: str, address: str | None
) -> tuple[Mapping[Field, list[ShownValue]], Mapping[UUID, bytes]]:
    """An archived case for an auditor: every value and the pictures, numbers covered. Raises as `picture` does."""
    require(by, Verb.OPEN_ARCHIVE)
    if not case.archived:
        raise NotAllowed(Verb.SEE_PICTURE)
    whats = (Disclosure.What.FIELDS, Disclosure.What.PICTURE)
    register.look([(case, what) for what in whats], by=by, reason=reason, address=address, archive=True)
    covered = {
        document.pk: showing.picture(jpeg, places.of_document(document), by, flat=False)
        for document, jpeg in _pictures(case)
    }
    return opening.values_of(case, values.history(case)), covered


def whole(*, case: Case, account: User | None, by: Actor, reason: str, address: str | None) -> Whole:
    """All that is kept of a person, for that person, archived or not. `account` is None for a command.

    Raises NotAllowed, BlindLookOpen, TooMany, RegisterDown, `Refused`, OSError.
    """
    if account is not None:
        require(account, Verb.EXPORT_SUBJECT)
    if second.hidden([case], account_id=account.pk if account else None):
        raise BlindLookOpen
    if account is not None:
        shown = [(case, what) for what in (Disclosure.What.EXPORT, Disclosure.What.NUMBER)]
        register.look(shown, by=account, reason=reason, address=address, archive=True)
    else:
        register.write([(case, Disclosure.What.EXPORT)], by=by, account=None, reason=reason, address=address)
    key = case.key()
    contact = Contact.objects.filter(case=case).first()
    photos = Reading.objects.filter(document__case=case, sealed_photo__isnull=False)
    return Whole(
        values=opening.values_of(case, values.history(case), masked=False),
        pictures={document.pk: jpeg for document, jpeg in _pictures(case)},
        portraits={
            reading.pk: key.open(bytes(reading.sealed_photo or b""), identity=f"reading:{reading.id}:photo")
            for reading in photos
        },
        email=fields.open_text(key, bytes(contact.sealed), identity=contact.identity) if contact else "",
    )


def for_host(
    *, case: Case, by: Actor, reason: str, address: str | None, numbers: bool, pictures: bool
) -> tuple[Mapping[Field, list[ShownValue]], Mapping[UUID, bytes]]:
    """A case's values and, where asked, its pictures, for the system that opened it; numbers masked unless `numbers`.

    Raises Archived, TooMany, RegisterDown, `Refused`, OSError.
    """
    whats = [Disclosure.What.EXPORT]
    whats += [Disclosure.What.PICTURE] if pictures else []
    whats += [Disclosure.What.NUMBER] if numbers or pictures else []  # the number can be read in the picture
    register.hand_over([(case, what) for what in whats], by=by, reason=reason, address=address, counted=True)
    shown = opening.values_of(case, values.history(case), masked=not numbers)
    return shown, {document.pk: jpeg for document, jpeg in _pictures(case)} if pictures else {}


def approved_of(
    *, case: Case, by: Actor, reason: str, address: str | None, reveal: bool = False
) -> dict[Field, str]:
    """The values that the approval rests on, for the system that asked for it; the number masked unless `reveal`.

    Raises Archived, TooMany where it reveals too many, RegisterDown, `Refused`.
    """
    what = Disclosure.What.NUMBER if reveal else Disclosure.What.FIELDS
    register.hand_over([(case, what)], by=by, reason=reason, address=address, counted=reveal)
    key = case.key()
    told = {name: custody.open_value(key, value) for name, value in values.approved(case).items()}
    return {
        name: text if reveal or name is not Field.RRN else rrn.conceal(text) for name, text in told.items()
    }


def exported(
    *, cases: Sequence[Case], by: User, reason: str, address: str | None, numbers: bool
) -> dict[UUID, dict[Field, str]]:
    """The values that stand now in each case, for a file; registered for every case first. None for who sees none.

    Numbers are masked unless `numbers`. An erased case has no values; under a blind second look they are told as read.
    Raises NotAllowed, TooMany, RegisterDown.
    """
    require(by, Verb.EXPORT)
    whats = [Disclosure.What.EXPORT, *([Disclosure.What.NUMBER] if numbers else [])]
    register.export(cases, by=by, reason=reason, address=address, whats=whats)
    if not allowed(by, Verb.SEE_PICTURE):
        return {}
    found: dict[UUID, dict[Field, str]] = {}
    for at in range(0, len(cases), AT_ONCE):
        some = [case for case in cases[at : at + AT_ONCE] if not case.archived]
        standing = values.current_of_many(some, as_read=second.hidden(some, account_id=by.pk))
        found |= {case.pk: _texts(case, standing.get(case.pk, {}), numbers) for case in some}
    return found


def _texts(case: Case, standing: Mapping[Field, FieldValue], numbers: bool) -> dict[Field, str]:
    try:
        key = case.key()
    except Refused:
        return {}
    opened = {name: custody.open_value(key, value) for name, value in standing.items()}
    return {
        name: text if numbers or name is not Field.RRN else rrn.conceal(text) for name, text in opened.items()
    }


def _pictures(case: Case) -> Iterator[tuple[Document, bytes]]:
    for document in case.documents.select_related("case").order_by("received_at"):
        if not document.destroyed:
            yield document, custody.open_picture(document)
