"""The deployment's key is changed while the product works, and nothing is lost, opened or mixed up by it."""

import threading
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection

from kyc.domain.actors import SYSTEM
from kyc.domain.lifecycle import State
from kyc.domain.retention import Reason
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case
from kyc.services import audit, authenticators, custody, intake, retention, rotation, search
from kyc.vault import keyfile
from kyc.vault.keys import Refused, keyring
from kyc.vault.rotation import NotRotated
from tests.officers import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ring(settings: LazySettings, tmp_path: Path) -> Path:
    """A keyring of this test's own."""
    settings.KEYRING = tmp_path / "keyring.json"
    keyfile.create(settings.KEYRING)
    return Path(settings.KEYRING)


def test_every_step_leaves_every_case_readable_and_the_old_key_ends_last() -> None:
    case = factories.reviewable()
    text = custody.open_value(case.key(), case.values.all()[0])
    (old,) = rotation.uses()
    new = rotation.add(by=SYSTEM)
    intake.open_case()
    assert rotation.uses() == {old: 2}, "a key that was only added seals nothing"
    rotation.promote(by=SYSTEM)
    intake.open_case()
    assert rotation.uses() == {old: 2, new: 1}
    with pytest.raises(rotation.StillUsed):
        rotation.retire(by=SYSTEM)
    assert rotation.rewrap(by=SYSTEM).done == 2
    assert rotation.uses() == {new: 3}
    assert rotation.retire(by=SYSTEM) == [old]
    case = Case.objects.get(pk=case.pk)
    assert custody.open_value(case.key(), case.values.all()[0]) == text
    assert custody.open_picture(case.documents.get())[:3] == b"\xff\xd8\xff"
    told = AuditEntry.objects.filter(action__startswith="keyring.").order_by("sequence")
    assert [entry.action for entry in told] == [
        f"keyring.{x}" for x in ("added", "promoted", "rewrapped", "retired")
    ]
    assert audit.verify()[1] is None


def test_second_factors_move_to_the_new_key_and_hold_the_old_one_until_then() -> None:
    officer = factories.officer(Role.REVIEWER)
    authenticators.remove_all(officer)
    secret = authenticators.new_secret()
    authenticators.set_app(officer, secret)
    recovery = authenticators.new_recovery_codes(officer)
    (old,) = rotation.uses()
    rotation.add(by=SYSTEM)
    rotation.promote(by=SYSTEM)
    with pytest.raises(rotation.StillUsed):
        rotation.retire(by=SYSTEM)
    assert rotation.rewrap(by=SYSTEM).factors == 2
    assert rotation.retire(by=SYSTEM) == [old]
    code = authenticators.code_at(secret, authenticators.counter_now())
    assert authenticators.use_code(officer, code) is authenticators.Kind.APP
    assert authenticators.use_code(officer, recovery[0]) is authenticators.Kind.CODES


def test_after_rotation_moved_tampered_cut_and_plain_values_are_refused() -> None:
    case, other = factories.reviewable(), factories.reviewable()
    rotation.add(by=SYSTEM)
    rotation.promote(by=SYSTEM)
    rotation.rewrap(by=SYSTEM)
    rotation.retire(by=SYSTEM)
    case, other = Case.objects.get(pk=case.pk), Case.objects.get(pk=other.pk)
    first, second = case.values.all()[:2]
    sealed = bytes(first.sealed)
    for planted in (
        bytes(second.sealed),
        sealed[:-1],
        bytes([*sealed[:-1], sealed[-1] ^ 1]),
        b"530101-1234567",
    ):
        with pytest.raises(Refused):
            case.key().open(planted, identity=first.identity)
    with pytest.raises(Refused):
        keyring().case_key(other.pk, bytes(case.sealed_key))


def test_a_key_of_before_the_rotation_opens_nothing_once_it_is_retired(ring: Path) -> None:
    case = factories.reviewable()
    before = bytes(case.sealed_key)
    rotation.add(by=SYSTEM)
    rotation.promote(by=SYSTEM)
    rotation.rewrap(by=SYSTEM)
    rotation.retire(by=SYSTEM)
    with pytest.raises(Refused):
        keyring().case_key(case.pk, before)


def test_what_is_searched_by_stays_found() -> None:
    factories.reviewable()
    officer = factories.officer(factories.Role.REVIEWER)
    rotation.add(by=SYSTEM)
    rotation.promote(by=SYSTEM)
    assert search.find(text=factories.NAME, by=officer).cases


def test_an_erased_case_stays_erased() -> None:
    case = factories.reviewable()
    Case.objects.filter(pk=case.pk).update(state=State.REJECTED)
    case.refresh_from_db()
    retention.erase(case=case, by=SYSTEM, reason=Reason.ASKED)
    noise = bytes(case.sealed_key)
    rotation.add(by=SYSTEM)
    rotation.promote(by=SYSTEM)
    assert rotation.rewrap(by=SYSTEM).done == 0
    assert bytes(Case.objects.get(pk=case.pk).sealed_key) == noise
    assert rotation.retire(by=SYSTEM)


def test_a_case_whose_key_was_damaged_keeps_the_old_key_from_being_retired() -> None:
    case = intake.open_case()
    sealed = bytes(case.sealed_key)
    Case.objects.filter(pk=case.pk).update(sealed_key=bytes([*sealed[:-1], sealed[-1] ^ 1]))
    rotation.add(by=SYSTEM)
    rotation.promote(by=SYSTEM)
    count = rotation.rewrap(by=SYSTEM)
    assert (count.done, count.refused) == (0, 1)
    with pytest.raises(rotation.StillUsed):
        rotation.retire(by=SYSTEM)


def test_a_case_that_was_sealed_by_the_old_key_at_the_last_moment_brings_it_back(
    ring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotation.add(by=SYSTEM)
    late, case_id = keyring(), uuid4()  # a process that holds the keyring of before the promotion
    rotation.promote(by=SYSTEM)
    real = keyfile.replace

    def slow(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        if not Case.objects.exists():
            Case(id=case_id, legal_basis="x", sealed_key=late.new_case_key(case_id)).save(force_insert=True)

    monkeypatch.setattr(keyfile, "replace", slow)
    with pytest.raises(rotation.StillUsed):
        rotation.retire(by=SYSTEM)
    assert Case.objects.get().key()


@pytest.mark.django_db(transaction=True)
def test_the_product_works_while_cases_are_rewrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [intake.open_case() for _ in range(12)]
    old = set(rotation.uses())
    rotation.add(by=SYSTEM)
    rotation.promote(by=SYSTEM)
    monkeypatch.setattr(rotation, "BATCH", 3)
    faults: list[BaseException] = []
    over = threading.Event()

    def work() -> None:
        try:
            while not over.is_set():
                for case in cases:
                    key = Case.objects.get(pk=case.pk).key()
                    assert key.open(key.seal(b"x", identity="v:1"), identity="v:1") == b"x"
                intake.open_case()
        except BaseException as e:
            faults.append(e)
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert rotation.rewrap(by=SYSTEM).done == 12
    retired = rotation.retire(by=SYSTEM)
    over.set()
    worker.join(20)
    assert faults == []
    assert set(retired) == old
    assert all(Case.objects.get(pk=case.pk).key() for case in cases)


def test_the_command_goes_step_by_step_and_speaks_in_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    intake.open_case()
    with pytest.raises(CommandError, match="add one first"):
        call_command("rotate_keys", "promote")
    for step in ("add", "promote"):
        call_command("rotate_keys", step)
    with pytest.raises(CommandError, match="1 cases or second factors are still sealed"):
        call_command("rotate_keys", "retire")
    for step in ("show", "rewrap", "retire"):
        call_command("rotate_keys", step)
    told = capsys.readouterr().out
    assert "1 cases and 0 second factors sealed anew." in told
    assert "Retired: " in told
    with pytest.raises(NotRotated):
        rotation.promote(by=SYSTEM)
