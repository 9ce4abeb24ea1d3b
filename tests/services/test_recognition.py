"""A queued card is read once and reaches an officer, whatever dies on the way."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone
from PIL import Image, ImageDraw

from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Step
from kyc.models import AuditEntry, Case, Document, FieldValue, Reading, ReadingJob
from kyc.selectors import values
from kyc.services import custody, intake, recognition, retention
from kyc.services.recognition import leases

pytestmark = pytest.mark.django_db


def _state(case: Case) -> State:
    return Case.objects.get(pk=case.pk).status


def _texts(case: Case) -> dict[Field, str]:
    return {field: custody.open_value(case.key(), value) for field, value in values.current(case).items()}


def _due_again(document: Document) -> None:
    document.jobs.update(next_attempt_at=timezone.now(), lease_until=None)


def _not_a_card(seed: int = 0) -> bytes:
    image = Image.new("RGB", (900, 600), (90 + seed, 120, 60))
    ImageDraw.Draw(image).ellipse((200, 100, 600, 500), fill=(200, 150, 40))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def test_a_card_goes_from_upload_to_review(reader: None, case: Case, document: Document) -> None:
    assert _state(case) is State.QUEUED
    recognition.read(document_id=document.id)
    assert _state(case) is State.IN_REVIEW
    assert _texts(case)[Field.RRN] == "011206-4972261"
    assert _texts(case)[Field.BIRTHDAY] == "2001-12-06"
    assert _texts(case)[Field.ISSUED] == "2020-07-23"
    steps = set(FieldValue.objects.filter(case=case, field=Field.ISSUED).values_list("step", flat=True))
    assert steps == {Step.READ, Step.NORMALISED}
    assert Case.objects.get(pk=case.pk).due_at is not None


def _everything_kept(settings: LazySettings) -> bytes:
    """The database file with its log, or every row of every table."""
    if connection.vendor == "sqlite":
        file = Path(settings.DATABASES["default"]["NAME"])
        return b"".join(path.read_bytes() for path in file.parent.glob(file.name + "*"))
    kept = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            kept += [value for row in cursor.fetchall() for value in row]
    return b"\0".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in kept
    )


def test_nothing_of_the_card_lies_open_in_the_database(
    reader: None, case: Case, document: Document, settings: LazySettings, transactional_db: None
) -> None:
    recognition.read(document_id=document.id)
    texts = _texts(case)
    kept = _everything_kept(settings)
    assert str(case.id.hex).encode() in kept.replace(b"-", b"")
    for text in texts.values():
        if len(text) > 6:
            assert text.encode() not in kept


def test_the_stored_picture_is_sealed(document: Document, settings: LazySettings) -> None:
    stored = (Path(settings.STORAGES["pictures"]["OPTIONS"]["location"]) / document.storage_key).read_bytes()
    assert b"JFIF" not in stored
    assert custody.open_picture(document)[:3] == b"\xff\xd8\xff"


def test_ringing_twice_reads_once(reader: None, case: Case, document: Document) -> None:
    recognition.read(document_id=document.id)
    recognition.read(document_id=document.id)
    assert Reading.objects.filter(document=document).count() == 1
    assert AuditEntry.objects.filter(case_id=case.id, action="reading.saved").count() == 1


def test_the_same_picture_twice_makes_one_document(case: Case, document: Document, card: bytes) -> None:
    again = intake.submit_document(case=Case.objects.get(pk=case.pk), upload=card)
    assert again == document
    assert case.documents.count() == 1


def test_a_worker_that_wakes_after_its_lease_writes_nothing(
    reader: None, case: Case, document: Document
) -> None:
    slow = leases.take(document.id, "local")
    assert slow is not None
    assert leases.take(document.id, "local") is None
    document.jobs.update(lease_until=timezone.now() - timedelta(seconds=1))
    recognition.read(document_id=document.id)
    assert _state(case) is State.IN_REVIEW
    assert not leases.settle(slow)
    assert Reading.objects.filter(document=document).count() == 1


def test_a_case_whose_worker_died_returns_to_the_queue(case: Case, document: Document) -> None:
    leases.take(document.id, "local")
    assert _state(case) is State.READING
    assert recognition.release_stranded() == 0
    document.jobs.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert recognition.release_stranded() == 1
    assert _state(case) is State.QUEUED
    assert recognition.due_documents() == [document.id]
    assert recognition.due_documents() == []


def test_three_dead_workers_send_the_picture_to_an_officer(case: Case, document: Document) -> None:
    for _ in range(3):
        assert leases.take(document.id, "local") is not None
        document.jobs.update(lease_until=timezone.now() - timedelta(seconds=1))
    recognition.read(document_id=document.id)
    assert _state(case) is State.IN_REVIEW
    assert Reading.objects.get(document=document).error_code == "Sinwon.Quarantined"


def test_a_dead_reader_keeps_the_case_waiting_and_loses_nothing(
    case: Case, document: Document, settings: LazySettings
) -> None:
    settings.OCR_LOCAL_ENDPOINT = "127.0.0.1:9"
    for _ in range(8):
        recognition.read(document_id=document.id)
        _due_again(document)
    assert _state(case) is State.QUEUED
    assert ReadingJob.objects.get(document=document).attempts == 0


def test_it_goes_on_when_the_reader_is_back(
    reader: None, case: Case, document: Document, settings: LazySettings
) -> None:
    settings.OCR_LOCAL_ENDPOINT = "127.0.0.1:9"
    recognition.read(document_id=document.id)
    settings.OCR_LOCAL_ENDPOINT = ""
    _due_again(document)
    recognition.read(document_id=document.id)
    assert _state(case) is State.IN_REVIEW


def test_a_picture_without_a_card_asks_for_another_and_never_traps(reader: None, case: Case) -> None:
    for seed in (20, 60):
        document = intake.submit_document(case=Case.objects.get(pk=case.pk), upload=_not_a_card(seed))
        recognition.read(document_id=document.id)
        assert _state(case) is State.RETAKE
    document = intake.submit_document(case=Case.objects.get(pk=case.pk), upload=_not_a_card(9))
    recognition.read(document_id=document.id)
    assert _state(case) is State.IN_REVIEW


def test_who_insists_on_the_same_picture_gets_an_officer(reader: None, case: Case) -> None:
    document = intake.submit_document(case=case, upload=_not_a_card())
    recognition.read(document_id=document.id)
    intake.submit_document(case=Case.objects.get(pk=case.pk), upload=_not_a_card())
    assert _state(case) is State.IN_REVIEW
    assert case.documents.count() == 1


def test_a_card_read_after_the_customer_withdrew_is_not_kept(
    reader: None, case: Case, document: Document
) -> None:
    retention.withdraw(case=Case.objects.get(pk=case.pk))
    recognition.read(document_id=document.id)
    assert _state(case) is State.WITHDRAWN
    assert not FieldValue.objects.filter(case=case).exists()
    assert ReadingJob.objects.get(document=document).settled_at is not None
