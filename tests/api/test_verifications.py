"""A host opens verifications, sees its own and nobody else's, and moves them on."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kyc.domain.evidence import Method
from kyc.domain.hosts import Scope
from kyc.domain.lifecycle import State
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Document, Verification
from kyc.selectors import evidence, progress
from kyc.services import holding, hosts, refusals, review
from tests.api.conftest import HOME, Caller, approved, in_review
from tests.officers import factories

pytestmark = pytest.mark.django_db

Callers = Callable[..., Caller]


def test_a_host_opens_a_verification_and_the_customer_gets_in_by_its_link(caller: Callers) -> None:
    told = (
        caller()
        .post(
            "/verifications",
            {
                "reference": "A-1",
                "locale": "en",
                "return_address": f"{HOME}/done",
                "requirements": {"methods": 3},
            },
        )
        .json()
    )
    assert (told["reference"], told["state"], told["locale"], told["sandbox"]) == (
        "A-1",
        "started",
        "en",
        False,
    )
    assert told["requirements"] == {"methods": 3, "second_officer": False}
    answer = Client().get(told["url"].removeprefix("http://testserver"), follow=True)
    assert answer.redirect_chain[-1][0] == "/notices/"
    case = Case.objects.get(pk=told["id"])
    assert case.channel == Case.Channel.HOST
    assert AuditEntry.objects.get(action="case.opened", case_id=case.pk).actor.startswith("host:")


def test_a_key_that_opens_none_is_given_no_private_link(caller: Callers) -> None:
    made = caller().opened()
    for scopes in ((Scope.READ,), (Scope.READ, Scope.WITHDRAW)):
        one = caller(*scopes)
        listed = one.get("/verifications").json()["items"]
        for told in (one.get(f"/verifications/{made}").json(), *listed):
            assert (told["id"], told["url"], told["embed_url"]) == (made, None, None)
    taken_back = one.post(f"/verifications/{made}/withdraw").json()
    assert (taken_back["state"], taken_back["url"]) == ("withdrawn", None)
    assert caller(Scope.CREATE, Scope.READ).get(f"/verifications/{made}").json()["url"]


def test_the_state_is_told_and_another_host_sees_nothing(caller: Callers, administrator: User) -> None:
    one = caller()
    other = caller(host=hosts.create(name="Other", return_addresses=[], by=administrator))
    made = one.opened()
    assert one.get(f"/verifications/{made}").json()["state"] == "started"
    assert other.get(f"/verifications/{made}").status_code == 404
    assert other.post(f"/verifications/{made}/withdraw").status_code == 404
    assert other.get("/verifications").json() == {"items": [], "next": None}


def test_the_list_goes_on_by_cursor_and_a_foreign_cursor_leads_nowhere(
    caller: Callers, administrator: User
) -> None:
    one = caller()
    made = [one.opened(f"A-{n}") for n in range(5)]
    first = one.get("/verifications", size=3).json()
    one.opened("A-late")  # what comes meanwhile shifts no page
    second = one.get("/verifications", size=3, cursor=first["next"]).json()
    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None
    other = caller(host=hosts.create(name="Other", return_addresses=[], by=administrator))
    for reader, cursor in ((other, first["next"]), (one, "x" + first["next"]), (one, "")):
        answer = reader.get("/verifications", cursor=cursor)
        assert (answer.status_code, answer.json()["code"]) == (422, "cursor")
    assert len(one.get("/verifications", reference="A-2").json()["items"]) == 1
    assert one.get("/verifications", state="approved").json()["items"] == []


def test_the_same_request_twice_opens_one_case(caller: Callers) -> None:
    one, body = caller(), {"reference": "A-1"}
    first, again = (one.post("/verifications", body, token="k1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Verification.objects.count() == 1
    other = one.post("/verifications", {"reference": "A-2"}, token="k1")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert one.post("/verifications", body, token="k2").json()["id"] != first.json()["id"]


def test_what_was_refused_under_a_key_may_be_asked_again(caller: Callers) -> None:
    one = caller()
    case = in_review(one.opened())
    officer = factories.officer(Role.REVIEWER)
    holding.claim(case=case, by=officer)
    path, body = f"/verifications/{case.pk}/ask-again", {"reasons": ["blurred"]}
    assert one.post(path, body, token="k1").json()["code"] == "held"
    holding.release(case=case, by=officer)
    assert one.post(path, body, token="k1").json()["state"] == "retake"
    assert progress.retake_asked(case) == ["blurred"]


def test_a_picture_on_the_customers_behalf(caller: Callers, cards: Path) -> None:
    one = caller()
    made = one.opened()
    path = f"/api/v1/verifications/{made}/picture"

    def send(content: bytes, **more: str) -> object:
        return one.client.post(path, {"picture": SimpleUploadedFile("card.jpg", content)} | more)

    good = (cards / "clean-001.jpg").read_bytes()
    answers = [send(good, notices_shown="false"), send(b"no picture", notices_shown="true"), send(good)]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [
        (422, "notices_missing"), (422, "picture"), (422, "invalid"),
    ]  # fmt: skip
    told = [send(good, notices_shown="true").json() for _ in range(2)]
    assert told[0]["id"] == told[1]["id"]
    assert told[0]["verification"]["state"] == "queued"
    assert Document.objects.get().case_id == Case.objects.get(pk=made).pk


def test_that_the_host_showed_the_notices_stands_with_the_picture_once_however_often_it_is_sent(
    caller: Callers, cards: Path
) -> None:
    one = caller()
    path = f"/api/v1/verifications/{one.opened()}/picture"
    card, entries = (cards / "clean-001.jpg").read_bytes(), []
    for _ in range(2):
        one.client.post(path, {"picture": SimpleUploadedFile("card.jpg", card), "notices_shown": "true"})
        entries.append(AuditEntry.objects.count())
    assert entries[0] == entries[1]
    assert AuditEntry.objects.get(action="document.received").data["notices_shown"] is True


def test_a_picture_too_large_is_told_so(caller: Callers, settings: object) -> None:
    settings.UPLOAD_MAX_BYTES = 100_000
    one = caller()
    path = f"/api/v1/verifications/{one.opened()}/picture"
    sent = {"picture": SimpleUploadedFile("card.jpg", bytes(300_000)), "notices_shown": "true"}
    answer = one.client.post(path, sent)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_other_ways_of_identification_are_recorded(caller: Callers) -> None:
    one = caller()
    made = one.opened()
    answer = one.post(
        f"/verifications/{made}/methods", {"method": "existing_account", "reference": "transfer 17"}
    )
    assert answer.status_code == 200
    assert evidence.kinds(Case.objects.get(pk=made)) == {Method.EXISTING_ACCOUNT}
    assert (
        one.post(f"/verifications/{made}/methods", {"method": "card_copy", "reference": "x"}).status_code
        == 422
    )


def test_a_verification_is_withdrawn_ended_and_erased_by_the_rules_of_the_house(caller: Callers) -> None:
    one = caller()
    first = one.opened()
    assert one.post(f"/verifications/{first}/erase").json()["code"] == "wrong_state"
    assert one.post(f"/verifications/{first}/withdraw").json()["state"] == "withdrawn"
    assert one.post(f"/verifications/{first}/withdraw").json()["code"] == "wrong_state"
    assert one.post(f"/verifications/{first}/erase").json()["state"] == "erased"
    kept = approved(one.opened("A-2"))
    assert one.post(f"/verifications/{kept.pk}/erase").json()["code"] == "kept_relationship_lasts"
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert one.post(f"/verifications/{kept.pk}/end", {"on": tomorrow}).json()["code"] == "wrong_date"
    assert one.post(f"/verifications/{kept.pk}/end", {"on": str(timezone.localdate())}).status_code == 200
    refused = one.post(f"/verifications/{kept.pk}/erase").json()
    assert refused["code"] == "kept_kept_by_law"
    assert refused["until"] > tomorrow
    assert one.get(f"/verifications/{kept.pk}/fields").json()["code"] == "archived"


def test_a_host_may_ask_for_more_than_the_policy_and_never_for_less(caller: Callers) -> None:
    one = caller()
    made = one.opened(requirements={"methods": 3, "second_officer": True})
    case, officer = factories.identified(in_review(made)), factories.officer(Role.REVIEWER)
    factories.confirmed(case, officer)
    with pytest.raises(refusals.MethodsMissing):
        review.approve(case=case, by=officer)
    one.post(f"/verifications/{made}/methods", {"method": "video", "reference": "call 1"})
    decision = review.approve(case=case, by=officer)
    assert decision.grounds == ["host"]
    assert case.status is State.SECOND_REVIEW
