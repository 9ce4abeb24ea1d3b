"""Steps that the tests walk: each goes through the pages, or through the services where a reader or officer acts."""

import hashlib
from html.parser import HTMLParser

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from kyc import notices
from kyc.domain.actors import SYSTEM
from kyc.domain.evidence import Method
from kyc.domain.facts import Field, normalise
from kyc.domain.roles import Role
from kyc.models import Case, Document
from kyc.services import contacts, evidence, holding, officers, review, uploads
from kyc.services.intake import ShownText
from kyc.services.recognition import leases, settlement
from ocr_integration.contract import Action, CardReading

READ = {
    Field.NAME: "안장만 (安章萬)",
    Field.RRN: "640419-2976160",
    Field.SEX: "女",
    Field.BIRTHDAY: "19/04/1964",
    Field.ADDRESS: "인천광역시 남동구 인주대로 921 (구월동)",
    Field.ISSUED: "11/03/2009",
}


class Page(HTMLParser):
    """The words of a page as a person sees them, and its hidden inputs by name."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.text, self.inputs, self._silent = "", dict[str, str](), 0
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        known = dict(attrs)
        if tag == "input" and known.get("name"):
            self.inputs[str(known["name"])] = known.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text = " ".join(f"{self.text} {data}".split())


def leave_address(case: Case, address: str) -> None:
    """As the page does for whoever left it; at a site of a bank's."""
    told = notices.contact()
    contacts.leave(
        case=case,
        text=address,
        site="https://id.bank.example",
        shown=ShownText(told.code, told.version, told.words, granted=True),
        from_address=None,
    )


def words(response: HttpResponse) -> str:
    return Page(response).text


def begin(browser: Client) -> Case:
    """From the start page to the notices."""
    key = Page(browser.get("/")).inputs["key"]
    assert browser.post("/begin/", {"key": key}).headers["Location"] == "/notices/"
    return Case.objects.get()


def to_picture(browser: Client, **answers: str) -> Case:
    """Past the notices and without an address, to where a picture is asked for."""
    case = begin(browser)
    assert browser.post("/notices/", answers).headers["Location"] == "/contact/"
    assert browser.post("/contact/", {"email": ""}).headers["Location"] == "/status/"
    return case


def send(browser: Client, data: bytes, name: str = "card.jpg", **headers: str) -> HttpResponse:
    return browser.post("/picture/", {"picture": SimpleUploadedFile(name, data)}, headers=headers)


def send_parts(
    browser: Client, data: bytes, *, source: str = "file", start: int = 0, stop: int | None = None
) -> HttpResponse:
    """As the script does: part by part from `start`; the last answer."""
    told = {"mark": hashlib.sha256(data).hexdigest(), "size": len(data), "source": source}
    answer, offset, stop = None, start, len(data) if stop is None else stop
    while answer is None or offset < stop:
        part = SimpleUploadedFile("part", data[offset : min(stop, offset + uploads.PART_BYTES)])
        answer = browser.post("/picture/part/", told | {"offset": offset, "part": part})
        offset += uploads.PART_BYTES
    return answer


def sent(browser: Client, card: bytes) -> Document:
    """A picture arrived and waits to be read."""
    case = to_picture(browser)
    assert send(browser, card).headers["Location"] == "/status/"
    return case.documents.get()


def is_read(document: Document, **changed: str) -> Case:
    """A reader answered with READ."""
    texts = {name: changed.get(name.value, text) for name, text in READ.items()}
    lease = leases.take(document.pk, "local")
    assert lease is not None
    answer = CardReading(
        name=texts[Field.NAME],
        rrn=texts[Field.RRN],
        sex=texts[Field.SEX],
        birthday=texts[Field.BIRTHDAY],
        address=texts[Field.ADDRESS],
        issued=texts[Field.ISSUED],
        photo=b"",
        request_id=None,
        duration=0.1,
        raw=b"{}",
        details=None,
    )
    settlement.succeeded(lease, answer)
    return Case.objects.get(pk=document.case_id)


def is_unreadable(document: Document, reason: str = "") -> Case:
    """A reader found no card it could read."""
    lease = leases.take(document.pk, "local")
    assert lease is not None
    settlement.failed(lease, code="FailedOperation.OcrFailed", action=Action.RETAKE, reason=reason)
    return Case.objects.get(pk=document.case_id)


def reviewed(browser: Client, card: bytes) -> Case:
    """A picture was sent and read, and waits for an officer."""
    return is_read(sent(browser, card))


def officer(role: Role = Role.REVIEWER, name: str = "reviewer") -> User:
    return officers.create(name=name, role=role, by=SYSTEM)[0]


def held(case: Case) -> User:
    """An officer who holds the case."""
    account = officer()
    holding.claim(case=case, by=account)
    return account


def approve(case: Case) -> None:
    account = held(case)
    evidence.record_method(case=case, kind=Method.VIDEO, reference="call 3", by=account)
    for name, text in READ.items():
        review.correct(case=case, field=name, text=normalise(name, text), by=account)
    review.approve(case=case, by=account)
