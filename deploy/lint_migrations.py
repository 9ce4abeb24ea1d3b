"""Refuses migrations that the version before could not live with: `python deploy/lint_migrations.py`.

A deployment migrates first and replaces its processes one by one after that, so for a while the old code runs on
the new schema. What is refused: to remove or rename what the old code reads, to add a column that its inserts do not
know and that has no default in the database, and raw SQL or Python without a sentence (in `SAFE`) why it is safe.
All are held to it but FOUNDING, by name: numbers have gaps, into which a later migration could slip.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED, Field

APP = "kyc"
# Written before anything ran anywhere: no version before them exists that could still be running. The list is closed.
FOUNDING = frozenset(
    {
        "0001_initial",
        "0002_append_only",
        "0010_sessions_and_grants",
        "0011_grants_only_grow",
        "0030_evidence",
        "0031_evidence_only_grows",
        "0032_trust",
        "0040_queue",
        "0041_drill",
        "0050_uploads",
    }
)
# Migration -> why its raw operations are safe beside the version before.
SAFE = {
    "0086_decisions_only_grow": "the version before changes nothing of these rows that the triggers refuse",
}
REMOVING = (migrations.RemoveField, migrations.DeleteModel, migrations.RenameField, migrations.RenameModel)
RAW = (migrations.RunSQL, migrations.RunPython, migrations.SeparateDatabaseAndState)


def main() -> int:
    django.setup()
    loader = MigrationLoader(None)
    found = [
        f"{name}: {fault}"
        for (app, name), migration in sorted(loader.disk_migrations.items())
        if app == APP
        for fault in faults(migration)
    ]
    for line in found:
        print(line)  # noqa: T201
    return 1 if found else 0


def faults(migration: migrations.Migration) -> Iterator[str]:
    """What the version before could not live with, a sentence each."""
    if migration.name in FOUNDING:
        return
    new = {o.name_lower for o in migration.operations if isinstance(o, migrations.CreateModel)}
    for operation in migration.operations:
        if getattr(operation, "model_name_lower", "") in new:
            continue
        if isinstance(operation, REMOVING):
            yield f"{operation.describe()}: the running version still uses it; do it one release later."
        elif isinstance(operation, migrations.AddField) and _unknown_to_inserts(operation.field):
            yield f"{operation.describe()}: the running version's inserts fail; make it null or give it db_default."
        elif isinstance(operation, RAW) and migration.name not in SAFE:
            yield f"{operation.describe()}: say in SAFE why the version before lives with it."


def _unknown_to_inserts(field: Field) -> bool:  # type: ignore[type-arg]
    """Whether an insert that does not name the column fails."""
    return not field.null and not field.many_to_many and field.db_default is NOT_PROVIDED


if __name__ == "__main__":
    sys.exit(main())
