"""Backup and restore on another machine: the drill ends in a verified chain and opened samples."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings

from kyc.domain.actors import SYSTEM
from kyc.domain.lifecycle import State
from kyc.domain.retention import Reason
from kyc.services import audit, intake, recognition, retention
from kyc.vault import storage
from tests.services.test_replay import Backup, _rejected

ROOT = Path(__file__).parent.parent.parent
KEYS = ("keyring.json", "audit.key", "audit.pub", "secret_key")


def _restored(backup: Backup, folder: Path, settings: LazySettings) -> "subprocess.CompletedProcess[str]":
    """The check, in a process that has the restored database, the copied keys and the copied pictures alone."""
    return subprocess.run(
        [sys.executable, "manage.py", "check_restore", "--sample", "10"],
        cwd=ROOT,
        env=backup.environment | {"SINWON_VAR": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.django_db(transaction=True)
def test_a_restore_elsewhere_ends_in_a_verified_chain_and_opened_cases(
    tmp_path: Path, settings: LazySettings, card: bytes, reader: None
) -> None:
    documents = [intake.submit_document(case=intake.open_case(), upload=card) for _ in range(3)]
    for document in documents:
        recognition.read(document_id=document.id)
    erased = _rejected()
    retention.erase(case=erased, by=SYSTEM, reason=Reason.ASKED)
    audit.sign()
    backup, folder = Backup(tmp_path, settings), tmp_path / "elsewhere"
    shutil.copytree(Path(settings.VAR) / "pictures", folder / "pictures")
    for name in KEYS:
        shutil.copy(Path(settings.VAR) / name, folder / name)
    done = _restored(backup, folder, settings)
    assert done.returncode == 0, done.stderr
    assert "3 of 3 cases drawn by chance opened, 3 pictures" in done.stdout
    assert documents[0].case.__class__.objects.get(pk=erased.pk).status is State.ERASED

    Path(folder / "pictures" / documents[0].storage_key).write_bytes(b"half a picture")
    (folder / "pictures" / documents[1].storage_key).unlink()
    done = _restored(backup, folder, settings)
    assert done.returncode == 1
    assert f"case {documents[0].case_id} does not open: Refused" in done.stderr
    assert f"case {documents[1].case_id} does not open: FileNotFoundError" in done.stderr
    assert storage.exists(documents[1].storage_key), "the original is as it was"
