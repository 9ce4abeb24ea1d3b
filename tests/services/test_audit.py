"""The audit chain only grows, and shows where somebody went around the product."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from kyc.domain.actors import SYSTEM
from kyc.models import AuditEntry, Case, Disclosure, Document, Reading, append_only
from kyc.services import audit, disclosure, recognition, register

pytestmark = pytest.mark.django_db


def _grow(count: int = 4) -> None:
    for number in range(count):
        AuditEntry.append("test.event", by=SYSTEM, data={"number": number})


def test_entries_are_numbered_without_gaps_and_linked() -> None:
    _grow()
    assert list(AuditEntry.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3, 4]
    assert audit.verify() == (4, None)


ENTRY = "at, 'x', actor, case_id, data, previous, hash FROM kyc_auditentry WHERE sequence = 2"
COLUMNS = "sequence, at, action, actor, case_id, data, previous, hash"
CHANGES = {
    "every": (
        "UPDATE kyc_auditentry SET action = 'x' WHERE sequence = 2",
        "DELETE FROM kyc_auditentry WHERE sequence = 2",
    ),
    "sqlite": (
        f"INSERT OR REPLACE INTO kyc_auditentry SELECT sequence, {ENTRY}",
        # The hidden row number is a key too.
        f"INSERT OR REPLACE INTO kyc_auditentry (rowid, {COLUMNS}) SELECT rowid, 99, {ENTRY}",
        "UPDATE OR REPLACE kyc_auditentry SET sequence = 2 WHERE sequence = 3",
    ),
    "postgresql": (
        "TRUNCATE kyc_auditentry",
        f"INSERT INTO kyc_auditentry SELECT sequence, {ENTRY} ON CONFLICT (sequence) DO UPDATE SET action = 'x'",
    ),
}


def test_the_database_refuses_any_change() -> None:
    _grow()
    for statement in CHANGES["every"] + CHANGES[connection.vendor]:
        with (
            pytest.raises(DatabaseError, match="only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert audit.verify() == (4, None)


def test_the_only_reading_of_a_job_cannot_be_replaced_by_another(reader: None, document: Document) -> None:
    recognition.read(document_id=document.id)
    replaced = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    columns = [column.column for column in Reading._meta.local_concrete_fields if not column.primary_key]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"{replaced} INTO kyc_reading (id, {', '.join(columns)}) SELECT %s, {', '.join(columns)} FROM kyc_reading",
            ["0" * 32],
        )
    assert Reading.objects.get(document=document).values.exists()


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE kyc_auditentry SET action = 'x' WHERE sequence = 2", 2),
        ("UPDATE kyc_auditentry SET actor = 'officer:9' WHERE sequence = 4", 4),
        ("DELETE FROM kyc_auditentry WHERE sequence = 3", 3),
        ("UPDATE kyc_auditentry SET sequence = 9 WHERE sequence = 1", 1),
    ],
)
def test_who_drops_the_triggers_first_is_still_seen(statement: str, place: int) -> None:
    _grow()
    append_only.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    _, broken = audit.verify()
    assert broken is not None
    assert broken.sequence == place
    assert append_only.missing(connection)
    append_only.install(connection)
    assert not append_only.missing(connection)


def test_the_disclosure_register_only_grows() -> None:
    row = Disclosure.objects.create(
        actor="officer:1", case_id="00000000-0000-0000-0000-000000000001", what="picture", reason="review"
    )
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        Disclosure.objects.filter(pk=row.pk).update(reason="never")


def test_a_trigger_that_is_switched_off_or_emptied_does_not_stand() -> None:
    name = append_only.names("kyc_auditentry")[1]
    off = {
        "sqlite": (
            f"DROP TRIGGER {name}",
            f"CREATE TRIGGER {name} BEFORE DELETE ON kyc_auditentry BEGIN SELECT 1; END",
        ),
        "postgresql": (f"ALTER TABLE kyc_auditentry DISABLE TRIGGER {name}",),
    }
    assert not append_only.missing(connection)
    with connection.cursor() as cursor:
        for statement in off[connection.vendor]:
            cursor.execute(statement)
    assert append_only.missing(connection) == [name]


def test_the_triggers_of_some_tables_go_alone_and_come_back() -> None:
    append_only.remove(connection, ("kyc_decision", "kyc_consent"))
    assert {name.partition("_no_")[0] for name in append_only.missing(connection)} == {
        "kyc_decision",
        "kyc_consent",
    }
    append_only.install(connection)
    assert not append_only.missing(connection)


def test_the_command_names_the_first_break_and_exits_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    _grow()
    call_command("verify_audit")
    assert "4 entries, unbroken." in capsys.readouterr().out
    append_only.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kyc_auditentry WHERE sequence = 3")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")
    assert ended.value.code == 1
    assert "entry 3" in capsys.readouterr().err


def test_a_register_that_cannot_be_written_shows_nothing_and_quotes_nothing(
    case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    reason = "call of 홍길동"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kyc_disclosure RENAME TO kyc_away")
    with pytest.raises(register.RegisterDown):
        disclosure.current_of(case=case, by=SYSTEM, reason=reason, address=None)
    assert "cannot be written" in caplog.text
    assert "홍길동" not in caplog.text


def test_dropped_triggers_are_put_back_and_it_is_told_in_the_chain(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _grow(1)
    append_only.remove(connection)
    call_command("guard_evidence")
    assert not append_only.missing(connection)
    told = AuditEntry.objects.get(action="evidence.guarded").data["triggers"]
    assert "kyc_auditentry_no_update" in told
    call_command("guard_evidence")
    assert "Every trigger stands." in capsys.readouterr().out
    assert AuditEntry.objects.filter(action="evidence.guarded").count() == 1
