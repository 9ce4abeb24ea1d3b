"""Two workers, two requests or a crash at the worst moment: each effect once, and nothing is stranded."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from kombu import pools

from kyc import tasks
from kyc.domain.lifecycle import IllegalMove, State
from kyc.models import Case, Document, Finding, Reading
from kyc.services import audit, intake, retention
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
