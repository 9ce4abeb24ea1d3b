"""Officers and cases for the tests of the admin, made through the real services; only the reader's answer is built."""

import json
import uuid
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client

from kyc import imaging
from kyc.domain.actors import CUSTOMER, SYSTEM
from kyc.domain.evidence import Method
from kyc.domain.facts import Field
from kyc.domain.roles import Role
from kyc.models import Case, Disclosure, Document
from kyc.selectors import values
from kyc.services import custody, disclosure, evidence, holding, intake, officers, register, review
from kyc.services.recognition import leases, settlement
from ocr_integration.contract import Action, CardReading, FieldDetail, Geometry, ReadingDetails
from tests.officers import second_factor

CARDS = Path(__file__).parent.parent / "cards"
TRUTH: dict[str, dict[str, Any]] = {
    card["file"]: card for card in json.loads((CARDS / "truth.json").read_text())
}
CLEAN = "clean-004.jpg"  # nothing to find on it
NUMBER = "531004-1980189"
NAME = "양선준"
# Where the fields stand on a flattened card, roughly: left, top, right, bottom.
BOXES = {
    "Name": (0.05, 0.22, 0.45, 0.34),
    "ID": (0.05, 0.36, 0.5, 0.46),
    "Address": (0.05, 0.47, 0.62, 0.72),
    "DateOfIssue": (0.4, 0.74, 0.65, 0.82),
}


def officer(role: Role, name: str = "") -> User:
    """An account with one role; a name of its own where none is given."""
    account = User.objects.create(username=name or f"{role}-{uuid.uuid4().hex[:6]}", is_staff=True)
    account.groups.add(Group.objects.get_or_create(name=role.value)[0])
    return account


def browser(account: User) -> Client:
    """Signed in with both factors, reading English; an account without a role gets no further than its password."""
    client = half_signed(account)
    if officers.roles_of(account):
        shown = second_factor.show(client, account)
        assert shown.status_code == 302, shown.content.decode()
    return client


def half_signed(account: User) -> Client:
    """The password was right; the second factor is still to come."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


def queued(card: str = CLEAN) -> Document:
    """A document that waits to be read."""
    return intake.submit_picture(case=intake.open_case(), picture=_cleaned(card), by=CUSTOMER)


@cache
def _cleaned(card: str) -> imaging.CleanPicture:
    """What every upload goes through first, in a process of its own, is done once for each sample card."""
    return imaging.reencode((CARDS / card).read_bytes(), max_bytes=settings.UPLOAD_MAX_BYTES)


def reviewable(card: str = CLEAN, *, confidence: float = 0.99, second_way: bool = True, **read: str) -> Case:
    """A case in review, read as its truth says but for `read` (Name, ID, Sex, Birthday, Address, DateOfIssue).

    `second_way`: the operator's other system has recorded a transfer from an existing account.
    """
    document = queued(card)
    lease = leases.take(document.id, "local")
    assert lease is not None
    settlement.succeeded(lease, answer(card, confidence=confidence, **read))
    case = Case.objects.get(pk=document.case_id)
    return identified(case) if second_way else case


def sent_again(case: Case, card: str, **read: str) -> Document:
    """Another picture of a case whose customer was asked for one, read."""
    case.refresh_from_db()
    document = intake.submit_picture(case=case, picture=_cleaned(card), by=CUSTOMER)
    lease = leases.take(document.id, "local")
    assert lease is not None
    settlement.succeeded(lease, answer(card, **read))
    return document


def unread(card: str = CLEAN, *, by_hand: bool) -> Case:
    """A case that the reader could not read; in review where an officer is to type it."""
    document = queued(card)
    lease = leases.take(document.id, "local")
    assert lease is not None
    settlement.failed(lease, code="Sinwon.Test", action=Action.DEFECT if by_hand else Action.RETAKE)
    return Case.objects.get(pk=document.case_id)


def answer(card: str, *, confidence: float = 0.99, **read: str) -> CardReading:
    """What the local reader would say of a clean sample card."""
    told = {
        name: TRUTH[card][name] for name in ("Name", "ID", "Sex", "Birthday", "Address", "DateOfIssue")
    } | read
    fields = {name: FieldDetail(text, text, confidence, _corners(name)) for name, text in told.items()}
    corners = tuple((float(x), float(y)) for x, y in TRUTH[card]["corners"])
    geometry = Geometry(True, corners, 0, 0, 100, 0, 0.6, 1012)
    return CardReading(
        name=told["Name"],
        rrn=told["ID"],
        sex=told["Sex"],
        birthday=told["Birthday"],
        address=told["Address"],
        issued=told["DateOfIssue"],
        photo=(CARDS / card).read_bytes(),
        request_id=str(uuid.uuid4()),
        duration=0.2,
        raw=b"{}",
        details=ReadingDetails("test", "1", fields, geometry, None, ""),
    )


def _corners(name: str) -> tuple[tuple[float, float], ...]:
    if name not in BOXES:
        return ()
    left, top, right, bottom = BOXES[name]
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def identified(case: Case) -> Case:
    """With a second way of identification beside the card's copy, as an operator's other system records it."""
    evidence.record_beforehand(case=case, kind=Method.EXISTING_ACCOUNT, reference="transfer 17", by=SYSTEM)
    return case


def confirmed(case: Case, by: User, *, but: tuple[Field, ...] = ()) -> Case:
    """The case held by the officer, every field confirmed except `but`."""
    holding.claim(case=case, by=by)
    look(case, by)
    for field in Field:
        if field not in but:
            review.confirm(case=case, field=field, by=by)
    return case


def look(case: Case, by: User) -> None:
    """The officer looks at the number, as the page registers it."""
    register.look([(case, Disclosure.What.NUMBER)], by=by, reason=disclosure.REVIEW, address=None)


def page_form(case: Case, **changes: str) -> dict[str, Any]:
    """What the page of the case would send: every input as the page filled it, and `changes` on top."""
    texts = {field: _text(case, field) for field in Field}
    current = values.current(case)
    form: dict[str, Any] = {f"seen_{field}": str(current[field].pk) for field in Field if field in current}
    for field in Field:
        form[f"was_{field}"] = form[f"value_{field}"] = "" if field is Field.RRN else texts[field]
    return form | changes


def ticked(case: Case, **changes: str) -> dict[str, Any]:
    """As `page_form`, every field ticked by the officer who holds the case and looked at the number."""
    if holder := Case.objects.get(pk=case.pk).claimed_by:
        look(case, holder)
    return page_form(case, **({f"agree_{field}": "1" for field in Field} | changes))


def _text(case: Case, field: Field) -> str:
    value = values.current(case).get(field)
    return custody.open_value(case.key(), value) if value else ""
