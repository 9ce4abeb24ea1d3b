"""The evidence as PDF: the same as the JSON, for people, and the JSON inside; nothing that the scope does not allow."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from pypdf import PdfReader

from kyc.domain.facts import Field
from kyc.domain.hosts import Scope
from kyc.domain.roles import Role
from kyc.models import Disclosure
from kyc.paper import evidence as paper
from kyc.services import audit, review
from tests.api.conftest import Caller, in_review
from tests.officers import factories
from tools import verify_audit_export as chains

pytestmark = pytest.mark.django_db

TOOL = Path(__file__).parent.parent.parent / "tools" / "verify_evidence.py"
CORRECTED = "배선준 (裵李俊)"
WHY = {"reason": "supervisor's visit 3"}


@pytest.fixture
def opened(caller: Callable[..., Caller]) -> tuple[Caller, str]:
    """One approved after a correction, with hanja that few fonts have in mind, under a signed checkpoint."""
    one = caller()
    made = one.opened("order-3", locale="en")
    case, officer = factories.identified(in_review(made)), factories.officer(Role.REVIEWER)
    factories.confirmed(case, officer, but=(Field.NAME,))
    review.correct(case=case, field=Field.NAME, text=CORRECTED, by=officer)
    review.approve(case=case, by=officer)
    audit.sign()
    return one, f"/verifications/{made}/evidence"


def taken(caller: Caller, path: str, **wanted: Any) -> bytes:
    answer = caller.post(f"{path}.pdf", WHY | wanted)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.content
    assert answer.headers["Cache-Control"] == "no-store"
    assert "RateLimit" in answer.headers
    return bytes(answer.content)


def read(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document))


def words(document: bytes) -> str:
    """What a reader takes from the pages, without the blanks: cells break where they must."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=document, capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def inside(document: bytes) -> dict[str, Any]:
    (told,) = read(document).attachments["evidence.json"]
    return dict(json.loads(told))


def test_the_pages_and_the_file_inside_say_what_the_json_says(opened: tuple[Caller, str]) -> None:
    one, path = opened
    told = one.post(path, WHY).json()
    for language, title in (("ko", "본인확인증적"), ("en", "Evidenceofanidentityverification")):
        document = taken(one, path, locale=language)
        enclosed = inside(document)
        assert enclosed | {"taken": None} == told | {"taken": None}
        assert enclosed["taken"]["reason"] == WHY["reason"]
        seen = words(document)
        assert title in seen
        values = [value["text"] for steps in told["fields"].values() for value in steps]
        assert CORRECTED in values
        for text in values:
            assert text in ("male", "female") or "".join(text.split()) in seen
        for entry in told["audit"]["entries"]:
            assert entry["hash"] in seen
        assert told["audit"]["checkpoint"]["signature"] in seen
        assert told["documents"][0]["sha256"] in seen
        assert factories.NUMBER not in seen
        assert not any(page.images for page in read(document).pages)
        assert "url" not in enclosed["verification"]  # a filed document holds no private link


def test_the_document_keeps(opened: tuple[Caller, str]) -> None:
    """PDF/A-3u as far as it can be read back: its fonts inside, its language told, its file declared, no script."""
    document = read(taken(*opened))
    root: Any = document.root_object
    assert root["/Lang"] == "ko"
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"
    assert root["/AF"][0].get_object()["/AFRelationship"] == "/Source"
    assert root["/OpenAction"][1] == "/FitH"  # a place in it, no script
    assert {"/AA", "/JavaScript"}.isdisjoint(root)
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    chapters: Any = document.outline[1]
    assert chapters[0]["/Title"] == "결정"
    for page in document.pages:
        for font in page["/Resources"]["/Font"].values():
            described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & described.keys()


def test_numbers_and_pictures_stand_in_it_only_with_their_scopes(
    opened: tuple[Caller, str], caller: Callable[..., Caller]
) -> None:
    one, path = opened
    plain = caller(Scope.READ, Scope.EVIDENCE)
    for wanted in ("pictures", "numbers"):
        refused = plain.post(f"{path}.pdf", WHY | {wanted: True})
        assert (refused.status_code, refused.headers["Content-Type"]) == (403, "application/problem+json")
    assert one.post(f"{path}.pdf", WHY | {"locale": "fr"}).status_code == 422
    assert not Disclosure.objects.filter(reason=WHY["reason"]).exists()
    whole = taken(one, path, pictures=True, numbers=True)
    assert factories.NUMBER in words(whole)
    (picture,) = (image for page in read(whole).pages for image in page.images)
    stored = (factories.CARDS / factories.CLEAN).read_bytes()
    assert picture.data.startswith(b"\xff\xd8")
    assert picture.data != stored  # marked
    assert inside(whole)["pictures"] is None  # no unmarked one travels along
    seen = Disclosure.objects.filter(reason=WHY["reason"]).values_list("what", flat=True)
    assert sorted(seen) == ["export", "number", "picture"]


def test_what_the_font_lacks_is_told_and_not_logged(
    opened: tuple[Caller, str], caplog: pytest.LogCaptureFixture
) -> None:
    one, path = opened
    told = one.post(path, WHY).json()
    told["fields"]["name"][0]["text"] = "\U0002b740\u202e"
    document = paper.evidence(told, pictures={}, language="ko")
    assert "<U+2B740><U+202E>" in words(document)
    assert caplog.text == ""


def test_the_stand_alone_verifier_takes_the_file_out_of_the_document(
    opened: tuple[Caller, str], tmp_path: Path, settings: LazySettings
) -> None:
    told = inside(taken(*opened))
    export = tmp_path / "chain.jsonl"
    export.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in audit.export()))
    key = Path(settings.AUDIT_KEY).with_name("audit.pub")

    def check(told: dict[str, Any], *more: str) -> tuple[int, str]:
        evidence = tmp_path / "evidence.json"
        evidence.write_text(json.dumps(told, ensure_ascii=False))
        command = [sys.executable, str(TOOL), str(evidence), f"--key={key}", *more]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    entries = len(told["audit"]["entries"])
    assert check(told) == (0, f"{entries} entries: they hold in themselves (the chain was not given).\n")
    assert check(told, f"--chain={export}") == (0, f"{entries} entries: they stand in the chain.\n")
    forged = json.loads(json.dumps(told))
    forged["audit"]["entries"][-1]["data"]["to"] = "rejected"
    assert check(forged)[0] == 1
    cut = json.loads(json.dumps(told))
    cut["audit"]["entries"][0]["data"] = {}
    cut["audit"]["entries"][0]["hash"] = chains.digest(cut["audit"]["entries"][0])
    assert check(cut)[0] == check(cut, f"--chain={export}")[0] == 1
    forged["audit"]["checkpoint"] = None
    assert "no checkpoint" in check(forged)[1]
    assert check({"audit": {}})[0] == 2
