"""Many cases at once: given to an officer, read by another reader, exported. Never decided."""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from kyc import spreadsheets
from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Outcome
from kyc.domain.reasons import RejectReason
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Disclosure, ReadingJob
from kyc.services import egress, export, holding, intake, officers, review, second_look, worklist
from tests.officers import factories

pytestmark = pytest.mark.django_db

ASSIGN, REREAD = reverse("admin:kyc_case_assign"), reverse("admin:kyc_case_reread")
EXPORT, FILE = reverse("admin:kyc_case_bulk_export"), reverse("admin:kyc_case_bulk_file")


@pytest.fixture
def lead(approver: User) -> Client:
    return factories.browser(approver)


def _post(client: Client, address: str, *cases: Case, **sent: str) -> str:
    form: dict[str, Any] = {"case": [str(case.pk) for case in cases], **sent}
    return client.post(address, form, follow=True).content.decode()


def _table(client: Client, *cases: Case, **sent: str) -> list[list[str]]:
    form: dict[str, Any] = {
        "case": [str(case.pk) for case in cases],
        "reason": "monthly review",
        "format": "csv",
    }
    answer = client.post(FILE, form | sent)
    assert answer.status_code == 200, answer.content.decode()
    assert answer["Content-Disposition"].startswith("attachment")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_assigned_cases_are_offered_to_their_officer_alone(
    lead: Client, reviewer: User, approver: User
) -> None:
    given, free = factories.reviewable(), factories.reviewable("clean-005.jpg")
    other = factories.officer(Role.REVIEWER)
    assert "1 case given to reviewer" in _post(lead, ASSIGN, given, officer=str(reviewer.pk))
    assert worklist.claim_next(by=other) == free
    assert worklist.claim_next(by=other) == free
    assert worklist.claim_next(by=reviewer) == given
    entry = AuditEntry.objects.get(action="case.assigned")
    assert (entry.actor, entry.data) == (f"officer:{approver.pk}", {"to": reviewer.pk})
    assert "open to everybody" in _post(lead, ASSIGN, given, officer="everybody")
    assert Case.objects.get(pk=given.pk).assigned_to is None


def test_a_case_is_given_to_nobody_who_could_not_take_it(lead: Client, reviewer: User) -> None:
    held, proposed, waiting = (factories.reviewable(f"clean-00{n}.jpg") for n in (0, 4, 5))
    holding.claim(case=held, by=factories.officer(Role.REVIEWER))
    holding.claim(case=proposed, by=reviewer)
    review.reject(case=proposed, reasons=[RejectReason.OTHER], by=reviewer)
    page = _post(
        lead, ASSIGN, held, proposed, factories.queued("clean-001.jpg").case, officer=str(reviewer.pk)
    )
    for words in (
        "held by another officer",
        "waits for an officer who may agree with decisions",
        "not in review",
    ):
        assert f"1 left as it was: {words}" in page
    auditor = factories.officer(Role.AUDITOR)
    assert "Choose the officer" in _post(lead, ASSIGN, waiting, officer=str(auditor.pk))
    assert not Case.objects.filter(assigned_to__isnull=False).exists()


def test_a_move_or_a_leave_ends_an_assignment(lead: Client, reviewer: User) -> None:
    decided, left = factories.reviewable(), factories.reviewable("clean-005.jpg")
    _post(lead, ASSIGN, decided, left, officer=str(reviewer.pk))
    holding.claim(case=decided, by=reviewer)
    review.reject(case=Case.objects.get(pk=decided.pk), reasons=[RejectReason.OTHER], by=reviewer)
    assert Case.objects.get(pk=decided.pk).assigned_to is None
    officers.disable(account=reviewer, by=officers.actor(reviewer))
    assert Case.objects.get(pk=left.pk).assigned_to is None


def test_another_reader_is_asked_and_the_case_stays(lead: Client, reviewer: User, settings: Any) -> None:
    settings.OCR_READERS = ["local", "tencent"]
    agreed, silent = factories.reviewable(), factories.reviewable("clean-005.jpg")
    shown = [intake.ShownText(egress.TRANSFER_ABROAD, "1", "words", granted=True)]
    intake.record_texts(case=agreed, shown=shown, locale="ko", address=None)
    holding.claim(case=agreed, by=reviewer)
    page = _post(lead, REREAD, agreed, silent, reader="tencent")
    assert "1 case is read by: Tencent Cloud" in page
    assert "did not agree to the transfer abroad" in page
    assert ReadingJob.objects.get(document__case=agreed, reader="tencent").settled_at is None
    assert not ReadingJob.objects.filter(document__case=silent, reader="tencent").exists()
    after = Case.objects.get(pk=agreed.pk)
    assert (after.status, after.claimed_by) == (State.IN_REVIEW, reviewer)
    assert "being read, by this reader already" in _post(lead, REREAD, agreed, reader="tencent")
    assert "Choose one of the configured readers" in _post(lead, REREAD, agreed, reader="nobody")


def test_nothing_chosen_is_said_and_changes_nothing(lead: Client, reviewer: User) -> None:
    for address, sent in (
        (ASSIGN, {"officer": str(reviewer.pk)}),
        (REREAD, {"reader": "local"}),
        (EXPORT, {}),
    ):
        page = lead.post(address, sent | {"case": "no id", "filters": "show=open&x=1"}, follow=True)
        assert "No case was chosen" in page.content.decode()
        assert page.redirect_chain[0][0].endswith("?show=open")


def test_an_export_is_registered_for_every_case_and_masks_numbers(lead: Client, approver: User) -> None:
    cases = [factories.reviewable(), factories.reviewable("clean-005.jpg")]
    head, *rows = _table(lead, *cases)
    assert {row[head.index("Case")] for row in rows} == {str(case.pk) for case in cases}
    of = next(row for row in rows if row[0] == str(cases[0].pk))
    assert of[head.index("Resident number")] == "531004-1******"
    assert of[head.index("Name")].startswith(factories.NAME)
    register = Disclosure.objects.filter(what=Disclosure.What.EXPORT, by=approver)
    assert set(register.values_list("case_id", "reason")) == {(case.pk, "monthly review") for case in cases}
    assert AuditEntry.objects.get(action="cases.exported").data == {"cases": 2, "numbers": False}


def test_full_numbers_cost_a_line_of_their_own_in_the_register(lead: Client) -> None:
    case = factories.reviewable()
    head, row = _table(lead, case, numbers="1")
    assert row[head.index("Resident number")] == factories.NUMBER
    assert Disclosure.objects.filter(what=Disclosure.What.NUMBER, case_id=case.pk).exists()


def test_an_auditor_exports_what_an_auditor_sees() -> None:
    case = factories.reviewable()
    head, row = _table(factories.browser(factories.officer(Role.AUDITOR)), case, numbers="1")
    assert not {"Name", "Resident number", "Address"} & set(head)
    assert factories.NAME not in "".join(row)
    assert not Disclosure.objects.filter(what=Disclosure.What.NUMBER).exists()


def test_what_officers_settled_on_goes_into_the_file(lead: Client, reviewer: User) -> None:
    case = factories.reviewable(Address="서울특별시 종로구 사직로 161")
    holding.claim(case=case, by=reviewer)
    review.correct(case=case, field=Field.ADDRESS, text="서울특별시 종로구 사직로 171", by=reviewer)
    head, row = _table(lead, case)
    assert row[head.index("Address")] == "서울특별시 종로구 사직로 171"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"reason": "  "}, "what the file is for"),
        ({"format": "exe"}, "Choose CSV or XLSX"),
        ({"scope": "filtered", "filters": "show=second"}, "There is no case to export"),
    ],
)
def test_an_export_that_is_refused_says_why_and_registers_nothing(
    lead: Client, sent: dict[str, str], words: str
) -> None:
    case = factories.reviewable()
    form = {"case": str(case.pk), "reason": "quarterly numbers", "format": "csv"}
    page = lead.post(FILE, form | sent)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Disclosure.objects.filter(what=Disclosure.What.EXPORT).exists()


def test_what_the_filters_show_is_exported_up_to_a_limit(
    lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.reviewable(ID="531004-1980180")
    factories.reviewable("clean-005.jpg")
    rows = _table(lead, scope="filtered", filters="show=open&severity=high")
    assert len(rows) == 2
    monkeypatch.setattr(export, "MOST", 1)
    page = lead.post(EXPORT, {"scope": "filtered", "filters": "show=open"})
    assert "more than 2,000 cases" in page.content.decode()


@pytest.fixture
def register_down() -> Iterator[None]:
    """The table of the register is away."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kyc_disclosure RENAME TO gone")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE gone RENAME TO kyc_disclosure")


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_where_the_register_cannot_be_written(lead: Client, request: Any) -> None:
    case = factories.reviewable()
    request.getfixturevalue("register_down")
    form = {"case": str(case.pk), "reason": "quarterly numbers", "format": "csv"}
    page = lead.post(FILE, form)
    assert page.status_code == 503
    assert factories.NAME not in page.content.decode()


def test_no_cell_of_a_file_can_run() -> None:
    bad = ["=1+1", "+1", "-1", "@x", "\t=1", "＝1", "plain"]
    text = spreadsheets.written(spreadsheets.Format.CSV, ["a"], [[cell] for cell in bad]).decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(text))] == [
        "a",
        *("'" + cell for cell in bad[:-1]),
        "plain",
    ]
    book = spreadsheets.written(spreadsheets.Format.XLSX, ["a"], [[cell] for cell in bad])
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert "'=1+1" in parts.read("xl/sharedStrings.xml").decode()


def test_many_cases_are_never_decided_at_once(lead: Client) -> None:
    case = factories.reviewable()
    assert (
        "Nobody approves or rejects several cases" in lead.get("/admin/kyc/case/?show=open").content.decode()
    )
    for address in (ASSIGN, REREAD, EXPORT):
        lead.post(address, {"case": str(case.pk), "do": "approve", "action": "approve"})
    assert Case.objects.get(pk=case.pk).status is State.IN_REVIEW


def test_a_proposal_is_not_given_to_who_looked_at_it_already_and_hidden_from_the_third(
    lead: Client, reviewer: User, settings: Any
) -> None:
    settings.FOUR_EYES_DISAGREEMENT = "third"
    case, looked = factories.reviewable(), factories.officer(Role.APPROVER, "looked")
    holding.claim(case=case, by=reviewer)
    review.reject(case=case, reasons=[RejectReason.OTHER], by=reviewer)
    second_look.look(case=case, by=looked, outcome=Outcome.RETAKE, view={}, reasons=["blurred"])
    page = _post(lead, ASSIGN, case, officer=str(looked.pk))
    assert "1 left as it was: waits for somebody else than this officer" in page
    assert worklist.claim_next(by=factories.officer(Role.APPROVER, "third")) == case
