"""What is known of a person leaves by the right scope alone, and never before it stands in the register."""

import base64
import json
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone

from kyc.domain.hosts import Scope
from kyc.models import AuditEntry, Disclosure
from kyc.selectors import access
from tests.api.conftest import Caller, approved, in_review
from tests.officers import factories

pytestmark = pytest.mark.django_db

Callers = Callable[..., Caller]
WHY = {"reason": "account opening 17"}


def test_approved_fields_carry_a_masked_number_and_stand_in_the_register(caller: Callers) -> None:
    one = caller()
    case = approved(one.opened())
    told = one.get(f"/verifications/{case.pk}/fields").json()
    assert told["masked"] is True
    assert told["fields"]["rrn"] == "531004-1******"
    assert told["fields"]["name"].startswith(factories.NAME)
    row = Disclosure.objects.get(case_id=case.pk, actor=f"host:{one.key.pk}")
    assert (row.what, row.reason, row.by, row.address) == ("fields", "host", None, "127.0.0.1")
    people = access.figures(access.first_of(timezone.localdate()))["people"]
    assert "Bank (core)" in [person["name"] for person in people]  # as the monthly review names it


def test_the_whole_number_needs_its_own_scope_and_a_reason(caller: Callers) -> None:
    one, plain = caller(), caller(Scope.READ, Scope.FIELDS)
    case = approved(one.opened())
    path = f"/verifications/{case.pk}/number"
    assert (plain.post(path, WHY).status_code, plain.post(path, WHY).json()["scope"]) == (403, "numbers:read")
    assert one.post(path, {"reason": "x"}).status_code == 422
    looks = Disclosure.objects.filter(what="number", actor=f"host:{one.key.pk}")
    assert not looks.exists()
    assert one.post(path, WHY).json()["fields"]["rrn"] == factories.NUMBER
    assert looks.get().reason == WHY["reason"]


def test_nothing_of_the_person_is_told_before_the_approval(caller: Callers) -> None:
    one = caller()
    case = in_review(one.opened())
    for answer in (
        one.get(f"/verifications/{case.pk}/fields"),
        one.post(f"/verifications/{case.pk}/number", WHY),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_approved")


def test_the_evidence_holds_the_whole_way_and_no_picture_unless_scoped(caller: Callers) -> None:
    one, plain = caller(), caller(Scope.READ, Scope.EVIDENCE)
    case = approved(one.opened())
    path = f"/verifications/{case.pk}/evidence"
    told = plain.post(path, WHY).json()
    assert told["format"] == "sinwon-evidence-1"
    assert [value["step"] for value in told["fields"]["rrn"]][-1] == "approved"
    assert factories.NUMBER not in json.dumps(told)
    assert told["pictures"] is None
    assert told["decisions"][0]["outcome"] == "approve"
    entries = told["audit"]["entries"]
    assert next(entry["action"] for entry in entries) == "case.opened"
    assert entries[-1]["hash"] == bytes(AuditEntry.objects.filter(case_id=case.pk).last().hash).hex()
    for wanted in ("pictures", "numbers"):
        assert plain.post(path, WHY | {wanted: True}).status_code == 403
    with_all = one.post(path, WHY | {"pictures": True, "numbers": True}).json()
    (picture,) = with_all["pictures"].values()
    assert base64.b64decode(picture).startswith(b"\xff\xd8")
    assert factories.NUMBER in json.dumps(with_all["fields"])
    seen = Disclosure.objects.filter(actor=f"host:{one.key.pk}", reason=WHY["reason"]).values_list(
        "what", flat=True
    )
    assert sorted(seen) == ["export", "number", "picture"]


@pytest.mark.parametrize("what", ["fields", "number", "evidence"])
def test_nothing_is_shown_where_the_register_cannot_be_written(caller: Callers, what: str) -> None:
    one = caller()
    case = approved(one.opened())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kyc_disclosure RENAME TO elsewhere")
    path = f"/verifications/{case.pk}/{what}"
    answer = one.get(path) if what == "fields" else one.post(path, WHY)
    assert (answer.status_code, answer.json()["code"]) == (503, "register_down")
    assert factories.NAME not in answer.content.decode()


def test_a_key_that_takes_the_data_of_many_is_stopped_on_record(
    caller: Callers, settings: LazySettings
) -> None:
    settings.API_CASES_AN_HOUR = 1
    one = caller()
    first, second = (approved(one.opened(f"A-{n}")) for n in range(2))
    assert one.post(f"/verifications/{first.pk}/number", WHY).status_code == 200
    stopped = one.post(f"/verifications/{second.pk}/number", WHY)
    assert (stopped.status_code, stopped.json()["code"]) == (429, "too_many_cases")
    assert one.post(f"/verifications/{first.pk}/evidence", WHY).status_code == 200
    assert AuditEntry.objects.get(action="disclosure.limit_reached").actor == f"host:{one.key.pk}"


def test_masked_fields_neither_use_a_keys_measure_up_nor_open_a_way_around_it(
    caller: Callers, settings: LazySettings
) -> None:
    settings.API_CASES_AN_HOUR = 1
    one = caller()
    first, second = (approved(one.opened(f"A-{n}")) for n in range(2))
    for case in (first, second):
        assert one.get(f"/verifications/{case.pk}/fields").status_code == 200
    assert one.post(f"/verifications/{first.pk}/number", WHY).status_code == 200
    assert one.post(f"/verifications/{second.pk}/number", WHY).status_code == 429
    assert one.post(f"/verifications/{second.pk}/evidence", WHY).status_code == 429


def test_what_was_erased_is_gone_for_the_host_too(caller: Callers) -> None:
    one = caller()
    made = one.opened()
    one.post(f"/verifications/{made}/withdraw")
    one.post(f"/verifications/{made}/erase")
    assert one.post(f"/verifications/{made}/evidence", WHY).json()["code"] == "gone"
    assert one.get(f"/verifications/{made}/fields").json()["code"] == "gone"
