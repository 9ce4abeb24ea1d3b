"""Two readers of one card: where they differ is told, and nothing goes abroad without a consent in force."""

import json
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from kyc.domain.facts import Field, RawFields
from kyc.domain.findings import Severity
from kyc.domain.lifecycle import State
from kyc.domain.reader_rules import compare
from kyc.models import Case, Consent, Document, Reading, ReadingJob
from kyc.selectors import values
from kyc.services import custody, intake, recognition
from kyc.services.intake import ShownText
from kyc.services.recognition import leases, readers, settlement
from tests.officers.factories import answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_readers(reader: None, settings: LazySettings) -> None:
    """The local reader twice: once as itself, once in the vendor's place, which is asked for no details."""
    secret_id, secret_key = next(iter(json.loads(settings.OCR_LOCAL_KEYS.read_text()).items()))
    settings.OCR_READERS = ["tencent", "local"]
    settings.OCR_ENDPOINT = readers.local_endpoint()
    settings.OCR_SECRET_ID, settings.OCR_SECRET_KEY = secret_id, secret_key


def _answered(case: Case, granted: bool) -> Case:
    shown = [ShownText("transfer_abroad", "1", "words", granted=granted)]
    intake.record_texts(case=case, shown=shown, locale="ko", address=None)
    return case


def _jobs(document: Document) -> set[str]:
    return set(document.jobs.values_list("reader", flat=True))


def _state(case: Case) -> State:
    return Case.objects.get(pk=case.pk).status


def test_two_readers_read_the_same_card_and_agree(two_readers: None, case: Case, card: bytes) -> None:
    document = intake.submit_document(case=_answered(case, True), upload=card)
    recognition.read(document_id=document.id)
    assert set(Reading.objects.values_list("reader", "error_code")) == {("local", ""), ("tencent", "")}
    assert _state(case) is State.IN_REVIEW
    agreed = case.findings.get(code="readers.agree")
    assert set(agreed.fields) == set(Field)
    assert agreed.reading == values.newest_reading(case)
    assert not case.findings.filter(code="readers.differ").exists()
    settlement.conclude(document)
    assert case.findings.filter(code="readers.agree").count() == 1


def test_where_two_readers_differ_each_field_is_a_finding_with_sealed_evidence(
    case: Case, card: bytes, settings: LazySettings
) -> None:
    settings.OCR_READERS = ["tencent", "local"]
    document = intake.submit_document(case=_answered(case, True), upload=card)
    for name, told in {
        "local": answer("clean-004.jpg"),
        "tencent": answer("clean-004.jpg", ID="531004-1980188", Name="양선중"),
    }.items():
        lease = leases.take(document.id, name)
        assert lease is not None
        settlement.succeeded(lease, told)
    found = {finding.fields[0]: finding for finding in case.findings.filter(code="readers.differ")}
    assert {name: finding.severity for name, finding in found.items()} == {"rrn": "high", "name": "low"}
    evidence = custody.open_evidence(case.key(), found["rrn"])
    assert evidence == {"digits": "13", "local": "531004-1******", "tencent": "531004-1******"}
    assert custody.open_evidence(case.key(), found["name"])["tencent"] == "양선중"
    assert case.findings.get(code="readers.agree").severity == Severity.INFO


def test_readings_are_compared_by_what_they_say_not_by_how_it_is_written() -> None:
    one = RawFields(name="홍길동 (洪吉童)", issued="01/02/2020", sex="男")
    other = RawFields(name="홍길동(洪吉童)", issued="2020.2.1.", address="서울특별시")
    assert [(found.code, found.fields) for found in compare({"local": one, "tencent": other})] == [
        ("readers.agree", (Field.NAME, Field.ISSUED))
    ]
    assert compare({"local": one}) == []
    assert compare({"local": RawFields(), "tencent": RawFields()}) == []


def test_who_was_never_asked_or_said_no_sends_nothing_abroad(
    two_readers: None, case: Case, card: bytes
) -> None:
    assert _jobs(intake.submit_document(case=case, upload=card)) == {"local"}
    refusing = _answered(_answered(intake.open_case(), True), False)
    assert _jobs(intake.submit_document(case=refusing, upload=card)) == {"local"}
    taken_back = _answered(intake.open_case(), True)
    Consent.objects.filter(case=taken_back).update(withdrawn_at=timezone.now())
    assert _jobs(intake.submit_document(case=taken_back, upload=card)) == {"local"}


def test_a_consent_withdrawn_while_the_card_waits_is_heeded(
    two_readers: None, case: Case, card: bytes
) -> None:
    document = intake.submit_document(case=_answered(case, True), upload=card)
    assert _jobs(document) == {"local", "tencent"}
    Consent.objects.update(withdrawn_at=timezone.now())
    recognition.read(document_id=document.id)
    assert dict(Reading.objects.values_list("reader", "error_code")) == {
        "local": "",
        "tencent": "Sinwon.NoTransferConsent",
    }
    assert _state(case) is State.IN_REVIEW


def test_where_only_the_reader_abroad_is_configured_an_officer_types(
    case: Case, card: bytes, settings: LazySettings
) -> None:
    settings.OCR_READERS = ["tencent"]
    document = intake.submit_document(case=_answered(case, True), upload=card)
    Consent.objects.update(withdrawn_at=timezone.now())
    recognition.read(document_id=document.id)
    assert _state(case) is State.IN_REVIEW
    assert ReadingJob.objects.get().last_error == "Sinwon.NoTransferConsent"
    other = intake.open_case()
    assert not _jobs(intake.submit_document(case=other, upload=card))
    assert _state(other) is State.IN_REVIEW


def test_one_readers_failure_does_not_stop_the_other(
    two_readers: None, case: Case, card: bytes, settings: LazySettings
) -> None:
    settings.OCR_ENDPOINT = "127.0.0.1:9"
    document = intake.submit_document(case=_answered(case, True), upload=card)
    recognition.read(document_id=document.id)
    assert list(Reading.objects.values_list("reader", flat=True)) == ["local"]
    assert document.jobs.get(reader="tencent").settled_at is None
    assert recognition.conclude_stranded() == 0
    Case.objects.update(changed_at=timezone.now() - timedelta(minutes=3))
    assert recognition.conclude_stranded() == 1
    assert _state(case) is State.IN_REVIEW
