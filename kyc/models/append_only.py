"""Triggers that make the database refuse any change of evidence: what was written stays, whoever holds the connection.

They bind those who speak SQL through the product's own account; the audit chain shows what a database owner did.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

# Each table, and the columns that are unique in it: INSERT OR REPLACE would remove the row that holds such a value.
UNIQUE = {
    "kyc_auditentry": ("sequence",),
    "kyc_checkpoint": ("sequence",),
    "kyc_anchor": ("id",),
    "kyc_accessreview": ("id", "month"),
    "kyc_disclosure": ("id",),
    "kyc_reading": ("id", "job_id"),
    "kyc_fieldvalue": ("id",),
    "kyc_finding": ("id",),
    "kyc_attachment": ("id", "storage_key"),
    "kyc_note": ("id", "attachment_id"),
    "kyc_verificationmethod": ("id", "attachment_id", "strikes_id"),
    "kyc_authenticitycheck": ("id",),
    "kyc_secondlook": ("id",),
    "kyc_rolechange": ("id", "answers_id"),
    "kyc_decision": ("id",),
    "kyc_notice": ("id",),
    "kyc_consent": ("id",),
}
TABLES = tuple(UNIQUE)
# What is unique otherwise: several columns together, or among some rows alone; the row that is there and the NEW one.
UNIQUE_AMONG = {
    "kyc_secondlook": "decision_id = NEW.decision_id AND by_id = NEW.by_id",
    "kyc_decision": (
        "case_id = NEW.case_id AND withdrawn_at IS NULL AND NEW.withdrawn_at IS NULL"
        " AND outcome IN ('approve', 'reject') AND NEW.outcome IN ('approve', 'reject')"
    ),
}


class Change(NamedTuple):
    """What may happen to a row: some columns are emptied by erasure, others filled once. All that are kept stay."""

    kept: tuple[str, ...]
    emptied: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()


_TEXT = ("id", "case_id", "code", "version", "sha256", "locale", "at")
CHANGES = {
    # Nobody finds an erased value by a name or number any more.
    "kyc_fieldvalue": Change(
        ("id", "case_id", "reading_id", "field", "step", "sealed", "by_id", "at"), emptied=("lookup",)
    ),
    # A second officer agrees, or sends it back.
    "kyc_decision": Change(
        (
            "id",
            "case_id",
            "outcome",
            "reasons",
            "sealed_comment",
            "by_id",
            "at",
            "needs_second",
            "grounds",
            "blind",
        ),
        filled=("seconded_by_id", "seconded_at", "withdrawn_at"),
    ),
    # The customer's network address goes with the case; who consented may take it back.
    "kyc_notice": Change(_TEXT, emptied=("address",)),
    "kyc_consent": Change((*_TEXT, "granted"), emptied=("address",), filled=("withdrawn_at",)),
}
# Tables that were there before they were guarded: until that migration nothing is missing.
GUARDED_BY = dict.fromkeys(("kyc_decision", "kyc_notice", "kyc_consent"), "0086_decisions_only_grow")
FUNCTION = "kyc_refuse_change"


def names(table: str) -> tuple[str, ...]:
    return tuple(f"{table}_no_{what}" for what in ("update", "delete", "replace", "truncate"))


def present(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables of evidence that this database has: an earlier migration, or an upgrade, has not all of them yet.

    One whose trigger names a column that a later migration adds is not there yet either.
    """
    there = set(connection.introspection.table_names())
    return [table for table in TABLES if table in there and _named(table) <= _columns(connection, table)]


def _named(table: str) -> set[str]:
    change = CHANGES.get(table)
    return {column for columns in change for column in columns} if change else set()


def _columns(connection: BaseDatabaseWrapper, table: str) -> set[str]:
    if table not in CHANGES:
        return set()
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}


def install(connection: BaseDatabaseWrapper) -> None:
    """Creates the triggers of the tables that are there; those that stand already are left alone."""
    tables = present(connection)
    with connection.cursor() as cursor:
        for statement in _postgresql(tables) if connection.vendor == "postgresql" else _sqlite(tables):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, tables: Sequence[str] = TABLES) -> None:
    """Drops the triggers of these tables, for a migration backwards or a test database that is emptied."""
    going = [table for table in present(connection) if table in tables]
    with connection.cursor() as cursor:
        for table in going:
            for name in names(table):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The triggers that should stand and do not: a schema change on SQLite drops them silently.

    One that is switched off, or whose body was emptied, does not stand.
    """
    source = (
        "SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "  # noqa: S608 - fixed names
        f"WHERE tgenabled IN ('O', 'A') AND proname = '{FUNCTION}' AND prosrc LIKE '%%RAISE EXCEPTION%%'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%%RAISE(ABORT%%only grows%%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(source, [])
        standing = {row[0] for row in cursor.fetchall()}
    # PostgreSQL has no INSERT OR REPLACE, SQLite no TRUNCATE.
    foreign = "_replace" if connection.vendor == "postgresql" else "_truncate"
    migrated = {name for app, name in MigrationRecorder(connection).applied_migrations() if app == "kyc"}
    guarded = [table for table in present(connection) if GUARDED_BY.get(table) in {None, *migrated}]
    wanted = [name for table in guarded for name in names(table) if not name.endswith(foreign)]
    return [name for name in wanted if name not in standing]


def _sqlite(tables: list[str]) -> list[str]:
    statements = []
    for table in tables:
        columns = UNIQUE[table]
        no_update, no_delete, no_replace, _ = names(table)
        same = [f"{column} = NEW.{column}" for column in ("rowid", *columns)]
        taken = " OR ".join([*same, *([f"({UNIQUE_AMONG[table]})"] if table in UNIQUE_AMONG else [])])
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        statements += [
            f"CREATE TRIGGER IF NOT EXISTS {no_update} BEFORE UPDATE ON {table} {_unless_allowed(table, 'IS', 'rowid')}"
            f"{refuse}",
            f"CREATE TRIGGER IF NOT EXISTS {no_delete} BEFORE DELETE ON {table} {refuse}",
            # INSERT OR REPLACE deletes the old row without asking the delete trigger.
            f"CREATE TRIGGER IF NOT EXISTS {no_replace} BEFORE INSERT ON {table} "  # noqa: S608 - fixed names
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) {refuse}",
        ]
    return statements


def _postgresql(tables: list[str]) -> list[str]:
    statements = [
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$"
    ]
    for table in tables:
        no_update, no_delete, _, no_truncate = names(table)
        refuse = f"EXECUTE FUNCTION {FUNCTION}()"
        statements += [
            f"CREATE OR REPLACE TRIGGER {no_update} BEFORE UPDATE ON {table} FOR EACH ROW "
            f"{_unless_allowed(table, 'IS NOT DISTINCT FROM')}{refuse}",
            f"CREATE OR REPLACE TRIGGER {no_delete} BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
            f"CREATE OR REPLACE TRIGGER {no_truncate} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
        ]
    return statements


def _unless_allowed(table: str, same: str, *hidden: str) -> str:
    """The trigger's condition: any change but those that `CHANGES` names."""
    if table not in CHANGES:
        return ""
    change = CHANGES[table]
    new, old = (", ".join(f'{row}."{name}"' for name in (*hidden, *change.kept)) for row in ("NEW", "OLD"))
    allowed = [f"({new}) {same} ({old})"]
    for gone, columns in (("NEW", change.emptied), ("OLD", change.filled)):
        allowed += [f"({gone}.{name} IS NULL OR NEW.{name} {same} OLD.{name})" for name in columns]
    return f"WHEN (NOT ({' AND '.join(allowed)})) "
