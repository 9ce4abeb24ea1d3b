"""The reconciler: rounds over the pictures and their rows that end in time, go on, and miss none."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config.storage import backend
from kyc.domain.lifecycle import State
from kyc.models import AuditEntry, Case, Document
from kyc.services import intake, reconcile
from kyc.vault import storage
from tests.aws import REGION, Aws


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
    _keep_pictures_in(settings, tmp_path, backend="tests.services.test_reconcile.OneFolderFails")
    for folder in ("00/00", "00/01", "ff/ff"):
        _orphan(tmp_path / folder)
    assert reconcile.remove_orphans() == 2
    assert "a folder of pictures could not be listed: StorageFailed" in caplog.text


@pytest.mark.django_db
def test_in_a_bucket_orphans_go_missing_pictures_are_told_and_one_that_is_gone_already_fails_nothing(
    settings: LazySettings, aws: Aws, cards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = aws.bucket("reconciled")
    url = f"s3://{bucket}/cards?region={REGION}&endpoint={aws.endpoint}"
    settings.STORAGES = settings.STORAGES | {"pictures": backend(url)}
    _removed_from_store(count=1, cards=cards)
    kept = intake.submit_document(case=intake.open_case(), upload=(cards / "clean-004.jpg").read_bytes())
    for name in ("00/00/one.sealed", "ff/ff/two.sealed"):
        storage.pictures().save(name, ContentFile(b"sealed"))
    monkeypatch.setattr(reconcile, "GRACE", timedelta(0))
    assert reconcile.reconcile() == (2, 1)
    assert storage.exists(kept.storage_key)
    assert reconcile._remove("ff/ff/two.sealed") is False


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
