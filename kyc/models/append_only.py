"""Triggers that make the database refuse any change of evidence: what was written stays, whoever holds the connection.

They bind those who speak SQL through the product's own account; the audit chain shows what a database owner did.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("kyc_auditentry", "kyc_disclosure", "kyc_reading", "kyc_fieldvalue", "kyc_finding")
FUNCTION = "kyc_refuse_change"


def names(table: str) -> tuple[str, ...]:
    return tuple(f"{table}_no_{what}" for what in ("update", "delete", "replace"))


def install(connection: BaseDatabaseWrapper) -> None:
    """Creates the triggers; those that stand already are left alone."""
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drops the triggers, for a migration backwards or a test database that is emptied."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for name in names(table):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The triggers that should stand and do not: a schema change on SQLite drops them silently."""
    source = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(source)
        standing = {row[0] for row in cursor.fetchall()}
    wanted = [name for table in TABLES for name in names(table)]
    if connection.vendor == "postgresql":  # it has no INSERT OR REPLACE; a taken key is refused by itself
        wanted = [name for name in wanted if not name.endswith("_replace")]
    return [name for name in wanted if name not in standing]


def _sqlite() -> list[str]:
    statements = []
    for table in TABLES:
        key = "sequence" if table == "kyc_auditentry" else "id"
        no_update, no_delete, no_replace = names(table)
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        statements += [
            f"CREATE TRIGGER IF NOT EXISTS {no_update} BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER IF NOT EXISTS {no_delete} BEFORE DELETE ON {table} {refuse}",
            # INSERT OR REPLACE deletes the old row without asking the delete trigger.
            f"CREATE TRIGGER IF NOT EXISTS {no_replace} BEFORE INSERT ON {table} "  # noqa: S608 - fixed names
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) {refuse}",
        ]
    return statements


def _postgresql() -> list[str]:
    statements = [
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$"
    ]
    for table in TABLES:
        no_update, no_delete, _ = names(table)
        for name, what in ((no_update, "UPDATE"), (no_delete, "DELETE")):
            statements.append(
                f"CREATE OR REPLACE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
            )
    return statements
