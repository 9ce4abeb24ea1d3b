"""Disclosure: the only way a picture or a value reaches a person. The register is written before a byte leaves."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute

from django.contrib.auth.models import User
from django.utils import timezone

from kyc.domain import rrn
from kyc.domain.actors import Actor
from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Step
from kyc.domain.roles import Verb
from kyc.models import Attachment, Case, Contact, Disclosure, Document, Reading
from kyc.selectors import places, queue, values
from kyc.selectors.places import Places
from kyc.services import custody, opening, register, showing
from kyc.services.officers import require
from kyc.vault import fields, storage

REVIEW = "review"  # the standing reason of an officer who works on a case
CHECK = "authenticity_check"
CHECKED = (Field.NAME, Field.RRN, Field.ISSUED)  # what the government's check asks for


class NotWorking(Exception):
    """The number is shown without a typed reason only to the officer who holds the case and works on it."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """What the veil hides, for one look: the number that stands, what each reader read, and the pictures."""

    number: str = attribute(repr=False)
    reads: Mapping[str, str] = attribute(repr=False)  # by the reading's id
    crops: Mapping[Field, bytes] = attribute(repr=False)
    picture: bytes = attribute(repr=False)


def picture(*, document: Document, by: User, reason: str, address: str | None, flat: bool = False) -> bytes:
    """The customer's picture as JPEG, number covered, marked with who looks; `flat`: the card alone, straight.

    Raises NotAllowed, RegisterDown, `Refused`, OSError.
    """
    require(by, Verb.SEE_PICTURE)
    register.look([(document.case, Disclosure.What.PICTURE)], by=by, reason=reason, address=address)
    jpeg = custody.open_picture(document)
    return showing.picture(jpeg, places.of_document(document), by, flat=flat)


def crops(*, document: Document, where: Places, by: User) -> Mapping[Field, bytes]:
    """Each field as it stands in the picture, number covered. The caller has registered the case's picture.

    Raises NotAllowed, `Refused`, OSError.
    """
    require(by, Verb.SEE_PICTURE)
    return showing.crops(custody.open_picture(document), where, by)


def uncovered(
    *, case: Case, by: User, reason: str, address: str | None, flat: bool = False, read_only: bool = False
) -> Uncovered:
    """The number and the pictures without their veil. `read_only`: as it was read, without officers' values.

    Raises NotAllowed, NotWorking, Archived, TooMany, RegisterDown, `Refused`, OSError.
    """
    require(by, Verb.REVEAL_NUMBER)
    if reason == REVIEW and not works_on(case, by):
        raise NotWorking
    look = [(case, Disclosure.What.NUMBER)]
    register.require_look(look, by=by)
    key, document = case.key(), values.newest_document(case)
    standing = (values.read(case) if read_only else values.current(case)).get(Field.RRN)
    raw = case.values.filter(field=Field.RRN, step=Step.READ, reading__document=document)
    crops: Mapping[Field, bytes] = {}
    shown = b""
    if document is not None:
        crops, shown = showing.open_number(
            custody.open_picture(document), places.of_document(document), by, flat=flat
        )
    seen = Uncovered(
        number=custody.open_value(key, standing) if standing else "",
        reads={str(row.reading_id): custody.open_value(key, row) for row in raw},
        crops=crops,
        picture=shown,
    )
    # Last: what could not be shown was not seen, and nobody may confirm a number on the strength of it.
    register.look(look, by=by, reason=reason, address=address)
    return seen


def works_on(case: Case, by: User) -> bool:
    """Whether the officer holds the case now, in review or to second."""
    held = case.claim_expires is not None and case.claim_expires > timezone.now()
    return held and case.claimed_by_id == by.pk and case.status in queue.REVIEWED


def plain_picture(*, document: Document, by: User, reason: str, address: str | None) -> bytes:
    """The picture with the number to be read in it, marked: registered as a look at the number as well.

    Raises as `picture`.
    """
    require(by, Verb.SEE_PICTURE)
    require(by, Verb.REVEAL_NUMBER)
    seen = [(document.case, what) for what in (Disclosure.What.PICTURE, Disclosure.What.NUMBER)]
    register.look(seen, by=by, reason=reason, address=address)
    where = places.of_document(document)
    return showing.open_number(custody.open_picture(document), where, by, flat=False)[1]


def portrait(*, reading: Reading, by: User, reason: str, address: str | None) -> bytes:
    """The head as the reader cropped it, JPEG, b"" where it gave none."""
    require(by, Verb.SEE_PICTURE)
    case = reading.document.case
    register.look([(case, Disclosure.What.PORTRAIT)], by=by, reason=reason, address=address)
    if not reading.sealed_photo:
        return b""
    photo = case.key().open(bytes(reading.sealed_photo), identity=f"reading:{reading.id}:photo")
    return showing.portrait(photo, by)


def values_for_check(*, case: Case, by: User, address: str | None) -> Mapping[Field, str]:
    """Name, number and date of issue for the government's check: an officer's own alone, never merely read ones.

    {} while one of them is open. Raises NotAllowed, NotWorking where the case is not held in review, RegisterDown,
    `Refused`.
    """
    require(by, Verb.REVEAL_NUMBER)
    # Not to second: a blind look would be told the first officer's values, and count as having seen the number.
    if case.status is not State.IN_REVIEW or not works_on(case, by):
        raise NotWorking
    settled = values.human(case)
    if any(name not in settled for name in CHECKED):
        return {}
    register.look([(case, Disclosure.What.NUMBER)], by=by, reason=CHECK, address=address)
    key = case.key()
    return {name: custody.open_value(key, settled[name]) for name in CHECKED}


def file(*, attachment: Attachment, by: User, reason: str, address: str | None) -> bytes:
    """A file of the evidence, as it was kept. Raises NotAllowed, RegisterDown, `Refused`, OSError."""
    require(by, Verb.SEE_PICTURE)
    register.look([(attachment.case, Disclosure.What.FILE)], by=by, reason=reason, address=address)
    return storage.get(attachment.case.key(), attachment.id, attachment.storage_key)


def values_of(
    *, case: Case, by: User, reason: str, address: str | None, crops_too: bool = False
) -> Mapping[Field, list[opening.ShownValue]]:
    """Every value of every field, oldest first, numbers masked; `crops_too` registers the picture with them."""
    require(by, Verb.SEE_PICTURE)
    whats = [Disclosure.What.FIELDS, *([Disclosure.What.PICTURE] if crops_too else [])]
    register.look([(case, what) for what in whats], by=by, reason=reason, address=address)
    return opening.values_of(case, values.history(case))


def current_of(
    *, case: Case, by: Actor, reason: str, address: str | None, reveal: bool = False
) -> dict[Field, str]:
    """The value of each field that stands now, for a command or the customer; masked unless `reveal`."""
    what = Disclosure.What.NUMBER if reveal else Disclosure.What.FIELDS
    register.write([(case, what)], by=by, account=None, reason=reason, address=address)
    key = case.key()
    shown = {}
    for name, value in values.current(case).items():
        text = custody.open_value(key, value)
        shown[name] = text if reveal or name is not Field.RRN else rrn.conceal(text)
    return shown


def contact_of(*, case: Case, by: Actor, reason: str) -> str:
    """The e-mail address that the customer left, "" where none is; for the mail that is about to leave.

    Raises RegisterDown, `Refused`.
    """
    left = Contact.objects.filter(case=case).first()
    if left is None:
        return ""
    register.write([(case, Disclosure.What.CONTACT)], by=by, account=None, reason=reason, address=None)
    return fields.open_text(case.key(), bytes(left.sealed), identity=left.identity)
