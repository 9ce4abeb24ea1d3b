"""Erasing a case: refused while a law keeps it, complete when it is done, and honest on every page afterwards."""

import contextlib
import hashlib
import re
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kyc import tasks
from kyc.domain import retention as rules
from kyc.domain.actors import SYSTEM
from kyc.domain.lifecycle import FINAL, OPEN, IllegalMove, State
from kyc.domain.provenance import Outcome
from kyc.domain.reasons import RejectReason
from kyc.domain.retention import Obstacle, Reason
from kyc.domain.roles import Role
from kyc.domain.sources import Source
from kyc.models import (
    AccessCode,
    AuditEntry,
    Case,
    Decision,
    FieldValue,
    MailMessage,
    SecondLook,
    Upload,
    append_only,
)
from kyc.services import (
    audit,
    custody,
    destruction,
    disclosure,
    intake,
    links,
    opening,
    retention,
    review,
    search,
    second_look,
)
from kyc.vault import storage
from kyc.vault.keys import Refused
from tests.officers import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain_static_files(settings: LazySettings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def _closed(state: State, *, days_ago: int = 0, **columns: Any) -> Case:
    """A case with a picture, a reading and findings, in a final state since then."""
    case = factories.reviewable(ID="531004-1980180")
    began = timezone.now() - timedelta(days=days_ago)
    Case.objects.filter(pk=case.pk).update(state=state, changed_at=began, created_at=began, **columns)
    return Case.objects.get(pk=case.pk)


def _lookups(case: Case) -> int:
    return FieldValue.objects.filter(case=case, lookup__isnull=False).count()


def test_nothing_of_an_erased_case_can_be_opened_or_found() -> None:
    case = _closed(State.REJECTED)
    officer = factories.officer(Role.REVIEWER)
    key, document, reading = case.key(), case.documents.get(), case.documents.get().readings.get()
    assert search.find(text=factories.NAME, by=officer).cases
    assert _lookups(case)
    sealed = bytes(case.sealed_key)
    retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
    assert case.status is State.ERASED
    assert bytes(case.sealed_key) not in {b"", sealed}
    with pytest.raises(Refused):
        case.key()
    assert not storage.exists(document.storage_key)
    for open_ in (
        lambda: disclosure.picture(document=document, by=officer, reason="review", address=None),
        lambda: disclosure.portrait(
            reading=type(reading).objects.get(pk=reading.pk), by=officer, reason="review", address=None
        ),
        lambda: disclosure.uncovered(case=case, by=officer, reason="other: a test", address=None),
        lambda: disclosure.values_of(case=case, by=officer, reason="review", address=None),
        lambda: opening.evidence(case, list(case.findings.all())),
    ):
        document.case.refresh_from_db()
        with pytest.raises((Refused, OSError)):
            open_()
    assert custody.open_value(
        key, case.values.all()[0]
    )  # the rows stand; only the destroyed key would open them
    assert not search.find(text=factories.NAME, by=officer).cases
    assert not search.find(text="531004-1980180", by=officer).cases
    assert destruction.leftovers(case) == []


def test_the_audit_chain_tells_of_the_erasure_and_still_holds() -> None:
    case = _closed(State.WITHDRAWN)
    retention.erase(case=case, by=SYSTEM, reason=Reason.ORDERED)
    told = AuditEntry.objects.get(action="case.erased")
    assert (told.case_id, told.data["reason"], told.data["pictures"]) == (case.pk, "ordered", 1)
    assert audit.verify()[1] is None


@pytest.mark.django_db(transaction=True)
def test_the_database_file_holds_neither_the_key_nor_an_index_afterwards() -> None:
    case = _closed(State.REJECTED)
    secrets = [bytes(case.sealed_key)]
    secrets += [bytes(value.lookup) for value in case.values.filter(lookup__isnull=False)]
    retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
    tasks.erase_due()
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        stored = file.read_bytes() + file.with_name(file.name + "-wal").read_bytes()
        assert str(case.pk.hex).encode() in stored
        assert [secret for secret in secrets if secret in stored] == []
    assert destruction.scrub()
    assert destruction.leftovers(case) == []


def test_every_table_in_which_erasure_changes_rows_is_scrubbed() -> None:
    case = _closed(State.REJECTED)
    told = [intake.ShownText("notice", "1", "words"), intake.ShownText("consent", "1", "words", granted=True)]
    intake.record_texts(case=case, shown=told, locale="ko", address="192.0.2.1")
    code = AccessCode.objects.create(case=case, document=case.documents.get(), until=timezone.now())
    MailMessage.objects.create(case=case, event="code", code=code)
    Upload.objects.create(case=case, mark="a mark", size=1, source="file")
    with CaptureQueriesContext(connection) as queries:
        retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
    changes = re.compile(r'^(?:UPDATE|DELETE FROM) "(\w+)"')
    changed = {found[1] for query in queries if (found := changes.match(query["sql"]))}
    assert {"kyc_notice", "kyc_consent", "kyc_accesscode", "kyc_mailmessage"} < changed
    assert changed <= {model._meta.db_table for model in destruction.OVERWRITTEN}


@pytest.mark.django_db(transaction=True)
def test_a_request_that_erases_does_not_wait_for_the_scrubbing() -> None:
    case = _closed(State.REJECTED)
    with CaptureQueriesContext(connection) as queries:
        retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
        assert not [query for query in queries if re.match("VACUUM|PRAGMA wal", query["sql"])]
        tasks.erase_due()
    assert [query for query in queries if re.match("VACUUM|PRAGMA wal", query["sql"])]


@pytest.mark.parametrize("state", sorted(OPEN | {State.ERASED}))
def test_a_case_that_is_not_finished_or_erased_already_is_refused(state: State) -> None:
    case = _closed(state)
    with pytest.raises(IllegalMove):
        retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
    assert storage.exists(case.documents.get().storage_key)


@pytest.mark.parametrize(
    ("short_of_five_years", "obstacle"),
    [(None, Obstacle.RELATIONSHIP_LASTS), (1, Obstacle.KEPT_BY_LAW), (0, None)],
)
def test_an_approved_case_is_kept_five_years_from_the_end_of_the_relationship(
    short_of_five_years: int | None, obstacle: Obstacle | None
) -> None:
    ended = None
    if short_of_five_years is not None:
        ended = rules.years_after(timezone.localdate(), -5) + timedelta(days=short_of_five_years)
    case = _closed(State.APPROVED, days_ago=3000, relationship_ended_on=ended)
    if obstacle is None:
        retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
        return
    with pytest.raises(retention.ErasureRefused) as refused:
        retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
    assert refused.value.obstacle is obstacle
    assert case.key()
    assert storage.exists(case.documents.get().storage_key)
    assert retention.erase_due().erased == []


def test_a_leap_day_is_kept_to_the_end() -> None:
    assert rules.years_after(date(2024, 2, 29), 5) == date(2029, 3, 1)


def test_a_legal_hold_stops_every_erasure_until_it_is_lifted() -> None:
    case = _closed(State.REJECTED, days_ago=400)
    retention.hold(case=case, on=True, by=SYSTEM, reference="order 531004-1980180")
    assert AuditEntry.objects.get(action="case.held").data == {"reference": "order 531004-1******"}
    with pytest.raises(retention.ErasureRefused):
        retention.erase(case=case, by=SYSTEM, reason=Reason.ORDERED)
    assert retention.erase_due().erased == []
    retention.hold(case=case, on=False, by=SYSTEM, reference="order")
    assert retention.erase_due().erased == [(case.pk, State.REJECTED)]


def test_the_end_of_a_relationship_starts_the_clock_of_approved_cases_only() -> None:
    case, today = _closed(State.APPROVED, days_ago=10), timezone.localdate()
    retention.relationship_ended(case=case, on=today, by=SYSTEM)
    assert retention.kept_until(Case.objects.get(pk=case.pk)) == rules.years_after(today, 5)
    for wrong in (today + timedelta(days=1), today - timedelta(days=11)):
        with pytest.raises(retention.WrongDate):
            retention.relationship_ended(case=case, on=wrong, by=SYSTEM)
    with pytest.raises(IllegalMove):
        retention.relationship_ended(case=_closed(State.REJECTED), on=today, by=SYSTEM)
    assert AuditEntry.objects.filter(action="case.relationship_ended").count() == 1


@pytest.mark.parametrize(("state", "days"), [(State.REJECTED, 90), (State.WITHDRAWN, 5), (State.EXPIRED, 5)])
def test_each_final_state_has_its_own_time(state: State, days: int) -> None:
    early, late = _closed(state, days_ago=days - 1), _closed(state, days_ago=days)
    assert [case_id for case_id, _ in retention.erase_due(dry_run=True).erased] == [late.pk]
    assert late.key()
    tasks.erase_due()
    assert Case.objects.get(pk=late.pk).status is State.ERASED
    assert Case.objects.get(pk=early.pk).status is state


def test_whether_a_known_file_was_sent_cannot_be_told_after_erasure() -> None:
    known = hashlib.sha256((factories.CARDS / factories.CLEAN).read_bytes()).digest()
    case = _closed(State.REJECTED)
    case.uploads.create(mark=known.hex(), size=1, source=Source.FILE)
    assert bytes(case.documents.get().sha256) == known
    retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
    assert bytes(case.documents.get().sha256) != known
    assert not case.uploads.exists()


def test_a_storage_that_fails_leaves_the_case_whole_and_the_others_go_on() -> None:
    case, other = _closed(State.REJECTED, days_ago=100), _closed(State.REJECTED, days_ago=99)
    file = Path(storage.pictures().path(case.documents.get().storage_key))
    file.unlink()
    file.mkdir()
    (file / "in-the-way").touch()
    done = retention.erase_due()
    assert [case_id for case_id, _ in done.failed] == [case.pk]
    assert [case_id for case_id, _ in done.erased] == [other.pk]
    assert Case.objects.get(pk=case.pk).key()
    (file / "in-the-way").unlink()
    assert [case_id for case_id, _ in retention.erase_due().erased] == [case.pk]


@pytest.mark.parametrize("table", append_only.CHANGES)
def test_what_may_change_of_a_row_and_what_may_not_are_all_its_columns(table: str) -> None:
    (model,) = (model for model in apps.get_models() if model._meta.db_table == table)
    change = append_only.CHANGES[table]
    columns = [column.column for column in model._meta.local_concrete_fields]
    assert sorted(columns) == sorted((*change.kept, *change.emptied, *change.filled))


def _refused(rows: QuerySet[Any], *changes: dict[str, Any]) -> None:
    for change in changes:
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            rows.update(**change)
    if connection.vendor == "sqlite":
        columns = ", ".join(column.column for column in rows.model._meta.local_concrete_fields)
        table = rows.model._meta.db_table
        with (
            pytest.raises(DatabaseError, match="only grows"),
            transaction.atomic(),
            connection.cursor() as sql,
        ):
            sql.execute(f"INSERT OR REPLACE INTO {table} SELECT {columns} FROM {table}")
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as sql:
        sql.execute(f"DELETE FROM {rows.model._meta.db_table}")


def test_a_decision_is_seconded_or_sent_back_once_and_never_another() -> None:
    first, second = factories.officer(Role.REVIEWER), factories.officer(Role.APPROVER)
    case = factories.confirmed(factories.reviewable(), first)
    review.reject(case=case, reasons=[RejectReason.OTHER], by=first)
    rows, now = case.decisions.all(), timezone.now()
    _refused(rows, {"outcome": "approve"}, {"reasons": []}, {"grounds": ["x"]}, {"blind": True})
    review.agree(case, case.decisions.get(), second)
    _refused(rows, {"seconded_by": None}, {"seconded_at": None}, {"seconded_at": now}, {"by": second})
    assert rows.update(withdrawn_at=now) == 1
    _refused(rows, {"withdrawn_at": None})


def test_no_decision_in_force_is_replaced_by_another() -> None:
    officer = factories.officer(Role.REVIEWER)
    case = factories.confirmed(factories.reviewable(), officer)
    review.reject(case=case, reasons=[RejectReason.OTHER], by=officer)
    columns = [c.column for c in Decision._meta.local_concrete_fields if c.column not in {"id", "outcome"}]
    replaced = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    names = ", ".join(columns)
    forged = (
        f"{replaced} INTO kyc_decision (id, outcome, {names}) SELECT %s, 'approve', {names} FROM kyc_decision"
    )
    key = uuid.uuid4()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as sql:
        sql.execute(forged, [key if connection.vendor == "postgresql" else key.hex])
    assert case.decisions.get().outcome == "reject"


def test_no_second_look_is_replaced_by_another(settings: LazySettings) -> None:
    settings.FOUR_EYES_BLIND = ["rejection"]
    first, second = factories.officer(Role.REVIEWER), factories.officer(Role.APPROVER)
    case = factories.confirmed(factories.reviewable(), first)
    review.reject(case=case, reasons=[RejectReason.OTHER], by=first)
    look = second_look.look(case=case, view={}, outcome=Outcome.RETAKE, reasons=["blurred"], by=second)
    replaced = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    names = ", ".join(c.column for c in SecondLook._meta.local_concrete_fields if c.column != "id")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as sql:
        sql.execute(
            f"{replaced} INTO kyc_secondlook (id, {names}) SELECT %s, {names} FROM kyc_secondlook",
            [uuid.uuid4() if connection.vendor == "postgresql" else uuid.uuid4().hex],
        )
    assert SecondLook.objects.get().pk == look.pk


def test_what_was_shown_and_answered_stays_but_for_the_address() -> None:
    case = _closed(State.REJECTED)
    told = [intake.ShownText("a", "1", "words"), intake.ShownText("b", "1", "words", granted=False)]
    intake.record_texts(case=case, shown=told, locale="ko", address="192.0.2.1")
    _refused(case.notices.all(), {"version": "2"}, {"sha256": ""}, {"address": "192.0.2.2"})
    _refused(case.consents.all(), {"granted": True}, {"at": timezone.now()}, {"address": "192.0.2.2"})
    assert case.consents.update(withdrawn_at=timezone.now()) == 1
    _refused(case.consents.all(), {"withdrawn_at": None})
    retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
    assert (case.notices.get().address, case.consents.get().address) == (None, None)


def test_the_trigger_lets_an_index_go_and_nothing_else() -> None:
    case = _closed(State.REJECTED)
    value = case.values.filter(lookup__isnull=False)[0]
    rows = FieldValue.objects.filter(pk=value.pk)
    for change in (
        {"lookup": b"x" * 32},
        {"sealed": b""},
        {"lookup": None, "sealed": b"x"},
        {"step": "claimed"},
    ):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            rows.update(**change)
    assert rows.update(lookup=None) == 1


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR])
def test_the_workbench_says_that_the_data_is_gone(role: Role) -> None:
    case = _closed(State.REJECTED)
    document, reading = case.documents.get(), case.documents.get().readings.get()
    retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
    client = factories.browser(factories.officer(role))
    page = client.get(reverse("admin:kyc_case_change", args=[case.pk]))
    assert page.status_code == 200
    assert "destroyed for good" in page.content.decode()
    assert "<img" not in page.content.decode()
    assert client.get(reverse("admin:kyc_case_changelist")).status_code == 200
    if role is Role.REVIEWER:
        revealed = {"do": "reveal", "reveal_reason": "comparing"}
        work = client.post(reverse("admin:kyc_case_work", args=[case.pk]), revealed)
        assert work.status_code in {409, 422}
        for name, of in (("picture", document.pk), ("portrait", reading.pk)):
            answer = client.get(reverse(f"admin:kyc_case_{name}", args=[case.pk, of]))
            assert answer.status_code in {410, 503}


def test_the_customer_is_told_that_the_data_is_gone() -> None:
    case = _closed(State.WITHDRAWN)
    link = reverse("kyc:link", args=[links.make(case)])
    retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
    client = Client(headers={"accept-language": "en"})
    page = client.get(link, follow=True)
    assert "have been destroyed" in page.content.decode()
    for name in ("check", "picture", "withdraw", "state"):
        assert client.get(reverse(f"kyc:{name}"), follow=True).status_code == 200


def test_the_commands_report_and_refuse_in_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    due, kept = _closed(State.REJECTED, days_ago=91), _closed(State.APPROVED, days_ago=2)
    call_command("erase_due", "--dry-run")
    assert capsys.readouterr().out == f"{due.pk} rejected due\n1 due, 0 failed.\n"
    call_command("erase_due")
    assert capsys.readouterr().out == f"{due.pk} rejected erased\n1 erased, 0 failed.\n"
    with pytest.raises(CommandError, match="must be kept: relationship_lasts"):
        call_command("retain", str(kept.pk), "--erase", "asked")
    call_command("retain", str(kept.pk), "--ended-on", timezone.localdate().isoformat())
    with pytest.raises(CommandError, match="kept_by_law until"):
        call_command("retain", str(kept.pk), "--erase", "asked")
    call_command("retain", str(kept.pk), "--hold", "order 7")
    assert Case.objects.get(pk=kept.pk).legal_hold
    with pytest.raises(CommandError, match="no such case"):
        call_command("retain", "00000000-0000-0000-0000-000000000001", "--hold", "order 7")


def test_a_case_without_a_picture_can_be_erased() -> None:
    case = intake.open_case()
    case.move(State.WITHDRAWN, by=SYSTEM)
    retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
    with contextlib.suppress(IllegalMove):
        retention.hold(case=case, on=True, by=SYSTEM, reference="late")
    assert not Case.objects.get(pk=case.pk).legal_hold
    assert State.ERASED in FINAL
