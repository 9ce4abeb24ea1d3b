"""Two workers, two requests or a crash at the worst moment: each effect once, and nothing is stranded."""

import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import LazySettings
from django.core.files.storage import FileSystemStorage
from django.db import connection, transaction
from django.utils import timezone
from kombu import pools
from pytest_django import DjangoAssertNumQueries

from kyc import tasks
from kyc.domain.lifecycle import IllegalMove, State
from kyc.models import AuditEntry, Case, Document, Finding, Reading
from kyc.services import audit, intake, reconcile, retention
from kyc.services.intake import ShownText
from kyc.services.recognition import leases, settlement
from kyc.vault import keyfile, storage
from kyc.vault.files import write_once
from tests.officers.factories import answer


def _together(*verbs: Callable[[], object]) -> list[BaseException]:
    """Runs each in a thread with a connection of its own, all at once; what they raised."""
    start, raised = threading.Barrier(len(verbs)), list[BaseException]()

    def run(verb: Callable[[], object]) -> None:
        start.wait()
        try:
            verb()
        except Exception as e:
            raised.append(e)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def _with_two_jobs(card: bytes, settings: LazySettings) -> Document:
    settings.OCR_READERS = ["local", "tencent"]
    case = intake.open_case()
    shown = [ShownText("transfer_abroad", "1", "words", granted=True)]
    intake.record_texts(case=case, shown=shown, locale="ko", address=None)
    return intake.submit_document(case=case, upload=card)


@pytest.mark.django_db(transaction=True)
def test_the_last_two_readers_that_settle_at_once_do_not_miss_each_other(
    card: bytes, settings: LazySettings
) -> None:
    for _ in range(5):
        document = _with_two_jobs(card, settings)
        taken = [leases.take(document.id, name) for name in ("local", "tencent")]
        verbs = [
            lambda lease=lease: settlement.succeeded(lease, answer("clean-004.jpg"))  # type: ignore[misc]
            for lease in taken
        ]
        assert not _together(*verbs)
        assert Case.objects.get(pk=document.case_id).status is State.IN_REVIEW
        assert document.readings.count() == 2
        assert Finding.objects.filter(code="readers.agree", reading__document=document).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_while_the_answer_is_saved_ends_without_a_deadlock(card: bytes) -> None:
    for _ in range(5):
        case = intake.open_case()
        document = intake.submit_document(case=case, upload=card)
        lease = leases.take(document.id, "local")
        assert lease is not None
        mine = Case.objects.get(pk=case.pk)
        raised = _together(
            lambda lease=lease: settlement.succeeded(lease, answer("clean-004.jpg")),  # type: ignore[misc]
            lambda mine=mine: retention.withdraw(case=mine),  # type: ignore[misc]
        )
        assert all(isinstance(e, IllegalMove) for e in raised)  # read first: the page tells, they try again
        assert Case.objects.get(pk=case.pk).state in {State.WITHDRAWN, State.IN_REVIEW}
    assert audit.verify()[1] is None


@pytest.mark.django_db(transaction=True)
def test_the_same_picture_from_two_devices_at_once_is_one_document_and_one_file(card: bytes) -> None:
    case = intake.open_case()
    copies = [Case.objects.get(pk=case.pk) for _ in range(3)]
    raised = _together(
        *(lambda copy=copy: intake.submit_document(case=copy, upload=card) for copy in copies)  # type: ignore[misc]
    )
    assert not raised
    document = case.documents.get()
    assert document.jobs.count() == 1
    folder, name = os.path.split(document.storage_key)
    assert storage.pictures().listdir(folder)[1] == [name]


@pytest.mark.django_db
def test_the_reconciler_removes_old_orphans_alone_and_minds_no_foreign_name(
    document: Document, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    store = storage.pictures()
    orphans = [
        "00/00/not-a-uuid.sealed",
        "00/00/11111111-1111-4111-8111-111111111111.sealed",
        "00/00/young.sealed",
    ]
    for name in orphans:
        path = Path(store.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"sealed")
    old = (timezone.now() - timedelta(hours=2)).timestamp()
    for name in [document.storage_key, *orphans[:2]]:
        os.utime(store.path(name), (old, old))
    assert reconcile.remove_orphans() == 2
    assert store.exists(document.storage_key)
    assert store.exists(orphans[2])
    assert AuditEntry.objects.filter(action="picture.orphan_removed").count() == 2
    store.delete(orphans[2])


@pytest.mark.django_db
def test_a_row_whose_picture_is_gone_is_told_once_in_the_chain(
    document: Document, caplog: pytest.LogCaptureFixture
) -> None:
    assert reconcile.tell_missing() == 0
    storage.delete(document.storage_key)
    assert reconcile.tell_missing() == 0, "it may be on its way"
    Document.objects.update(received_at=timezone.now() - timedelta(hours=2))
    assert reconcile.tell_missing() == 1
    assert f"the picture of document {document.id} is not in the store" in caplog.text
    assert reconcile.tell_missing() == 0
    entry = AuditEntry.objects.get(action="picture.missing")
    assert entry.case_id == document.case_id


def _removed_from_store(*, count: int, cards: Path) -> list[Document]:
    """Documents of one case whose pictures are gone, in the order in which they are asked about."""
    case, documents = intake.open_case(), []
    for number in range(count):
        card = (cards / f"clean-00{number}.jpg").read_bytes()
        documents.append(intake.submit_document(case=case, upload=card))
        Case.objects.update(state=State.RETAKE)
        case.refresh_from_db()
    for document in documents:
        storage.delete(document.storage_key)
    Document.objects.update(received_at=timezone.now() - timedelta(hours=2))
    return sorted(documents, key=lambda document: document.pk)


@pytest.mark.django_db
def test_each_missing_picture_of_a_case_is_told_and_a_run_goes_on_where_the_last_one_stopped(
    cards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = _removed_from_store(count=3, cards=cards)
    monkeypatch.setattr(reconcile, "AT_ONCE", 1)
    assert [reconcile.tell_missing(seconds=0) for _ in documents] == [1, 1, 1]
    told = AuditEntry.objects.filter(action="picture.missing").order_by("sequence")
    assert [entry.data["document"] for entry in told] == [str(document.pk) for document in documents]
    assert reconcile.tell_missing(seconds=0) == 0, "the round is over"
    assert reconcile.tell_missing() == 0, "the next one tells nothing twice"


@pytest.mark.django_db
def test_orphans_in_late_folders_are_reached_and_the_round_begins_anew(
    settings: LazySettings, tmp_path: Path
) -> None:
    _keep_pictures_in(settings, tmp_path)
    for folder in ("00/00", "00/ff", "ff/ff"):
        _orphan(tmp_path / folder)
    assert [reconcile.remove_orphans(seconds=0) for _ in range(4)] == [1, 1, 1, 0]
    _orphan(tmp_path / "00" / "00")
    assert reconcile.remove_orphans(seconds=0) == 1


@pytest.mark.django_db
def test_a_folder_that_cannot_be_listed_ends_no_run(
    settings: LazySettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _keep_pictures_in(settings, tmp_path, backend="tests.services.test_faults_races.OneFolderFails")
    for folder in ("00/00", "00/01", "ff/ff"):
        _orphan(tmp_path / folder)
    assert reconcile.remove_orphans() == 2
    assert "a folder of pictures could not be listed: StorageFailed" in caplog.text


class OneFolderFails(FileSystemStorage):
    """As a bucket does: with an error of its own make."""

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        if path == "00/00":
            raise ClientError({"Error": {"Code": "SlowDown"}}, "ListObjectsV2")
        return super().listdir(path)


def _keep_pictures_in(
    settings: LazySettings, folder: Path, backend: str = "django.core.files.storage.FileSystemStorage"
) -> None:
    there = {"BACKEND": backend, "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = settings.STORAGES | {"pictures": there}


def _orphan(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "orphan.sealed"
    path.write_bytes(b"sealed")
    old = (timezone.now() - timedelta(hours=2)).timestamp()
    os.utime(path, (old, old))


def test_a_task_that_is_told_to_end_is_no_failure_of_the_storage() -> None:
    with pytest.raises(SoftTimeLimitExceeded), storage._one_kind_of_error():
        raise SoftTimeLimitExceeded


@pytest.mark.django_db
def test_a_broker_that_fails_in_its_own_way_does_not_fail_the_customer(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "broker.sqlite3"
    broken.write_text("this is no database at all, whatever its name says" * 100)
    app = tasks.read_document.app
    its_pool = pools.producers[app.connection_for_write(f"sinwon-sqlite:///{broken}")]
    monkeypatch.setattr(app.amqp, "_producer_pool", its_pool)
    tasks.ring(document.id)
    assert f"the bell for document {document.id} was not heard (StoreError)" in caplog.text


def test_a_key_file_stands_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    (tmp_path / f"keys.{os.getpid()}.part").write_text("a crash left this")
    write_once(path, "whole")
    with pytest.raises(FileExistsError):
        write_once(path, "another")
    assert path.read_text() == "whole"
    assert [entry.name for entry in tmp_path.iterdir()] == ["keys"]
    keyfile.create(tmp_path / "keyring.json")


@pytest.mark.django_db
def test_what_the_reader_calls_itself_fits_its_column_on_every_database(document: Document) -> None:
    told = answer("clean-004.jpg", issued="")
    assert told.details is not None
    details = type(told.details)(
        engine="e\0" * 50, version="v" * 100, fields={}, geometry=None, photo_box=None, reason=""
    )
    lease = leases.take(document.id, "local")
    assert lease is not None
    changed = {name: getattr(told, name) for name in told.__slots__} | {
        "details": details,
        "request_id": "r" * 100,
    }
    with transaction.atomic():
        settlement.succeeded(lease, type(told)(**changed))
    assert Reading.objects.get().engine == "e" * 50
