"""Triggers that make the database refuse any change of evidence: what was written stays, whoever holds the connection.

They bind those who speak SQL through the product's own account; the audit chain shows what a database owner did.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

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
}
TABLES = tuple(UNIQUE)
# The one change that erasure needs: a value loses its index, so that nobody finds it by a name or number any more.
ERASABLE = {
    "kyc_fieldvalue": (
        "lookup",
        ("id", "case_id", "reading_id", "field", "step", "sealed", "by_id", "at"),
    )
}
FUNCTION = "kyc_refuse_change"


def names(table: str) -> tuple[str, ...]:
    return tuple(f"{table}_no_{what}" for what in ("update", "delete", "replace", "truncate"))


def present(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables of evidence that this database has: an earlier migration, or an upgrade, has not all of them yet."""
    there = set(connection.introspection.table_names())
    return [table for table in TABLES if table in there]


def install(connection: BaseDatabaseWrapper) -> None:
    """Creates the triggers of the tables that are there; those that stand already are left alone."""
    tables = present(connection)
    with connection.cursor() as cursor:
        for statement in _postgresql(tables) if connection.vendor == "postgresql" else _sqlite(tables):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drops the triggers, for a migration backwards or a test database that is emptied."""
    with connection.cursor() as cursor:
        for table in present(connection):
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
    wanted = [name for table in present(connection) for name in names(table) if not name.endswith(foreign)]
    return [name for name in wanted if name not in standing]


def _sqlite(tables: list[str]) -> list[str]:
    statements = []
    for table in tables:
        columns = UNIQUE[table]
        no_update, no_delete, no_replace, _ = names(table)
        taken = " OR ".join(f"{column} = NEW.{column}" for column in ("rowid", *columns))
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        statements += [
            f"CREATE TRIGGER IF NOT EXISTS {no_update} BEFORE UPDATE ON {table} {_unless_erased(table, 'IS', 'rowid')}"
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
            f"{_unless_erased(table, 'IS NOT DISTINCT FROM')}{refuse}",
            f"CREATE OR REPLACE TRIGGER {no_delete} BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
            f"CREATE OR REPLACE TRIGGER {no_truncate} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
        ]
    return statements


def _unless_erased(table: str, same: str, *hidden: str) -> str:
    """The trigger's condition: any change but the loss of an index, with every other column as it was."""
    if table not in ERASABLE:
        return ""
    erased, kept = ERASABLE[table]
    new, old = (", ".join(f'{row}."{name}"' for name in (*hidden, *kept)) for row in ("NEW", "OLD"))
    return f"WHEN (NOT (NEW.{erased} IS NULL AND ({new}) {same} ({old}))) "
