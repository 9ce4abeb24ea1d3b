"""Drills: planted errors, met by officers who cannot know, counted by field and officer, and gone at the end."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError

from kyc.domain import planting
from kyc.domain.facts import Field, normalise
from kyc.domain.lifecycle import State
from kyc.domain.reading_rules import essence
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Disclosure, Plant
from kyc.selectors import values
from kyc.services import custody, destruction, drill, holding, review
from tests.officers import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, cards: Path) -> Path:
    """Four invented cards with their truth."""
    told = json.loads((cards / "truth.json").read_text())[:4]
    for entry in told:
        (tmp_path / entry["file"]).write_bytes((cards / entry["file"]).read_bytes())
    (tmp_path / "truth.json").write_text(json.dumps(told))
    return tmp_path


def _work(case: Case, by: User, *, sees: bool) -> None:
    """An officer who corrects what was planted, or believes all of it."""
    planted = Plant.objects.filter(case=case).first()
    holding.claim(case=case, by=by)
    factories.look(case, by)
    for field in Field:
        if sees and planted and field == planted.field:
            review.correct(case=case, field=field, text=drill._opened(planted, "truth"), by=by)
        else:
            review.confirm(case=case, field=field, by=by)
    review.approve(case=case, by=by)


def _report(capsys: pytest.CaptureFixture[str]) -> str:
    call_command("drill", "report")
    return capsys.readouterr().out


def test_the_report_says_how_many_planted_errors_were_caught_by_field_and_officer(
    folder: Path, reader: None, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.FOUR_EYES = []
    call_command("drill", "make", str(folder), "--percent", "50")
    assert "4 cases, 2 of them with a planted error." in capsys.readouterr().out
    plants = list(Plant.objects.order_by("pk"))
    for plant in plants:
        read = values.current(plant.case)[Field(plant.field)]
        shown = custody.open_value(plant.case.key(), read)
        assert essence(Field(plant.field), shown) != drill._essence(
            Field(plant.field), drill._opened(plant, "truth")
        )
    careful, hasty = (factories.officer(Role.REVIEWER, name) for name in ("careful", "hasty"))
    _work(plants[0].case, careful, sees=True)
    _work(plants[1].case, hasty, sees=False)
    told = _report(capsys)
    lines = {line.split()[0]: line.split()[1:5] for line in told.splitlines() if line and line[0].islower()}
    assert lines["careful"] == ["1", "0", "0", "0"]
    assert lines["hasty"] == ["0", "0", "1", "0"]
    call_command("drill", "end")
    assert "4 cases erased" in capsys.readouterr().out
    assert set(Case.objects.values_list("state", flat=True)) == {State.ERASED}
    assert not any(destruction.leftovers(case) for case in Case.objects.all())
    assert _report(capsys) == told


def test_one_in_a_hundred_is_at_least_one_and_the_rest_is_as_read(folder: Path, reader: None) -> None:
    call_command("drill", "make", str(folder), "--percent", "1", "--cases", "3")
    assert (Case.objects.filter(drill=True).count(), Plant.objects.count()) == (3, 1)
    assert {case.status for case in Case.objects.all()} == {State.IN_REVIEW}
    assert AuditEntry.objects.get(action="drill.made").data == {"cases": 3, "planted": 1}


def test_an_officer_cannot_tell_a_drill_from_a_case(folder: Path, reader: None, settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    call_command("drill", "make", str(folder), "--percent", "100", "--cases", "1")
    case = Case.objects.get()
    browser = factories.browser(factories.officer(Role.APPROVER))
    pages = [f"/admin/kyc/case/{case.pk}/change/", "/admin/kyc/case/", "/admin/kyc/reading/", "/admin/"]
    assert all("drill" not in browser.get(page).content.decode().lower() for page in pages)
    assert Disclosure.objects.filter(case_id=case.pk).exists()
    assert case.channel == Case.Channel.CUSTOMER


def test_who_refuses_a_planted_card_or_types_it_wrong_is_told_apart(folder: Path, reader: None) -> None:
    call_command("drill", "make", str(folder), "--percent", "100", "--cases", "1")
    plant = Plant.objects.get()
    name = Field(plant.field)
    officer = factories.officer(Role.REVIEWER)
    holding.claim(case=plant.case, by=officer)
    factories.look(plant.case, officer)
    other = planting.plant(name, drill._opened(plant, "truth"), random.Random(99))
    assert other
    for field in Field:
        if field is name:
            review.correct(case=plant.case, field=field, text=other, by=officer)
        else:
            review.confirm(case=plant.case, field=field, by=officer)
    review.approve(case=plant.case, by=officer)
    by_field, by_officer = drill.report()
    verdict = Plant.objects.get().verdict
    same = drill._essence(name, other) == drill._essence(name, drill._opened(plant, "planted"))
    assert verdict == (Plant.Verdict.MISSED if same else Plant.Verdict.MISTYPED)
    assert [line.label for line in by_officer] == [officer.username]
    assert by_field[0].share.whole == 1


@pytest.mark.parametrize("content", [None, "{", '[{"file": "gone.jpg"}]', "[]", "[1]"])
def test_a_folder_without_cards_is_told(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "truth.json").write_text(content)
    with pytest.raises(CommandError, match=r"truth\.json|no card"):
        call_command("drill", "make", str(tmp_path))
    assert not Case.objects.exists()


@pytest.mark.parametrize("name", planting.FIELDS)
def test_a_slip_is_another_value_that_its_field_can_hold(name: Field) -> None:
    wire = {Field.NAME: "Name", Field.RRN: "ID", Field.ADDRESS: "Address", Field.ISSUED: "DateOfIssue"}
    slips = 0
    for seed in range(20):
        for card in factories.TRUTH.values():
            slip = planting.plant(name, card[wire[name]], random.Random(seed))
            if slip is not None:
                assert essence(name, slip) != essence(name, card[wire[name]])
                assert normalise(name, slip)
                slips += 1
    assert slips > 400
