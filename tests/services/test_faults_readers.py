"""Keyring, storage, reader or settings fail in the middle: the case waits or reaches an officer, and nothing leaks."""

import logging
import socket
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from botocore.config import Config
from django.conf import LazySettings
from django.utils import timezone

from config import storage
from kyc.domain.lifecycle import State
from kyc.models import Case, Document, Reading, ReadingJob
from kyc.services import intake, recognition
from kyc.services.pictures import StorageDown
from kyc.services.recognition import leases, readers, settlement, sweep
from kyc.services.recognition.readers import ReaderUnavailable
from kyc.vault import s3
from kyc.vault.storage import StorageFailed
from ocr_integration.contract import CardReading
from tests.officers.factories import answer

pytestmark = pytest.mark.django_db


def _state(case: Case) -> State:
    return Case.objects.get(pk=case.pk).status


def _due_again(document: Document) -> None:
    document.jobs.update(next_attempt_at=timezone.now(), lease_until=None)


def _read(document: Document, times: int = 1) -> ReadingJob:
    for _ in range(times):
        _due_again(document)
        recognition.read(document_id=document.id)
    return ReadingJob.objects.get(document=document)


def test_an_answer_that_comes_when_the_case_was_taken_for_stranded_still_moves_it(document: Document) -> None:
    lease = leases.take(document.id, "local")
    assert lease is not None
    Case.objects.get(pk=document.case_id).move(State.QUEUED, by=leases.RECOGNITION, reason="lease_ran_out")
    settlement.succeeded(lease, answer("clean-004.jpg"))
    assert _state(document.case) is State.IN_REVIEW


def test_a_worker_that_wakes_after_its_lease_writes_nothing_even_where_nobody_took_over(
    document: Document,
) -> None:
    lease = leases.take(document.id, "local")
    assert lease is not None
    document.jobs.update(lease_until=timezone.now() - timedelta(seconds=1))
    settlement.succeeded(lease, answer("clean-004.jpg"))
    assert not Reading.objects.exists()
    assert recognition.due_documents() == [document.id]


@pytest.mark.parametrize("state", [State.QUEUED, State.READING])
def test_the_sweeper_moves_on_a_case_whose_jobs_are_all_settled(document: Document, state: State) -> None:
    lease = leases.take(document.id, "local")
    assert lease is not None
    leases.settle(lease)
    Case.objects.update(state=state)
    assert recognition.conclude_stranded() == 0  # it may be in somebody's hands
    Case.objects.update(changed_at=timezone.now() - timedelta(minutes=2))
    assert recognition.conclude_stranded() == 1
    assert _state(document.case) is State.IN_REVIEW


def test_cases_whose_second_picture_waits_keep_the_sweeper_from_no_other_case(
    document: Document, cards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = leases.take(document.id, "local")
    assert lease is not None
    settlement.succeeded(lease, answer("clean-001.jpg"))
    case = Case.objects.get(pk=document.case_id)
    case.move(State.RETAKE, by=leases.RECOGNITION)
    intake.submit_document(case=case, upload=(cards / "clean-002.jpg").read_bytes())
    settled = intake.submit_document(case=intake.open_case(), upload=(cards / "clean-003.jpg").read_bytes())
    settled.jobs.update(settled_at=timezone.now())
    Case.objects.filter(pk=case.pk).update(changed_at=timezone.now() - timedelta(minutes=3))
    Case.objects.filter(pk=settled.case_id).update(changed_at=timezone.now() - timedelta(minutes=2))
    monkeypatch.setattr(sweep, "AT_ONCE", 1)
    assert recognition.conclude_stranded() == 1
    assert (_state(case), _state(settled.case)) == (State.QUEUED, State.IN_REVIEW)


def test_a_reader_that_is_no_longer_configured_strands_nothing(
    document: Document, settings: LazySettings
) -> None:
    ReadingJob.objects.update(reader="tencent")
    _read(document)
    assert Reading.objects.get().error_code == "Sinwon.ReaderRemoved"
    assert _state(document.case) is State.IN_REVIEW


def test_a_keyring_that_is_away_condemns_no_card(
    reader: None, document: Document, settings: LazySettings, tmp_path: Path
) -> None:
    there = settings.KEYRING
    settings.KEYRING = tmp_path / "away.json"
    job = _read(document, times=8)
    assert (job.last_error, job.deaths, job.lease_until) == ("Sinwon.Keyring", 0, None)
    assert _state(document.case) is State.QUEUED
    settings.KEYRING = there
    _read(document)
    assert _state(document.case) is State.IN_REVIEW


def test_without_the_keyring_a_picture_is_not_taken_and_the_case_survives(
    case: Case, card: bytes, settings: LazySettings, tmp_path: Path
) -> None:
    settings.KEYRING = tmp_path / "away.json"
    with pytest.raises(StorageDown):
        intake.submit_document(case=case, upload=card)
    assert _state(case) is State.STARTED


@pytest.mark.parametrize("endpoint", ["not an endpoint", "http://127.0.0.1:9000/"])
def test_an_address_that_is_none_makes_the_case_wait(
    document: Document, settings: LazySettings, endpoint: str
) -> None:
    settings.OCR_LOCAL_ENDPOINT = endpoint
    job = _read(document, times=4)
    assert (job.last_error, job.deaths) == ("Sinwon.BadEndpoint", 0)


@pytest.mark.parametrize("keys", ["", "[]", "{}", '"text"'])
def test_a_damaged_key_file_makes_the_case_wait(
    document: Document, settings: LazySettings, tmp_path: Path, keys: str
) -> None:
    settings.OCR_LOCAL_ENDPOINT = "127.0.0.1:9"
    settings.OCR_LOCAL_KEYS = tmp_path / "keys"
    settings.OCR_LOCAL_KEYS.write_text(keys)
    assert _read(document).last_error == "Sinwon.NoLocalReader"


def test_a_picture_that_is_gone_reaches_an_officer_after_some_tries(
    document: Document, settings: LazySettings
) -> None:
    (Path(settings.STORAGES["pictures"]["OPTIONS"]["location"]) / document.storage_key).unlink()
    job = _read(document, times=5)
    assert (job.last_error, job.settled_at) == ("Sinwon.PictureMissing", None)
    _read(document)
    assert _state(document.case) is State.IN_REVIEW


def test_a_store_that_does_not_answer_is_one_kind_of_error(
    case: Case, card: bytes, settings: LazySettings
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "pictures": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": "pictures",
                "endpoint_url": "http://127.0.0.1:9",
                "access_key": "a",
                "secret_key": "b",
            },
        }
    }
    with pytest.raises(StorageDown) as raised:
        intake.submit_document(case=case, upload=card)
    assert isinstance(raised.value.__cause__, StorageFailed)


def test_a_bucket_that_takes_the_call_and_says_nothing_costs_seconds(
    case: Case, card: bytes, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "PATIENCE", s3.PATIENCE.merge(Config(read_timeout=0.5)))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"s3://pictures/?region=ap-northeast-2&endpoint=http://127.0.0.1:{silent.getsockname()[1]}"
        settings.STORAGES = settings.STORAGES | {"pictures": storage.backend(url)}
        begun = time.monotonic()
        with pytest.raises(StorageDown):
            intake.submit_document(case=case, upload=card)
    assert time.monotonic() - begun < 20


def test_a_fault_of_our_own_is_logged_without_what_was_read(
    document: Document, caplog: pytest.LogCaptureFixture
) -> None:
    lone = answer("clean-004.jpg", Name="양선준\ud800")  # cannot be encoded: the error quotes the whole text
    lease = leases.take(document.id, "local")
    assert lease is not None
    with caplog.at_level(logging.DEBUG):
        settle_as_the_worker_does(lease, lone)
    assert "UnicodeEncodeError" in caplog.text
    assert "양선준" not in caplog.text
    assert ReadingJob.objects.get().last_error == "Sinwon.Defect"
    assert _state(document.case) is State.QUEUED


def settle_as_the_worker_does(lease: leases.Lease, told: CardReading) -> None:
    try:
        settlement.succeeded(lease, told)
    except Exception as e:
        recognition.attempt._defect(lease, e)


def test_an_error_of_the_readers_passes_through_a_context_manager() -> None:
    @contextmanager
    def around():  # type: ignore[no-untyped-def]
        yield

    with pytest.raises(ReaderUnavailable, match=r"Sinwon\.UnknownReader"), around():
        readers.reader("nobody")


def test_a_reader_of_a_command_leaves_the_supervisors_address_alone(
    reader: None, settings: LazySettings
) -> None:
    assert readers.local_endpoint()
    assert not settings.OCR_LOCAL_ADDRESS_FILE.exists()


def test_a_stand_in_for_the_vendor_may_speak_http_on_this_machine_alone(settings: LazySettings) -> None:
    for endpoint, protocol in {
        "127.0.0.1:9000": "http",
        "[::1]:9000": "http",
        "ocr.tencentcloudapi.com": "https",
        "localhost:9000": "https",
        "127.0.0.1.example.com": "https",
        "10.0.0.1:80": "https",
    }.items():
        settings.OCR_ENDPOINT = endpoint
        assert readers.reader("tencent").protocol == protocol
