"""Evidence on a case: ways of identification, the authenticity check, notes and files; and what an approval needs."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kyc.domain.actors import SYSTEM
from kyc.domain.evidence import CheckResult, Method
from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.reasons import RejectReason
from kyc.domain.retention import Reason
from kyc.domain.roles import Role
from kyc.models import (
    Attachment,
    AuthenticityCheck,
    Case,
    Disclosure,
    Host,
    Note,
    Verification,
    VerificationMethod,
)
from kyc.selectors import evidence as recorded
from kyc.services import evidence, files, holding, reconcile, refusals, retention, review
from kyc.vault import storage
from tests.officers import factories

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n a receipt"


@pytest.fixture
def case(reviewer: User) -> Case:
    """Held by the reviewer; nothing but the card's copy identifies the person."""
    case = factories.reviewable(second_way=False)
    holding.claim(case=case, by=reviewer)
    return case


def _send(client: Client, case: Case, **form: object) -> HttpResponse:
    return client.post(reverse("admin:kyc_case_work", args=[case.pk]), form)


def _page(client: Client, case: Case) -> str:
    return client.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()


def _check(case: Case, by: User, result: CheckResult) -> AuthenticityCheck:
    return evidence.record_check(case=case, result=result, reference="A-1", checked_at=None, by=by)


def test_approval_refuses_until_two_ways_of_identification_are_recorded(client: Client, case: Case) -> None:
    assert "1 is still missing" in _page(client, case)
    refused = _send(client, case, **factories.ticked(case, do="approve", comment="my words"))
    assert refused.status_code == 422
    assert "too few are recorded" in refused.content.decode()
    assert "my words" in refused.content.decode()
    assert Case.objects.get().status is State.IN_REVIEW
    form = factories.page_form(case, do="method", method_reference="transfer 2026-17", comment="my words")
    page = _send(client, case, **form)
    assert page.status_code == 200
    assert "transfer 2026-17" in page.content.decode()
    assert "my words" in page.content.decode()
    assert "is still missing" not in page.content.decode()
    assert _send(client, case, **factories.page_form(case, do="approve")).status_code == 302
    assert Case.objects.get().status is State.APPROVED


def test_the_same_way_twice_counts_once_and_a_struck_one_not_at_all(case: Case, reviewer: User) -> None:
    rows = [
        evidence.record_method(case=case, kind=Method.VIDEO, reference=f"call {n}", by=reviewer)
        for n in (1, 2)
    ]
    assert recorded.kinds(case) == {Method.CARD_COPY, Method.VIDEO}
    for row in rows:
        evidence.strike_method(case=case, method_id=row.pk, why="another person", by=reviewer)
    assert recorded.kinds(case) == {Method.CARD_COPY}
    assert VerificationMethod.objects.count() == 4, "every entry stays"
    with pytest.raises(evidence.NothingToStrike):
        evidence.strike_method(case=case, method_id=rows[0].pk, why="again", by=reviewer)


def test_a_struck_method_is_shown_struck_with_why(client: Client, case: Case, reviewer: User) -> None:
    row = evidence.record_method(case=case, kind=Method.VIDEO, reference="call 1", by=reviewer)
    sent = factories.page_form(case, do=f"strike:{row.pk}")
    assert "Write the reference or the reason" in _send(client, case, **sent).content.decode()
    page = _send(client, case, **(sent | {f"strike_why_{row.pk}": "wrong person"})).content.decode()
    assert "struck by reviewer: wrong person" in page


def test_a_method_needs_a_reference_or_a_file(client: Client, case: Case) -> None:
    page = _send(client, case, **factories.page_form(case, do="method", value_name="김반쯤"))
    assert page.status_code == 422
    assert "Write a reference or add a file" in page.content.decode()
    assert "김반쯤" in page.content.decode()
    file = SimpleUploadedFile("receipt.pdf", PDF)
    _send(client, case, **factories.page_form(case, do="method", method_kind="delivery", method_file=file))  # type: ignore[arg-type]
    kept = VerificationMethod.objects.get()
    assert (kept.kind, kept.attachment is not None) == (Method.DELIVERY, True)


def test_a_method_is_recorded_beforehand_by_a_command(case: Case) -> None:
    call_command("method", str(case.pk), "video", "call 2026-3")
    assert recorded.kinds(case) == {Method.CARD_COPY, Method.VIDEO}


def test_who_does_not_hold_the_case_records_nothing(case: Case) -> None:
    other = factories.browser(factories.officer(Role.REVIEWER, "other"))
    page = _send(other, case, **factories.page_form(case, do="note", note="my thoughts"))
    assert page.status_code == 409
    assert "my thoughts" in page.content.decode(), "what was typed is kept"
    assert not Note.objects.exists()


def test_only_confirmed_values_are_shown_for_the_check(client: Client, case: Case, reviewer: User) -> None:
    refused = _send(client, case, **factories.page_form(case, do="check_values"))
    assert refused.status_code == 422
    assert factories.NUMBER not in refused.content.decode()
    factories.look(case, reviewer)
    for name in (Field.NAME, Field.RRN, Field.ISSUED):
        review.confirm(case=case, field=name, by=reviewer)
    page = _send(client, case, **factories.page_form(case, do="check_values")).content.decode()
    assert f"<dd>{factories.NUMBER}</dd>" in page
    assert Disclosure.objects.filter(what="number", reason="authenticity_check").count() == 1


def test_a_check_is_recorded_with_its_reference_and_time(client: Client, case: Case, reviewer: User) -> None:
    factories.confirmed(case, reviewer)
    sent = factories.page_form(case, do="check", check_reference="gov 77")
    assert "Choose what the check said" in _send(client, case, **sent).content.decode()
    later = f"{timezone.localtime() + timedelta(hours=2):%Y-%m-%d %H:%M}"
    sent |= {"check_result": "match", "check_at": later}
    assert "before now" in _send(client, case, **sent).content.decode()
    page = _send(client, case, **(sent | {"check_at": ""})).content.decode()
    assert "It matched" in page
    assert "gov 77" in page
    assert AuthenticityCheck.objects.get().by == reviewer


def test_one_mismatch_stops_and_asks_for_rejection_or_escalation(
    client: Client, case: Case, reviewer: User, approver: User
) -> None:
    factories.confirmed(factories.identified(case), reviewer)
    _check(case, reviewer, CheckResult.UNAVAILABLE)
    _check(case, reviewer, CheckResult.MISMATCH)
    with pytest.raises(refusals.MismatchStops):
        _check(case, reviewer, CheckResult.MATCH)
    shown = _page(client, case)
    assert "must not be asked again" in shown
    assert 'value="check_values"' not in shown
    assert _send(client, case, **factories.page_form(case, do="check_values")).status_code == 409
    refused = _send(client, case, **factories.page_form(case, do="approve"))
    assert "reject it, or escalate it" in refused.content.decode()
    assert _send(client, case, **factories.page_form(case, do="escalate")).status_code == 422
    _send(client, case, **factories.page_form(case, do="escalate", comment="renamed in spring"))
    assert Case.objects.get().status is State.SECOND_REVIEW
    assert case.decisions.get().grounds == ["escalated"]
    second = factories.browser(approver)
    assert "the authenticity check did not match" in _page(second, case)
    factories.look(case, approver)
    _send(second, case, do="second", proposal=str(case.decisions.get().pk))
    assert Case.objects.get().status is State.APPROVED


def test_the_database_itself_keeps_a_second_mismatch_out_and_every_row_in(case: Case, reviewer: User) -> None:
    factories.confirmed(case, reviewer)
    check = _check(case, reviewer, CheckResult.MISMATCH)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuthenticityCheck.objects.create(
            case=case, result="mismatch", checked_at=timezone.now(), sealed_reference=b"x", by=reviewer
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        AuthenticityCheck.objects.filter(pk=check.pk).update(result="match")
    note = evidence.add_note(case=case, text="a doubt", by=reviewer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(sealed_text=b"")


def test_notes_and_files_are_sealed_shown_and_downloaded_on_record(client: Client, case: Case) -> None:
    jpeg = (Path(factories.CARDS) / "clean-005.jpg").read_bytes()
    for name, content in (("scan.jpg", jpeg), ("receipt.pdf", PDF)):
        file = SimpleUploadedFile(name, content)
        sent = factories.page_form(case, do="note", note=f"see {factories.NUMBER}", note_file=file)  # type: ignore[arg-type]
        page = _send(client, case, **sent).content.decode()
        assert name in page
    assert "see 531004-1******" in page
    picture, pdf = Attachment.objects.order_by("at")
    assert PDF not in storage.pictures().open(pdf.storage_key).read()
    answer = client.post(reverse("admin:kyc_case_file", args=[case.pk, pdf.pk]))
    assert (answer.content, answer["Content-Disposition"].partition(";")[0]) == (PDF, "attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Disclosure.objects.filter(what="file", reason="review").count() == 1
    other = factories.browser(factories.officer(Role.REVIEWER, "other"))
    address = reverse("admin:kyc_case_file", args=[case.pk, picture.pk])
    assert other.post(address).status_code == 422
    assert other.post(address, {"why": "a second opinion"}).content.startswith(b"\xff\xd8\xff")
    assert Disclosure.objects.filter(what="file", reason="other: a second opinion").count() == 1


def test_what_is_no_picture_and_no_pdf_is_refused_and_nothing_typed_is_lost(
    client: Client, case: Case, settings: object
) -> None:
    file = SimpleUploadedFile("run.exe", b"MZ not a picture")
    page = _send(client, case, **factories.page_form(case, do="note", note="my thoughts", note_file=file))  # type: ignore[arg-type]
    assert page.status_code == 422
    assert "Only pictures" in page.content.decode()
    assert "my thoughts" in page.content.decode()
    settings.UPLOAD_MAX_BYTES = 100_000  # type: ignore[attr-defined]
    large = SimpleUploadedFile("large.pdf", PDF + bytes(250_000))
    sent = {"note_file": large} | factories.page_form(case, do="note", note="my thoughts")
    page = _send(client, case, **sent)
    assert "too large" in page.content.decode()
    assert "my thoughts" in page.content.decode(), "fields after the file are read too"
    assert not Attachment.objects.exists()


def test_erasure_takes_the_files_and_the_reconciler_spares_them_before(case: Case, reviewer: User) -> None:
    file = files.clean(upload=PDF, name="receipt.pdf")
    evidence.add_note(case=case, text="", by=reviewer, file=file)
    kept = Attachment.objects.get()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reconcile, "GRACE", timedelta(seconds=-5))
        reconcile.remove_orphans()
    assert storage.exists(kept.storage_key)
    holding.release(case=case, by=reviewer)
    Case.objects.filter(pk=case.pk).update(state=State.WITHDRAWN)
    retention.erase(case=Case.objects.get(pk=case.pk), by=SYSTEM, reason=Reason.ASKED)
    assert not storage.exists(kept.storage_key)


def test_a_page_older_than_the_proposal_is_told_so_and_takes_the_case_from_nobody(
    client: Client, case: Case, reviewer: User
) -> None:
    review.reject(case=case, reasons=[RejectReason.OTHER], by=reviewer)
    late = _send(client, case, do="note", note="one more thing")
    assert "waits for a second officer" in late.content.decode()
    assert Case.objects.get().claimed_by is None
    assert not Note.objects.exists()


def test_the_page_asks_what_the_host_of_the_case_asks(
    client: Client, case: Case, settings: LazySettings
) -> None:
    settings.FOUR_EYES = []
    assert "A second officer must agree to a rejection" not in _page(client, case)
    host = Host.objects.create(name="bank")
    Verification.objects.create(case=case, host=host, reference="1", methods=3, second_officer=True)
    Case.objects.filter(pk=case.pk).update(channel=Case.Channel.HOST)
    factories.identified(case)
    page = _page(client, case)
    assert "Approval needs 3 ways of identification; 1 is still missing" in page
    assert "A second officer must agree to a rejection" in page
    refused = _send(client, case, **factories.ticked(case, do="approve"))
    assert "too few are recorded" in refused.content.decode()
