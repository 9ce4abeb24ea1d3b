"""Leases of slow, dead and paused workers, and of workers whose clock was set back."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from kyc.models import Document, Reading
from kyc.services import recognition
from kyc.services.recognition import heartbeat, leases, settlement
from kyc.services.recognition.heartbeat import kept
from tests.officers.factories import answer


@pytest.mark.django_db(transaction=True)
def test_a_slow_reader_outlasts_its_lease_and_its_answer_is_saved_once(
    document: Document, settings: LazySettings
) -> None:
    settings.READING_LEASE_SECONDS = 3
    lease = leases.take(document.id, "local")
    assert lease is not None
    with kept(lease):
        for _ in range(5):
            time.sleep(0.9)
            assert leases.take(document.id, "local") is None
    settlement.succeeded(lease, answer("clean-004.jpg"))
    assert Reading.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_lease_that_cannot_be_asked_for_ends_no_other_lease(
    document: Document, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.READING_LEASE_SECONDS = 3
    lease = leases.take(document.id, "local")
    assert lease is not None
    with kept(replace(lease, job_id="no id at all")), kept(lease):  # type: ignore[arg-type] # no DatabaseError
        time.sleep(4.5)
        assert leases.take(document.id, "local") is None
    assert f"the lease of document {document.id} was not renewed: ValueError" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_keeper_whose_thread_ended_starts_another(
    document: Document, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.READING_LEASE_SECONDS = 3
    ended = threading.Thread(target=int)
    ended.start()
    ended.join()
    keeper = heartbeat._Keeper()
    keeper.thread = ended
    monkeypatch.setattr(heartbeat, "_keeper", keeper)
    lease = leases.take(document.id, "local")
    assert lease is not None
    with kept(lease):
        time.sleep(4.5)
        assert leases.take(document.id, "local") is None


@pytest.mark.django_db(transaction=True)
def test_a_paused_worker_does_not_win_its_lease_back(document: Document, settings: LazySettings) -> None:
    settings.READING_LEASE_SECONDS = 1
    paused = leases.take(document.id, "local")
    assert paused is not None
    time.sleep(1.1)
    with kept(paused):
        second = leases.take(document.id, "local")
        assert second is not None
        time.sleep(0.5)
    settlement.succeeded(paused, answer("clean-004.jpg"))
    assert not Reading.objects.exists()
    settlement.succeeded(second, answer("clean-004.jpg"))
    assert Reading.objects.count() == 1


@pytest.mark.django_db
def test_a_lease_of_a_clock_that_was_set_back_holds_nothing_up(document: Document) -> None:
    assert leases.take(document.id, "local") is not None
    ahead = timezone.now() + timedelta(hours=1)
    document.jobs.update(lease_until=ahead, rung_at=ahead)
    assert recognition.due_documents() == [document.id]
    assert leases.take(document.id, "local") is not None


@pytest.mark.django_db
def test_a_job_that_came_free_is_rung_for_at_once(document: Document) -> None:
    assert recognition.due_documents() == [document.id]
    assert leases.take(document.id, "local") is not None
    assert recognition.due_documents() == []
    document.jobs.update(
        lease_until=timezone.now() - timedelta(seconds=1), rung_at=timezone.now() - timedelta(seconds=2)
    )
    assert recognition.due_documents() == [document.id]


@pytest.mark.django_db
def test_a_picture_taken_in_by_a_machine_whose_clock_was_ahead_is_read_now(document: Document) -> None:
    document.jobs.update(next_attempt_at=timezone.now() + timedelta(seconds=90))
    assert recognition.due_documents() == [document.id]
    assert leases.due_readers(document.id) == ["local"]
    assert leases.take(document.id, "local") is not None
