"""How long a case is kept, the export for the person, and the archive: who may, what is asked, what is registered."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kyc.domain.actors import SYSTEM
from kyc.domain.lifecycle import State
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Disclosure
from kyc.services import intake, retention, search, takeout
from kyc.services.officers import NotAllowed
from tests.officers import factories

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def _approved(*, ended: bool = False) -> Case:
    case = factories.reviewable()
    Case.objects.filter(pk=case.pk).update(state=State.APPROVED)
    case = Case.objects.get(pk=case.pk)
    if ended:
        retention.relationship_ended(case=case, on=TODAY, by=SYSTEM)
    return case


def _at(name: str, case: Case) -> str:
    return reverse(f"admin:kyc_case_{name}", args=[case.pk])


@pytest.fixture
def boss(approver: User) -> Client:
    return factories.browser(approver)


@pytest.fixture
def auditor(db: None) -> Client:
    return factories.browser(factories.officer(Role.AUDITOR, "auditor"))


def test_the_end_of_a_relationship_is_said_in_the_admin_and_taken_back(boss: Client, approver: User) -> None:
    case = _approved()
    wrong = boss.post(_at("retention", case), {"do": "ended", "on": "tomorrow"})
    assert wrong.status_code == 422
    assert "2026-11-25" in wrong.content.decode()
    late = boss.post(_at("retention", case), {"do": "ended", "on": (TODAY + timedelta(days=2)).isoformat()})
    assert late.status_code == 422
    assert "nor in the future" in late.content.decode()
    assert not Case.objects.get(pk=case.pk).archived
    assert boss.post(_at("retention", case), {"do": "ended", "on": TODAY.isoformat()}).status_code == 302
    assert Case.objects.get(pk=case.pk).archived
    assert boss.post(_at("retention", case), {"do": "resumed"}).status_code == 302
    assert not Case.objects.get(pk=case.pk).archived
    told = AuditEntry.objects.filter(case_id=case.pk, actor=f"officer:{approver.pk}").order_by("sequence")
    assert [entry.action for entry in told] == ["case.relationship_ended", "case.relationship_resumed"]


def test_a_case_that_only_a_law_keeps_is_opened_by_no_reviewer_and_found_by_no_name(
    client: Client, boss: Client, reviewer: User
) -> None:
    case = _approved()
    picture = reverse("admin:kyc_case_picture", args=[case.pk, case.documents.get().pk])
    assert search.find(text=factories.NAME, by=reviewer).cases
    retention.relationship_ended(case=case, on=TODAY, by=SYSTEM)
    for browser in (client, boss):
        page = browser.get(_at("change", case))
        assert page.status_code == 200
        assert "Only a law keeps this case now" in page.content.decode()
        assert factories.NAME not in page.content.decode()
        answer = browser.get(picture)
        assert answer.status_code == 403
        assert "only a law keeps" in answer.content.decode().lower()
        reveal = browser.post(
            _at("work", case), {"do": "reveal", "reveal_reason": "customer_call", "reveal_words": "asked"}
        )
        assert reveal.status_code == 409
        assert factories.NUMBER not in reveal.content.decode()
    assert not search.find(text=factories.NAME, by=reviewer).cases
    assert not search.find(text=factories.NUMBER, by=reviewer).cases
    assert not Disclosure.objects.exists()


def test_an_auditor_opens_the_archive_with_a_reason_that_is_registered(auditor: Client) -> None:
    case = _approved(ended=True)
    assert auditor.post(_at("archive", case), {"reason": "curious"}).status_code == 422
    assert not Disclosure.objects.exists()
    page = auditor.post(_at("archive", case), {"reason": "dispute"})
    shown = page.content.decode()
    assert factories.NAME in shown
    assert "531004-1******" in shown
    assert factories.NUMBER not in shown
    assert "data:image/jpeg;base64," in shown
    assert "no-store" in page["Cache-Control"]
    assert set(Disclosure.objects.values_list("what", "reason")) == {
        ("fields", "dispute"),
        ("picture", "dispute"),
    }
    assert auditor.post(_at("archive", _approved()), {"reason": "dispute"}).status_code == 409


def test_a_legal_hold_is_set_and_lifted_in_the_admin_with_its_reference(boss: Client) -> None:
    case = _approved()
    assert boss.post(_at("retention", case), {"do": "hold"}).status_code == 422
    assert boss.post(_at("retention", case), {"do": "hold", "reference": "court 7"}).status_code == 302
    assert Case.objects.get(pk=case.pk).legal_hold
    assert boss.post(_at("retention", case), {"do": "lift", "reference": "court 8"}).status_code == 302
    assert not Case.objects.get(pk=case.pk).legal_hold
    told = AuditEntry.objects.filter(action__in=["case.held", "case.hold_lifted"]).order_by("sequence")
    assert [entry.data["reference"] for entry in told] == ["court 7", "court 8"]


def test_what_a_law_keeps_is_not_erased_and_the_page_says_until_when(boss: Client) -> None:
    case = _approved(ended=True)
    assert boss.post(_at("retention", case), {"do": "erase"}).status_code == 422
    answer = boss.post(_at("retention", case), {"do": "erase", "sure": "yes"})
    assert answer.status_code == 409
    assert f"It may go on {TODAY.year + 5}" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).key()


def test_who_asks_for_erasure_of_a_rejected_case_is_erased_at_once(boss: Client) -> None:
    case = factories.reviewable()
    open_ = boss.post(_at("retention", case), {"do": "erase", "sure": "yes"})
    assert (open_.status_code, "finished cases only" in open_.content.decode()) == (409, True)
    case.move(State.REJECTED, by=SYSTEM)
    assert boss.post(_at("retention", case), {"do": "erase", "sure": "yes"}).status_code == 302
    assert Case.objects.get(pk=case.pk).status is State.ERASED
    page = boss.get(_at("export", case))
    assert "nothing to export" in page.content.decode()
    assert boss.post(_at("export", case), {"reason": "x"}).status_code == 409


def _packed(data: bytes) -> tuple[dict[str, Any], zipfile.ZipFile]:
    file = zipfile.ZipFile(io.BytesIO(data))
    return json.loads(file.read("data.json")), file


def test_a_person_is_given_all_that_is_kept_and_the_register_says_so(boss: Client, approver: User) -> None:
    case = _approved(ended=True)
    intake.record_texts(
        case=case, shown=[intake.ShownText("identity", "1", "words")], locale="ko", address="10.0.0.1"
    )
    assert boss.post(_at("export", case), {"reason": " "}).status_code == 422
    answer = boss.post(_at("export", case), {"reason": "request 12"}, REMOTE_ADDR="10.1.2.3")
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert factories.NAME not in answer["Content-Disposition"]
    told, file = _packed(answer.content)
    assert {value["text"] for value in told["fields"]["rrn"]} == {factories.NUMBER}
    assert told["fields"]["name"][-1]["text"].startswith(factories.NAME)
    assert told["notices"][0]["code"] == "identity"
    assert told["kept_until"].startswith(str(TODAY.year + 5))
    assert file.read("picture-1.jpg")[:3] == file.read("portrait-1.jpg")[:3] == b"\xff\xd8\xff"
    rows = Disclosure.objects.values_list("what", "reason", "by", "address")
    assert set(rows) == {(what, "request 12", approver.pk, "10.1.2.3") for what in ("export", "number")}


@pytest.mark.django_db(transaction=True)
def test_nothing_is_exported_where_the_register_cannot_be_written(tmp_path: Path) -> None:
    case, boss = _approved(), factories.browser(factories.officer(Role.APPROVER))
    does = (
        "FOR EACH ROW EXECUTE FUNCTION kyc_refuse_change()"
        if connection.vendor == "postgresql"
        else "BEGIN SELECT RAISE(ABORT, 'down'); END"
    )
    on = " ON kyc_disclosure" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TRIGGER no_disclosure BEFORE INSERT ON kyc_disclosure {does}")
    try:
        answer = boss.post(_at("export", case), {"reason": "request 12"})
        assert answer.status_code == 503
        assert b"PK" not in answer.content[:4]
        with pytest.raises(CommandError, match="nothing was exported"):
            call_command("export_subject", str(case.pk), str(tmp_path / "x.zip"), "--reason", "request 12")
        assert not (tmp_path / "x.zip").exists()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER no_disclosure{on}")


def test_the_command_exports_into_a_private_file_once(tmp_path: Path) -> None:
    case, file = _approved(), tmp_path / "subject.zip"
    call_command("export_subject", str(case.pk), str(file), "--reason", "request 12", verbosity=0)
    assert file.stat().st_mode & 0o777 == 0o600
    assert _packed(file.read_bytes())[0]["case"] == str(case.pk)
    assert Disclosure.objects.get().actor == "system:export_subject"
    with pytest.raises(CommandError, match="exists already"):
        call_command("export_subject", str(case.pk), str(file), "--reason", "request 12")
    with pytest.raises(CommandError, match="no such case"):
        call_command("export_subject", str(UUID(int=1)), str(tmp_path / "y.zip"), "--reason", "x")


def test_a_service_call_around_the_pages_is_refused_by_role(reviewer: User) -> None:
    case = _approved(ended=True)
    for call in (
        lambda: takeout.archived(case=case, by=reviewer, reason="dispute", address=None),
        lambda: takeout.whole(case=case, account=reviewer, by=SYSTEM, reason="request", address=None),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert not Disclosure.objects.exists()
