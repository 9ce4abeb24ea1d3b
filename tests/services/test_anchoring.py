"""Checkpoints kept off the host: object lock over the wire of S3 (moto), time stamps of an authority (openssl)."""

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config import storage
from kyc import tasks
from kyc.domain.actors import SYSTEM
from kyc.domain.roles import Role
from kyc.models import Anchor, AuditEntry, Checkpoint, append_only
from kyc.services import anchoring, audit
from kyc.vault import timestamps
from tests.aws import REGION, Aws
from tests.officers import factories
from tests.timestamping import Authority

pytestmark = pytest.mark.django_db
TOOL = Path(__file__).parent.parent.parent / "tools" / "verify_audit_export.py"


@pytest.fixture
def bucket(aws: Aws, settings: LazySettings) -> str:
    name = aws.bucket(f"anchors-{uuid.uuid4().hex[:8]}", locked=True)
    url = f"s3://{name}/audit?region={REGION}&endpoint={aws.endpoint}"
    settings.ANCHOR_URL = url
    settings.STORAGES = settings.STORAGES | {"anchors": storage.locked(url, years=5)}
    return name


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    running = Authority(tmp_path_factory.mktemp("tsa"))
    yield running
    running.stop()


def _grown(times: int = 3) -> None:
    for _ in range(times):
        AuditEntry.append("test.event", by=SYSTEM)
        tasks.sign_audit()


def _sql(*statements: str) -> None:
    append_only.remove(connection)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_every_checkpoint_is_kept_off_the_host_and_locked_for_years(bucket: str, aws: Aws) -> None:
    _grown()
    assert Anchor.objects.filter(kind="store").count() == Checkpoint.objects.count() == 3
    client = aws.client("s3")
    (version, *_) = client.list_object_versions(Bucket=bucket)["Versions"]
    told = client.head_object(Bucket=bucket, Key=version["Key"])
    assert told["ObjectLockMode"] == "COMPLIANCE"
    assert told["ObjectLockRetainUntilDate"] > datetime.now(UTC) + timedelta(days=5 * 365)
    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
    assert anchoring.verify() == (3, [])


def test_a_bucket_without_object_lock_keeps_nothing_and_the_worker_goes_on(
    aws: Aws, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = aws.bucket(f"open-{uuid.uuid4().hex[:8]}")
    settings.ANCHOR_URL = url = f"s3://{name}/audit?region={REGION}&endpoint={aws.endpoint}"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"anchors": storage.locked(url, years=5), "staticfiles": plain}
    _grown(1)
    assert not Anchor.objects.exists()
    assert anchoring.behind_since() is None, "a moment is no alarm"
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(minutes=6))
    assert anchoring.behind_since() == Checkpoint.objects.get().at
    page = factories.browser(factories.officer(Role.AUDITOR)).get("/admin/").content.decode()
    assert "are not kept off the host since" in page


def test_what_could_not_be_kept_is_kept_by_the_next_run(
    bucket: str, aws: Aws, settings: LazySettings
) -> None:
    good = settings.STORAGES["anchors"]
    bad = good | {"OPTIONS": good["OPTIONS"] | {"endpoint_url": "http://127.0.0.1:9"}}
    settings.STORAGES = settings.STORAGES | {"anchors": bad}
    _grown(2)
    assert not Anchor.objects.exists()
    settings.STORAGES = settings.STORAGES | {"anchors": good}
    assert anchoring.run().kept == 2
    assert anchoring.behind_since() is None


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (
            (
                "DELETE FROM kyc_checkpoint WHERE sequence > 1",
                "DELETE FROM kyc_auditentry WHERE sequence > 1",
            ),
            "cut off",
        ),
        (("UPDATE kyc_checkpoint SET hash = signature WHERE sequence = 2",), "another checkpoint"),
    ],
)
def test_entries_and_checkpoints_that_were_cut_off_together_are_found_by_the_anchors(
    bucket: str, statements: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _grown()
    _sql(*statements)
    _, broken = anchoring.verify()
    assert any(words in found.what for found in broken)
    with pytest.raises(SystemExit):
        call_command("verify_audit", "--anchors")
    assert words in capsys.readouterr().err


def test_a_forged_anchor_is_told(bucket: str, aws: Aws) -> None:
    _grown(1)
    forged = audit.told(Checkpoint.objects.get()) | {"sequence": 9}
    aws.client("s3").put_object(Bucket=bucket, Key="audit/9.json", Body=json.dumps(forged).encode())
    aws.client("s3").put_object(Bucket=bucket, Key="audit/x.json", Body=b"no json")
    count, broken = anchoring.verify()
    assert count == 1
    assert len(broken) == 2


def test_the_stand_alone_verifier_reads_a_folder_of_anchors(
    bucket: str, aws: Aws, tmp_path: Path, settings: LazySettings
) -> None:
    _grown()
    folder = tmp_path / "anchors"
    folder.mkdir()
    client = aws.client("s3")
    for told in client.list_objects_v2(Bucket=bucket)["Contents"]:
        client.download_file(bucket, told["Key"], str(folder / Path(told["Key"]).name))
    call_command("export_audit", str(tmp_path / "whole.jsonl"), verbosity=0)
    assert _tool(tmp_path / "whole.jsonl", folder, settings).returncode == 0
    lines = (tmp_path / "whole.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "cut.jsonl").write_text("".join(lines[:3]))
    done = _tool(tmp_path / "cut.jsonl", folder, settings)
    assert done.returncode == 1
    assert "which is missing: cut off" in done.stdout


def _tool(export: Path, anchors: Path, settings: LazySettings) -> "subprocess.CompletedProcess[str]":
    key = str(settings.AUDIT_KEY.with_suffix(".pub"))
    command = [sys.executable, "-I", str(TOOL), str(export), "--key", key, "--anchors", str(anchors)]
    return subprocess.run(command, cwd="/", env={}, capture_output=True, text=True, timeout=60)


def test_an_authority_certifies_the_hour_of_a_checkpoint(
    authority: Authority, settings: LazySettings
) -> None:
    settings.TSA_URL, settings.TSA_ROOTS = authority.url, authority.roots
    _grown(2)
    anchor = Anchor.objects.get()
    assert (anchor.kind, anchor.sequence) == ("time", 1), "one an hour, not one a minute"
    text = Checkpoint.objects.get(pk=1).statement()
    at = timestamps.time_of(bytes(anchor.token or b""), text, roots=authority.roots)
    assert abs(at - timezone.now()) < timedelta(minutes=1)
    assert anchoring.verify() == (1, [])
    with pytest.raises(timestamps.NoStamp):
        timestamps.time_of(bytes(anchor.token or b""), text + b"x", roots=authority.roots)
    with pytest.raises(timestamps.NoStamp):
        timestamps.time_of(bytes(anchor.token or b"")[:-3], text, roots=authority.roots)


def test_a_stamp_of_a_checkpoint_that_was_dated_back_is_found(
    authority: Authority, settings: LazySettings
) -> None:
    settings.TSA_URL, settings.TSA_ROOTS = authority.url, authority.roots
    _grown(1)
    append_only.remove(connection)
    point = Checkpoint.objects.get()
    key = audit.signing.load_signing_key(settings.AUDIT_KEY)
    point.at -= timedelta(days=3)
    point.signature = key.sign(point.statement())
    Checkpoint.objects.filter(pk=point.pk).update(at=point.at, signature=point.signature)
    _, broken = anchoring.verify()
    assert ["does not hold" in found.what for found in broken] == [True]


def test_an_authority_that_nobody_knows_or_that_answers_nonsense_certifies_nothing(
    authority: Authority, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = Authority(_folder(tmp_path / "stranger"))
    settings.TSA_URL, settings.TSA_ROOTS = authority.url, stranger.roots
    _grown(1)
    settings.TSA_ROOTS = tmp_path / "none.pem"
    _grown(1)
    settings.TSA_ROOTS = authority.roots
    monkeypatch.setattr(authority, "reply", lambda query: b"nonsense")
    _grown(1)
    settings.TSA_URL = "http://127.0.0.1:9/"
    _grown(1)
    stranger.stop()
    assert not Anchor.objects.exists()
    assert audit.verify() == (4, None)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_an_entry_that_waited_for_a_checkpoint_fails_the_verifiers(
    settings: LazySettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() - timedelta(minutes=6))
    AuditEntry.append("test.event", by=SYSTEM)
    monkeypatch.undo()
    assert [found.sequence for found in audit.late()] == [1], "it waits still"
    audit.sign()
    assert [found.sequence for found in audit.late()] == [1], "it waited"
    with pytest.raises(SystemExit):
        call_command("verify_audit")
    assert "waited 36" in capsys.readouterr().err
    call_command("verify_audit", "--max-gap", "0")
    call_command("export_audit", str(tmp_path / "audit.jsonl"), verbosity=0)
    key = str(settings.AUDIT_KEY.with_suffix(".pub"))

    def tool(*options: str) -> Any:
        command = [sys.executable, "-I", str(TOOL), str(tmp_path / "audit.jsonl"), "--key", key, *options]
        return subprocess.run(command, cwd="/", env={}, capture_output=True, text=True, timeout=60)

    assert "entry 1 waited 36" in tool().stdout
    assert tool("--max-gap", "0").returncode == 0


def test_a_tail_that_nobody_signed_in_time_fails_the_stand_alone_verifier(
    settings: LazySettings, tmp_path: Path
) -> None:
    _grown(1)
    call_command("export_audit", str(tmp_path / "audit.jsonl"), verbosity=0)
    header, *lines = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    AuditEntry.append("test.event", by=SYSTEM)
    tail = list(audit.export())[-1]
    header["at"] = (timezone.now() + timedelta(minutes=6)).isoformat(timespec="microseconds")
    (tmp_path / "tail.jsonl").write_text("".join(json.dumps(x) + "\n" for x in (header, *lines, tail)))
    key = str(settings.AUDIT_KEY.with_suffix(".pub"))
    done = subprocess.run(
        [sys.executable, "-I", str(TOOL), str(tmp_path / "tail.jsonl"), "--key", key],
        cwd="/", env={}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "entry 2 waited" in done.stdout
