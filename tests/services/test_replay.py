"""The drill: a backup is made, cases are erased, the backup is restored, and the erasures are replayed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection

from kyc.domain.actors import SYSTEM
from kyc.domain.lifecycle import State
from kyc.domain.retention import Reason
from kyc.models import AuditEntry, Case
from kyc.services import audit, intake, replay, retention
from tests.officers import factories

ROOT = Path(__file__).parent.parent.parent
# What the drill does on the restored database, in one process that knows nothing of this one.
DRILL = """
import io, json, sys
from django.core.management import CommandError, call_command
from kyc.models import Case
from kyc.services import destruction

def seen():
    return {str(case.pk): [case.state, destruction.leftovers(case)] for case in Case.objects.all()}

def said(*words):
    out = io.StringIO()
    try:
        call_command(*words, stdout=out)
    except CommandError as e:
        return str(e)
    return out.getvalue()

before = seen()
told = [said("replay_erasures", FILE), said("verify_audit"), said("replay_erasures", FILE)]
print(json.dumps([before, told, seen()]))
"""


class Backup:
    """A copy of the whole database, and commands that run on it."""

    def __init__(self, folder: Path, settings: LazySettings) -> None:
        database = settings.DATABASES["default"]
        if connection.vendor == "sqlite":
            file = folder / "backup.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(file)])
            url = f"sqlite:///{file}"
        else:
            host, name = str(database["HOST"]), f"{database['NAME']}_restored"
            to = ["-h", host, "-U", "postgres"]
            subprocess.run(["psql", *to, "-qc", f'DROP DATABASE IF EXISTS "{name}"', "postgres"], check=True)
            subprocess.run(["psql", *to, "-qc", f'CREATE DATABASE "{name}"', "postgres"], check=True)
            dump = subprocess.run(
                ["pg_dump", *to, str(database["NAME"])], check=True, capture_output=True
            ).stdout
            subprocess.run(["psql", *to, "-q", name], input=dump, check=True, stdout=subprocess.DEVNULL)
            url = f"postgres://postgres@{host.replace('/', '%2F')}/{name}"
        self.environment = os.environ | {"DATABASE_URL": url}

    def drill(self, export: Path) -> Any:
        """What was there, what the commands said, what is there."""
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", f"FILE = {str(export)!r}\n{DRILL}"],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def _export(path: Path) -> list[dict[str, Any]]:
    call_command("export_audit", str(path), verbosity=0)
    return [json.loads(line) for line in path.read_text().splitlines()]


def _rejected() -> Case:
    case = factories.reviewable()
    case.move(State.REJECTED, by=SYSTEM)
    return case


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_forgets_again_what_had_been_erased(tmp_path: Path, settings: LazySettings) -> None:
    gone, reviewed, kept = _rejected(), factories.reviewable(), factories.reviewable()
    backup = Backup(tmp_path, settings)
    reviewed.move(State.REJECTED, by=SYSTEM)
    later = intake.open_case()
    later.move(State.WITHDRAWN, by=SYSTEM)
    for case in (gone, reviewed, later):
        retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
    _export(tmp_path / "audit.jsonl")
    before, told, after = backup.drill(tmp_path / "audit.jsonl")
    assert {str(gone.pk), str(reviewed.pk)} <= {pk for pk, (_, left) in before.items() if "key" in left}
    assert told[0].splitlines()[-1] == "2 erased again, 0 failed, 1 not in this backup."
    assert "unbroken" in told[1]
    assert "ran already" in told[2], "the chain went on: a second replay needs a restored backup again"
    assert after[str(gone.pk)] == after[str(reviewed.pk)] == ["erased", []]
    assert after[str(kept.pk)][0] == "in_review"


def _edited(lines: list[dict[str, Any]], case_id: str) -> None:
    next(line for line in lines if line.get("action") == "case.erased")["case"] = case_id


def _unsigned(lines: list[dict[str, Any]], case_id: str) -> None:
    lines[:] = [line for line in lines if line["kind"] != "checkpoint"]


def _cut(lines: list[dict[str, Any]], case_id: str) -> None:
    del lines[2:4]


@pytest.mark.django_db
@pytest.mark.parametrize("forge", [_edited, _unsigned, _cut])
def test_a_forged_export_destroys_nothing(
    forge: Callable[[list[dict[str, Any]], str], None], tmp_path: Path
) -> None:
    gone, kept = _rejected(), _rejected()
    retention.erase(case=gone, by=SYSTEM, reason=Reason.ASKED)
    lines = _export(tmp_path / "audit.jsonl")
    forge(lines, str(kept.pk))
    with pytest.raises(replay.NotOfThisChain):
        replay.erasures(lines, by=SYSTEM)
    assert Case.objects.get(pk=kept.pk).key()


@pytest.mark.django_db
def test_an_old_export_is_refused_and_the_replay_is_told_in_the_chain(tmp_path: Path) -> None:
    old = _export_of_one(tmp_path / "old.jsonl")
    AuditEntry.append("test.event", by=SYSTEM)
    with pytest.raises(replay.NotOfThisChain, match="later export"):
        replay.erasures(old, by=SYSTEM)
    replay.erasures(_export(tmp_path / "new.jsonl"), by=SYSTEM)
    assert AuditEntry.objects.order_by("-sequence")[0].action == "backup.replayed"
    assert audit.verify()[1] is None


def _export_of_one(path: Path) -> list[dict[str, Any]]:
    _rejected()
    return _export(path)
