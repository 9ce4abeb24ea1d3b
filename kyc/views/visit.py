"""A visit: which case this browser works on and which pictures it sent. Kept in the session, never in an address."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kyc.domain import trace
from kyc.models import Case, Contact, Document
from kyc.selectors import values
from kyc.services import contacts

CASE, SENT, CHECKED, HELD = "case", "sent", "checked", "held"
PROVED, MAILED, CONTACT, CODE = "proved", "mailed", "contact", "code"
SANDBOX = "sandbox"
OF_A_CASE = (SENT, CHECKED, HELD, PROVED, MAILED, CONTACT, CODE, SANDBOX)
REMEMBERED = 30

View = Callable[[HttpRequest], HttpResponse]
CaseView = Callable[[HttpRequest, Case], HttpResponse]


def enter(request: HttpRequest, case: Case, *, mailed: bool = False) -> None:
    """From now on this browser works on the case. `mailed`: a link from a mail brought it here, and nothing better."""
    if request.session.get(CASE) != case.pk.hex:
        _leave(request)
        if mailed:
            request.session[MAILED] = True
    elif not mailed:
        request.session.pop(MAILED, None)
    request.session[CASE] = case.pk.hex


def _leave(request: HttpRequest) -> None:
    """Devices are shared: whoever was here before leaves nothing behind, and the cookie they copied opens nothing."""
    for name in OF_A_CASE:
        request.session.pop(name, None)
    request.session.cycle_key()


def by_mail(request: HttpRequest) -> bool:
    """Whether a link from a mail alone brought this browser here: it shows the state, and neither link nor code."""
    return bool(request.session.get(MAILED))


def case_of(request: HttpRequest) -> Case | None:
    """The case this browser works on; None for a newcomer or where the session ended."""
    known = request.session.get(CASE)
    return Case.objects.filter(pk=UUID(known)).first() if known else None


def with_case(view: CaseView) -> View:
    """Gives the view its case; a browser that has none is told how to come back."""

    @wraps(view)
    def visited(request: HttpRequest) -> HttpResponse:
        case = case_of(request)
        if case is None:
            return render(request, "onboarding/lost.html", status=404)
        trace.work_on(case.pk)
        return view(request, case)

    return visited


def remember_sent(request: HttpRequest, document: Document) -> None:
    """The picture came from here; so did the address for the answer, if this browser left it."""
    _remember(request, SENT, document.pk)
    vouch(request, document)


def remember_held(request: HttpRequest, upload_id: UUID | None) -> None:
    """A picture from here is held until its customer decides."""
    if upload_id is not None:
        _remember(request, HELD, upload_id)


def held_from_here(request: HttpRequest, upload_id: UUID) -> bool:
    return upload_id.hex in request.session.get(HELD, [])


def remember_proved(request: HttpRequest, document: Document) -> None:
    """This browser showed the code that went to the mailbox of who sent the picture."""
    _remember(request, PROVED, document.pk)


def remember_contact(request: HttpRequest, contact: Contact) -> None:
    request.session[CONTACT] = contact.pk.hex


def left_contact(request: HttpRequest, contact: Contact) -> bool:
    """Whether the address was left from this browser."""
    return bool(request.session.get(CONTACT) == contact.pk.hex)


def vouch(request: HttpRequest, document: Document) -> None:
    left = request.session.get(CONTACT)
    if left:
        contacts.vouch(contact_id=UUID(left), document=document)


def remember_checked(request: HttpRequest, document: Document) -> None:
    _remember(request, CHECKED, document.pk)


def sees_fields(request: HttpRequest, case: Case) -> bool:
    """Whether the newest picture came from this browser, or it showed the code from its sender's mailbox.

    A private link alone shows the state: whoever sent it, or was sent it, may be another person.
    """
    document = values.newest_document(case)
    return any(_is_remembered(request, what, document) for what in (SENT, PROVED))


def checked_here(request: HttpRequest, case: Case) -> bool:
    """Whether the customer looked at what was read from the newest picture already."""
    return _is_remembered(request, CHECKED, values.newest_document(case))


def _remember(request: HttpRequest, what: str, row: UUID) -> None:
    known = [name for name in request.session.get(what, []) if name != row.hex]
    request.session[what] = [*known, row.hex][-REMEMBERED:]


def _is_remembered(request: HttpRequest, what: str, document: Document | None) -> bool:
    return document is not None and document.pk.hex in request.session.get(what, [])
