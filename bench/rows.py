"""Synthetic cases by the hundred thousand, written by SQL: as many rows as real ones have, sealed with noise.

They cannot be opened and their audit hashes do not hold: they are there to be in the way. SQLite only.
"""

import re

from django.apps import apps
from django.db import connection, models, transaction

from bench import scratch  # noqa: F401 - the product's own folder comes before its models
from kyc.models import AuditEntry, Case, ReadingJob, append_only

BATCH = 50_000
AUDIT_A_CASE = 8
MOMENT = "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-' || {} || ' seconds')"
UUID = "lower(hex(randomblob(16)))"

# Of a hundred cases four wait for an officer and one for a second; the rest are over or with the customer.
STATE = """CASE WHEN n % 100 < 4 THEN 'in_review' WHEN n % 100 = 4 THEN 'second_review' WHEN n % 100 = 5 THEN 'retake'
 WHEN n % 100 = 6 THEN 'started' WHEN n % 100 < 10 THEN 'rejected' ELSE 'approved' END"""
# Open cases came within two days, the others within two years.
AGE = "CASE WHEN n % 100 < 7 THEN abs(random()) % 172800 ELSE 172800 + abs(random()) % 63072000 END"

STATEMENTS = (
    """INSERT INTO kyc_case (id, state, channel, locale, legal_basis, sealed_key, created_at, changed_at, due_at, risk,
 turn_at) SELECT case_id, state, 'customer', 'ko', 'demo', randomblob(180), at, at,
 CASE state WHEN 'started' THEN NULL ELSE datetime(at, '+1 day') || '.000000' END, risk,
 CASE WHEN state IN ('in_review', 'second_review') THEN
 datetime(at, '+1 day', CASE risk WHEN 3 THEN '-4 hours' WHEN 2 THEN '-1 hour' ELSE '-0 hours' END) || '.000000' END
 FROM (SELECT *, CASE WHEN n %% 2 = 0 THEN 0 WHEN n %% 3 THEN 2 ELSE 3 END AS risk FROM bench)""",
    """INSERT INTO kyc_notice (case_id, code, version, sha256, locale, at)
 SELECT case_id, 'rrn', '1', hex(randomblob(32)), 'ko', at FROM bench""",
    """INSERT INTO kyc_document (id, case_id, storage_key, sha256, size, width, height, quality, received_at)
 SELECT document, case_id, 'aa/bb/' || document, randomblob(32), 500000, 1600, 1200, '{}', at FROM bench""",
    """INSERT INTO kyc_readingjob (id, document_id, reader, token, attempts, deaths, next_attempt_at, last_error,
 settled_at)
 SELECT %(job)s + n, document, 'local', 1, 1, 0, at, '', at FROM bench""",
    """INSERT INTO kyc_reading (id, job_id, document_id, reader, engine, version, request_id, duration, attempts,
 error_code, sealed_answer, details, at)
 SELECT reading, %(job)s + n, document, 'local', 'sinwon', '1', document, 0.3, 1, '', randomblob(600), '{}', at
 FROM bench""",
    """INSERT INTO kyc_fieldvalue (id, case_id, reading_id, field, step, sealed, lookup, at)
 SELECT %(uuid)s, case_id, reading, f.column1, s.column1, randomblob(60),
 CASE WHEN s.column1 <> 'read' AND f.column1 IN ('name', 'rrn') THEN randomblob(32) END, at
 FROM bench, (VALUES ('name'), ('rrn'), ('sex'), ('birthday'), ('address'), ('issued')) f,
 (VALUES ('read'), ('normalised'), ('confirmed')) s
 WHERE s.column1 <> 'confirmed' OR state IN ('approved', 'rejected')""",
    """INSERT INTO kyc_finding (id, case_id, reading_id, code, severity, fields, sealed_evidence, at)
 SELECT %(uuid)s, case_id, reading, 'rrn.check_digit', CASE WHEN n %% 3 THEN 'low' ELSE 'high' END, '["rrn"]',
 randomblob(80), at FROM bench WHERE n %% 2""",
    """INSERT INTO kyc_decision (id, case_id, outcome, reasons, by_id, at, needs_second)
 SELECT %(uuid)s, case_id, CASE state WHEN 'rejected' THEN 'reject' ELSE 'approve' END, '[]', 1, at,
 state = 'second_review' FROM bench WHERE state IN ('approved', 'rejected', 'second_review')""",
    """INSERT INTO kyc_judgement (reading_id, field, source, "right", confidence, at)
 SELECT reading, f.column1, 'review', n %% 50 > 0, 0.9 + (n %% 100) / 1000.0, at
 FROM bench, (VALUES ('name'), ('rrn'), ('sex'), ('birthday'), ('address'), ('issued')) f WHERE state = 'approved'""",
    """INSERT INTO kyc_disclosure (at, by_id, actor, case_id, what, reason)
 SELECT at, 1, 'officer:1', case_id, w.column1, 'review' FROM bench, (VALUES ('picture'), ('fields')) w
 WHERE state IN ('approved', 'rejected', 'second_review')""",
    """INSERT INTO kyc_auditentry (sequence, at, action, actor, case_id, data, previous, hash)
 SELECT %(audit)s + (n - %(first)s) * %(entries)s + e.column1, at, 'case.moved', 'system:recognition', case_id,
 '{"from":"queued","to":"reading"}', randomblob(32), randomblob(32)
 FROM bench, (VALUES (1), (2), (3), (4), (5), (6), (7), (8)) e""",
)


# What no list of cases and no figure reads; these are most of the rows.
HEAVY = (
    "INSERT INTO kyc_notice",
    "INSERT INTO kyc_fieldvalue",
    "INSERT INTO kyc_disclosure",
    "INSERT INTO kyc_auditentry",
)


def fill(total: int, *, lean: bool = False) -> None:
    """Adds cases until there are `total`, without what no list of cases reads where `lean`.

    Triggers and indexes step aside meanwhile, and stand again afterwards.
    """
    with (
        connection.cursor() as cursor
    ):  # for this connection alone: a million cases are scattered over gigabytes
        # No journal: a million cases would be written twice, and a fill that was broken off is thrown away.
        quick = ("journal_mode=OFF", "synchronous=OFF", "secure_delete=OFF", "temp_store=FILE")
        for pragma in ("cache_size=-4000000", *quick):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name LIKE 'kyc_%'"
        )
        indexes = dict(cursor.fetchall())
        append_only.remove(connection)
        for name in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        standing = Case.objects.count()
        for first in range(standing, total, BATCH):
            _batch(first, min(BATCH, total - first), lean)
        for statement in indexes.values():
            cursor.execute(statement)
        append_only.install(connection)
        cursor.execute("PRAGMA journal_mode=WAL")
    connection.close()


@transaction.atomic
def _batch(first: int, count: int, lean: bool) -> None:
    last_entry = AuditEntry.objects.order_by("-sequence").first()
    last_job = ReadingJob.objects.order_by("-id").first()
    named = {
        "uuid": UUID,
        "first": first,
        "entries": AUDIT_A_CASE,
        "audit": last_entry.sequence if last_entry else 0,
        "job": (last_job.pk if last_job else 0) - first + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS temp.bench")
        cursor.execute(
            "CREATE TEMP TABLE bench (n integer, case_id text, document text, reading text, state text, at text)"
        )
        cursor.execute(
            "INSERT INTO bench WITH RECURSIVE numbers(n) AS "
            f"(SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {first + count}) "
            f"SELECT n, {UUID}, {UUID}, {UUID}, {STATE}, {MOMENT.format('(' + AGE + ')')} FROM numbers"
        )
        for statement in STATEMENTS:
            if lean and statement.startswith(HEAVY):
                continue
            cursor.execute(_completed(statement % named))


def _completed(statement: str) -> str:
    """With the model's own default for every column that the statement leaves out and that may not be empty."""
    table, columns = re.match(r"INSERT INTO (\w+) \(([^)]*)\)", statement).groups()  # type: ignore[union-attr]
    named = {column.strip() for column in columns.split(",")}
    model = next(m for m in apps.get_app_config("kyc").get_models() if m._meta.db_table == table)
    for field in model._meta.concrete_fields:
        if field.column in named or field.null or isinstance(field, models.AutoField):
            continue
        value = field.get_db_prep_save(field.get_default(), connection)
        literal = str(int(value)) if isinstance(value, bool | int) else f"'{value}'"
        statement = statement.replace("(", f"({field.column}, ", 1).replace(
            "SELECT ", f"SELECT {literal}, ", 1
        )
    return statement
