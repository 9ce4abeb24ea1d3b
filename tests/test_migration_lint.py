"""The lint of migrations: what would break the version that still runs is refused, with what to do instead."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from django.db import migrations, models

FILE = Path(__file__).parent.parent / "deploy" / "lint_migrations.py"


@pytest.fixture(scope="module")
def lint() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lint_migrations", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _migration(*operations: object, name: str = "0099_made") -> migrations.Migration:
    made = migrations.Migration(name, "kyc")
    made.operations = list(operations)
    return made


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (migrations.RemoveField("case", "locale"), "one release later"),
        (migrations.RenameField("case", "locale", "language"), "one release later"),
        (migrations.DeleteModel("Draft"), "one release later"),
        (migrations.AddField("case", "more", models.IntegerField(default=0)), "db_default"),
        (migrations.RunSQL("select 1"), "SAFE"),
    ],
)
def test_what_the_running_version_could_not_live_with_is_refused(
    lint: ModuleType, operation: object, words: str
) -> None:
    (fault,) = lint.faults(_migration(operation))
    assert words in fault


def test_what_it_can_live_with_passes(lint: ModuleType) -> None:
    more = migrations.AddField("case", "more", models.IntegerField(null=True))
    given = migrations.AddField("case", "given", models.IntegerField(db_default=0))
    fresh = migrations.CreateModel("Fresh", [("id", models.BigAutoField(primary_key=True))])
    field = migrations.AddField("fresh", "must", models.IntegerField())
    index = migrations.AddIndex("case", models.Index(fields=["locale"], name="by_locale"))
    assert list(lint.faults(_migration(more, given, fresh, field, index))) == []


def test_a_low_number_is_no_way_around(lint: ModuleType) -> None:
    renaming = migrations.RenameField("case", "locale", "language")
    assert list(lint.faults(_migration(renaming, name="0045_made")))
    assert list(lint.faults(_migration(renaming, name="0041_drill"))) == []


def test_the_founding_migrations_all_stand(lint: ModuleType) -> None:
    """The list is closed: it names what is there, so no name in it is free for a new one."""
    files = {file.stem for file in (FILE.parent.parent / "kyc" / "migrations").glob("0*.py")}
    assert files >= lint.FOUNDING


def test_the_migrations_that_ship_pass(lint: ModuleType) -> None:
    assert lint.main() == 0
