"""One command says whose data, which fields, when and by which account."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from kyc.domain.actors import SYSTEM
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Disclosure
from kyc.services import disclosure, rotation
from kyc.vault import keyfile
from tests.officers import factories

pytestmark = pytest.mark.django_db


def _pack(path: Path, *options: str) -> tuple[dict[str, Any], list[dict[str, str]], list[dict[str, str]]]:
    call_command("breach_pack", str(path), *options, verbosity=0)
    assert path.stat().st_mode & 0o777 == 0o600
    file = zipfile.ZipFile(path)
    rows = [
        list(csv.DictReader(io.StringIO(file.read(f"{name}.csv").decode("utf-8-sig"))))
        for name in ("looks", "cases")
    ]
    return json.loads(file.read("summary.json")), rows[0], rows[1]


def test_an_accounts_looks_are_told_with_case_fields_time_and_reason(tmp_path: Path) -> None:
    thief, other = factories.officer(Role.REVIEWER, "thief"), factories.officer(Role.REVIEWER, "other")
    seen, unseen = factories.reviewable(), factories.reviewable()
    disclosure.uncovered(case=seen, by=thief, reason="＝HYPERLINK(1)", address="10.9.9.9")
    disclosure.picture(document=seen.documents.get(), by=thief, reason="review", address="10.9.9.9")
    disclosure.values_of(case=unseen, by=other, reason="review", address=None)
    summary, looks, cases = _pack(tmp_path / "a.zip", "--account", "thief")
    assert (summary["persons"], summary["looks"]) == (1, 2)
    assert [row["case"] for row in cases] == [str(seen.pk)]
    assert {row["account"] for row in looks} == {"thief"}
    assert looks[0]["fields"] == "rrn"
    assert looks[0]["reason"] == "'＝HYPERLINK(1)", "no cell is a formula"
    assert looks[0]["address"] == "10.9.9.9"
    assert {"rrn", "name", "address", "picture"} <= set(cases[0]["fields"].split())
    assert cases[0]["name"] == ""
    assert AuditEntry.objects.get(action="breach.packed").data == {"cases": 1, "looks": 2, "names": False}


def test_the_time_bounds_the_looks(tmp_path: Path) -> None:
    thief, case = factories.officer(Role.REVIEWER, "thief"), factories.reviewable()
    disclosure.values_of(case=case, by=thief, reason="review", address=None)
    today = timezone.localdate()
    within = ("--from", today.isoformat(), "--to", (today + timedelta(days=1)).isoformat())
    assert _pack(tmp_path / "a.zip", "--account", "thief", *within)[0]["looks"] == 1
    before = ("--to", today.isoformat())
    assert _pack(tmp_path / "b.zip", "--account", "thief", *before)[0]["looks"] == 0
    assert _pack(tmp_path / "c.zip", "--account", "nobody")[0]["looks"] == 0


def test_names_are_opened_only_under_a_reference_and_registered(tmp_path: Path) -> None:
    thief, case = factories.officer(Role.REVIEWER, "thief"), factories.reviewable()
    disclosure.values_of(case=case, by=thief, reason="review", address=None)
    _, _, cases = _pack(tmp_path / "a.zip", "--account", "thief", "--names", "incident 3")
    assert cases[0]["name"].startswith(factories.NAME)
    assert Disclosure.objects.filter(actor="system:breach_pack", reason="incident 3").count() == 1
    assert factories.NUMBER.encode() not in (tmp_path / "a.zip").read_bytes()


def test_a_lost_key_exposes_the_cases_that_it_seals(tmp_path: Path, settings: Any) -> None:
    settings.KEYRING = tmp_path / "keyring.json"
    keyfile.create(settings.KEYRING)
    old = factories.reviewable()
    (lost,) = rotation.uses()
    rotation.add(by=SYSTEM)
    rotation.promote(by=SYSTEM)
    factories.reviewable()
    summary, looks, cases = _pack(tmp_path / "a.zip", "--key", str(lost))
    assert [row["case"] for row in cases] == [str(old.pk)]
    assert (summary["key"], looks) == (lost, [])
    assert set(summary["fields"]) >= {"picture", "portrait", "rrn", "name"}


def test_cases_are_named_or_bounded_by_when_they_were_opened(tmp_path: Path) -> None:
    one, other = factories.reviewable(), factories.reviewable()
    Case.objects.filter(pk=other.pk).update(created_at=timezone.now() - timedelta(days=40))
    assert [row["case"] for row in _pack(tmp_path / "a.zip", "--case", str(one.pk))[2]] == [str(one.pk)]
    since = (timezone.localdate() - timedelta(days=3)).isoformat()
    assert [row["case"] for row in _pack(tmp_path / "b.zip", "--opened", "--from", since)[2]] == [str(one.pk)]


def test_a_pack_replaces_no_file_and_a_wrong_day_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("x")
    with pytest.raises(CommandError, match="was not written"):
        call_command("breach_pack", str(tmp_path / "a.zip"), "--account", "thief")
    with pytest.raises(CommandError, match="from"):
        call_command("breach_pack", str(tmp_path / "b.zip"), "--account", "thief", "--from", "yesterday")
