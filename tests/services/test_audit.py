"""The audit chain only grows, and shows where somebody went around the product."""

import pytest
from django.db import DatabaseError, connection, transaction

from kyc.domain.actors import SYSTEM
from kyc.models import AuditEntry, Disclosure, append_only
from kyc.services import audit

pytestmark = pytest.mark.django_db


def _grow(count: int = 4) -> None:
    for number in range(count):
        AuditEntry.append("test.event", by=SYSTEM, data={"number": number})


def test_entries_are_numbered_without_gaps_and_linked() -> None:
    _grow()
    assert list(AuditEntry.objects.order_by("sequence").values_list("sequence", flat=True)) == [1, 2, 3, 4]
    assert audit.verify() == (4, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kyc_auditentry SET action = 'x' WHERE sequence = 2",
        "DELETE FROM kyc_auditentry WHERE sequence = 2",
        "INSERT OR REPLACE INTO kyc_auditentry SELECT sequence, at, 'x', actor, case_id, data, previous, hash "
        "FROM kyc_auditentry WHERE sequence = 2",
    ],
)
def test_the_database_refuses_any_change(statement: str) -> None:
    _grow()
    with (
        pytest.raises(DatabaseError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert audit.verify() == (4, None)


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
