"""Signed checkpoints, the export, and its verifier that needs nothing of the product."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from kyc import tasks
from kyc.domain.actors import SYSTEM
from kyc.models import AuditEntry, Checkpoint, append_only
from kyc.services import audit
from kyc.vault import signing

pytestmark = pytest.mark.django_db
TOOL = Path(__file__).parent.parent.parent / "tools" / "verify_audit_export.py"

Lines = list[dict[str, Any]]


def _grow(count: int = 3) -> None:
    for number in range(count):
        AuditEntry.append("test.event", by=SYSTEM, data={"number": number, "word": "한글", "part": 0.1})


def _grown() -> None:
    """Nine entries, a checkpoint after each three."""
    for _ in range(3):
        _grow()
        audit.sign()


def _around_the_triggers(*statements: str) -> None:
    append_only.remove(connection)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    _grown()
    call_command("export_audit", str(tmp_path / "audit.jsonl"), verbosity=0)
    return tmp_path / "audit.jsonl"


def _check(export: Path, settings: LazySettings, *options: str) -> "subprocess.CompletedProcess[str]":
    """In a process of its own, away from the project and its packages' paths."""
    key = settings.AUDIT_KEY.with_suffix(".pub")
    return subprocess.run(
        [sys.executable, "-I", str(TOOL), str(export), "--key", str(key), *options],
        cwd="/",
        env={},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_checkpoint_is_signed_only_when_the_chain_grew() -> None:
    assert audit.sign() is None
    _grow()
    point = audit.sign()
    assert point is not None
    assert point.sequence == 3
    assert audit.sign() is None
    _grow(1)
    tasks.sign_audit()
    assert [point.sequence for point in Checkpoint.objects.order_by("sequence")] == [3, 4]
    assert audit.verify() == (4, None)


def test_checkpoints_only_grow() -> None:
    _grown()
    for change in (
        lambda: Checkpoint.objects.filter(sequence=3).update(key="x"),
        lambda: Checkpoint.objects.filter(sequence=3).delete(),
    ):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("statement", "place", "words"),
    [
        ("UPDATE kyc_auditentry SET action = 'x' WHERE sequence = 5", 5, "changed"),
        ("DELETE FROM kyc_auditentry WHERE sequence > 7", 8, "cut off"),
        ("UPDATE kyc_checkpoint SET signature = hash WHERE sequence = 6", 6, "signature"),
        ("UPDATE kyc_checkpoint SET key = 'other' WHERE sequence = 3", 3, "another key"),
    ],
)
def test_what_was_changed_behind_the_triggers_is_found_and_never_signed(
    statement: str, place: int, words: str
) -> None:
    _grown()
    _around_the_triggers(statement)
    _, broken = audit.verify()
    assert broken is not None
    assert broken.sequence == place
    assert words in broken.what


def test_a_tail_that_was_hashed_anew_is_not_the_one_that_was_signed() -> None:
    _grown()
    entry = AuditEntry.objects.get(sequence=9)
    entry.action = "harmless"
    append_only.remove(connection)
    AuditEntry.objects.filter(sequence=9).update(action=entry.action, hash=entry.digest())
    _, broken = audit.verify()
    assert broken == audit.Break(9, "it is not the entry that was signed")
    _grow(1)
    with pytest.raises(audit.ChainBroken):
        audit.sign()


def test_a_missing_key_is_told_in_a_sentence(settings: LazySettings, tmp_path: Path) -> None:
    _grown()
    settings.AUDIT_KEY = tmp_path / "none.key"
    with pytest.raises(CommandError, match="copy it from the machine that signs"):
        call_command("verify_audit")
    tasks.sign_audit()


def test_verifying_signs_the_end_and_needs_only_the_public_key_to_check(
    settings: LazySettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _grow()
    call_command("verify_audit")
    assert Checkpoint.objects.get().sequence == 3
    public = settings.AUDIT_KEY.with_suffix(".pub").read_bytes()
    settings.AUDIT_KEY = tmp_path / "audit.key"
    (tmp_path / "audit.pub").write_bytes(public)
    _grow(1)
    call_command("verify_audit")
    told = capsys.readouterr()
    assert "4 entries, unbroken." in told.out
    assert "was not signed" in told.err


def test_the_keys_halves_belong_together_and_are_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "audit.key"
    assert signing.create_signing_key(path)
    kept = path.read_bytes(), path.with_suffix(".pub").read_bytes()
    path.with_suffix(".pub").unlink()
    assert not signing.create_signing_key(path)
    assert (path.read_bytes(), path.with_suffix(".pub").read_bytes()) == kept
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_whole_export_holds_without_django(export: Path, settings: LazySettings) -> None:
    done = _check(export, settings, "--max-gap", "300")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "9 entries, 3 checkpoints, 0 entries after the last one: unbroken.\n"
    assert export.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="Nothing was exported"):
        call_command("export_audit", str(export))


def _entry(lines: Lines, sequence: int) -> int:
    return next(i for i, x in enumerate(lines) if x["kind"] == "entry" and x["sequence"] == sequence)


def _edit(lines: Lines) -> None:
    lines[_entry(lines, 4)]["actor"] = "officer:9"


def _delete(lines: Lines) -> None:
    del lines[_entry(lines, 5)]


def _swap(lines: Lines) -> None:
    one, other = _entry(lines, 4), _entry(lines, 5)
    lines[one], lines[other] = lines[other], lines[one]


def _insert(lines: Lines) -> None:
    lines.insert(_entry(lines, 5), dict(lines[_entry(lines, 4)]))


def _cut(lines: Lines) -> None:
    del lines[_entry(lines, 8) : _entry(lines, 9) + 1]


def _behead(lines: Lines) -> None:
    del lines[1 : _entry(lines, 4)]


def _unsign(lines: Lines) -> None:
    lines[:] = [line for line in lines if line["kind"] != "checkpoint"]


def _forge(lines: Lines) -> None:
    next(line for line in lines if line["kind"] == "checkpoint")["at"] = "2020-01-01T00:00:00.000000+00:00"


def _strip(lines: Lines) -> None:
    del lines[_entry(lines, 7)]["hash"]


@pytest.mark.parametrize(
    ("attack", "words"),
    [
        (_edit, "line 6: the content of entry 4 was changed"),
        (_delete, "line 7: entries 5 to 5 are missing"),
        (_swap, "line 6: entries 4 to 4 are missing"),
        (_insert, "line 7: entry 4 stands after entry 4"),
        (_cut, "a checkpoint saw entry 9, but the chain ends at 7: cut off"),
        (_behead, "line 2: entries 1 to 3 are missing"),
        (_unsign, "no checkpoint"),
        (_forge, "line 5: the signature of the checkpoint of entry 3 does not hold"),
        (_strip, "line 10: this entry is damaged"),
    ],
)
def test_the_verifier_says_what_was_done_and_where(
    export: Path, settings: LazySettings, attack: Callable[[Lines], None], words: str
) -> None:
    lines: Lines = [json.loads(line) for line in export.read_text().splitlines()]
    attack(lines)
    export.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = _check(export, settings)
    assert done.returncode == 1
    assert words in done.stdout
    assert "BROKEN" in done.stdout


def test_any_changed_byte_of_an_entry_or_checkpoint_is_found(export: Path, settings: LazySettings) -> None:
    whole, dice = export.read_text(), random.Random(5)
    body = whole.index("\n") + 1
    for _ in range(12):
        place = dice.randrange(body, len(whole) - 1)
        other = "0" if whole[place] != "0" else "1"
        export.write_text(whole[:place] + other + whole[place + 1 :])
        assert _check(export, settings).returncode == 1, whole[place - 20 : place + 20]


def test_a_chain_written_anew_is_found_by_an_export_that_was_kept(
    export: Path, settings: LazySettings, tmp_path: Path
) -> None:
    later = tmp_path / "later.jsonl"
    _grow()
    call_command("export_audit", str(later), verbosity=0)
    assert _check(later, settings, "--earlier", str(export)).returncode == 0
    cut = tmp_path / "cut.jsonl"
    lines = [json.loads(line) for line in export.read_text().splitlines()]
    cut.write_text("".join(json.dumps(line) + "\n" for line in lines[: _entry(lines, 7)]))
    assert _check(cut, settings).returncode == 0  # whole as far as it goes
    done = _check(cut, settings, "--earlier", str(export))
    assert done.returncode == 1
    assert "entry 9 of the earlier export is missing" in done.stdout


def test_what_is_no_export_or_no_key_cannot_be_checked(settings: LazySettings, tmp_path: Path) -> None:
    assert _check(tmp_path / "none", settings).returncode == 2
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    assert _check(binary, settings).returncode == 2
