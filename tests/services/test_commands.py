"""The commands as a shell sees them: what they print, what they leave behind, how they exit."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from kyc.models import AuditEntry, Case, Disclosure
from kyc.services import authenticators
from kyc.services.recognition import readers

ROOT = Path(__file__).parent.parent.parent
NUMBER, MASKED = "011206-4972261", "011206-4******"
WIRE = {"file", "Name", "ID", "Sex", "Birthday", "Address", "DateOfIssue", "RequestId"}


class Shell:
    """Runs commands on the tests' own database, with the reader that the session started."""

    def __init__(self, settings: LazySettings) -> None:
        database = settings.DATABASES["default"]
        sqlite = database["ENGINE"].endswith("sqlite3")
        host = str(database["HOST"]).replace("/", "%2F")
        url = f"sqlite:///{database['NAME']}" if sqlite else f"postgres://postgres@{host}/{database['NAME']}"
        self.environment = os.environ | {"DATABASE_URL": url, "OCR_LOCAL_ENDPOINT": readers.local_endpoint()}

    def __call__(self, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=120,
        )


@pytest.fixture
def shell(reader: None, transactional_db: None, settings: LazySettings) -> Shell:
    return Shell(settings)


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def files(cards: Path, tmp_path: Path) -> list[str]:
    """A text named .jpg, a card, a file that is not there."""
    text = tmp_path / "text.jpg"
    text.write_text("no picture")
    return [str(text), str(cards / "clean-001.jpg"), str(tmp_path / "none.jpg")]


def test_submit_tells_case_state_fields_and_findings_and_keeps_going(shell: Shell, files: list[str]) -> None:
    done = shell("submit", "--wait", "--json", *files)
    assert done.returncode == 1, done.stderr
    bad, card, missing = _lines(done.stdout)
    assert bad["file"] == files[0]
    assert bad["error"]["code"] == "picture.not_a_picture"
    assert bad["error"]["message"].endswith(".")
    assert missing["error"]["code"] == "file.unreadable"
    assert set(card) == {"file", "case", "state", "fields", "findings"}
    assert card["state"] == "in_review"
    assert card["fields"]["rrn"] == MASKED
    assert set(card["fields"]) == {"name", "rrn", "sex", "birthday", "address", "issued"}
    assert Case.objects.get().id.hex == card["case"].replace("-", "")
    assert Disclosure.objects.get().what == "fields"
    assert NUMBER not in done.stdout + done.stderr


def test_submit_reveals_numbers_only_for_a_reason_that_is_registered(shell: Shell, files: list[str]) -> None:
    done = shell("submit", "--wait", "--json", "--reveal", "a customer's call", "--basis", "Act 1", files[1])
    assert done.returncode == 0, done.stderr
    assert _lines(done.stdout)[0]["fields"]["rrn"] == NUMBER
    told = Disclosure.objects.get()
    assert (told.what, told.reason, str(told.case_id)) == (
        "number",
        "a customer's call",
        _lines(done.stdout)[0]["case"],
    )
    assert Case.objects.get().legal_basis == "Act 1"
    assert "unbroken" in shell("verify_audit").stdout


def test_read_card_prints_the_wires_names_and_writes_portraits(
    shell: Shell, files: list[str], tmp_path: Path
) -> None:
    done = shell("read_card", "--photo", str(tmp_path / "portraits"), *files)
    assert done.returncode == 1, done.stderr
    bad, card, missing = _lines(done.stdout)
    assert set(card) == WIRE
    assert (card["ID"], card["DateOfIssue"]) == (NUMBER, "23/07/2020")
    for told in (bad, missing):
        assert set(told) == {"file", "error", "RequestId"}
        assert set(told["error"]) == {"code", "message"}
    portraits = list((tmp_path / "portraits").iterdir())
    assert [path.name for path in portraits] == ["clean-001.jpg"]
    assert portraits[0].stat().st_mode & 0o777 == 0o600
    assert portraits[0].read_bytes()[:3] == b"\xff\xd8\xff"
    assert not Case.objects.exists()


def test_officers_are_shown_once_and_exist_only_in_the_demo(shell: Shell) -> None:
    first = shell("officers")
    passwords = dict(re.findall(r"^ {2}(\w+) +(\S+)$", first.stdout, re.MULTILINE))
    assert set(passwords) == {"reviewer", "approver", "auditor", "administrator"}
    assert len(set(passwords.values())) == 4
    assert shell("officers", "--if-missing").stdout == ""
    assert AuditEntry.objects.filter(action="officer.created").count() == 4
    refused = shell("officers", LEGAL_BASIS="an Act")
    assert refused.returncode == 1
    assert "LEGAL_BASIS=demo" in refused.stderr


def test_the_code_of_a_demo_officer_is_printed_as_their_app_would_show_it(shell: Shell) -> None:
    told = shell("officers").stdout
    secret = re.search(r"otpauth://totp/reviewer\?secret=([A-Z2-7]+)&issuer=Sinwon", told)[1]  # type: ignore[index]
    near = {authenticators.code_at(secret, authenticators.counter_now() + step) for step in (-1, 0, 1)}
    assert re.search(r"code now: (\d{6})", told)
    assert shell("officers", "--code", "reviewer").stdout.split()[1] in near
    assert len(shell("officers", "--code").stdout.splitlines()) == 4
    missing = shell("officers", "--code", "nobody")
    assert missing.returncode == 1
    assert "There are: administrator, approver, auditor, reviewer" in missing.stderr
    assert shell("officers", "--code", "reviewer", LEGAL_BASIS="an Act").returncode == 1


def test_init_makes_private_files_once(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    assert shell("init", SINWON_VAR=str(folder)).returncode == 0
    made = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(made) == {"secret_key", "keyring.json", "reader.keys", "audit.key", "audit.pub"}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())
    again = shell("init", SINWON_VAR=str(folder))
    assert (again.returncode, again.stdout) == (0, "")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == made
