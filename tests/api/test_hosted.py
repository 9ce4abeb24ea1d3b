"""The hosted page: the host's language, the way back, frames for named origins alone; and the marked sandbox."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from kyc.domain import facts
from kyc.domain.lifecycle import State
from kyc.domain.roles import Role
from kyc.models import AuditEntry, Case, Host
from kyc.services import drill, hosts, intake
from kyc.services.hosts import HostRefused
from tests.api.conftest import HOME, Caller, approved, in_review
from tests.officers import factories

pytestmark = pytest.mark.django_db

Callers = Callable[..., Caller]


def opened(caller: Caller, **more: object) -> dict[str, str]:
    told: dict[str, str] = caller.post("/verifications", {"reference": "A-1"} | more).json()
    return told


def path_of(url: str) -> str:
    return url.removeprefix("http://testserver")


def test_the_customer_reads_the_hosts_language_and_finds_the_way_back(
    caller: Callers, bank: Host, administrator: User
) -> None:
    told = opened(caller(), locale="en", return_address=f"{HOME}?order=7")
    approved(told["id"])
    customer = Client(headers={"accept-language": "ko"})
    page = customer.get(path_of(told["url"]), follow=True).content.decode()
    assert f'href="{HOME}?order=7&amp;verification={told["id"]}"' in page
    assert "Back to Bank" in page
    hosts.allow_returns(host=bank, addresses=[], by=administrator)
    assert HOME not in customer.get("/status/").content.decode()


def test_no_page_is_framed_unless_an_origin_is_named(caller: Callers, settings: LazySettings) -> None:
    told = opened(caller())
    closed = Client().get(path_of(told["url"]))
    assert closed.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in closed.headers["Content-Security-Policy"]
    assert Client().get(path_of(told["embed_url"])).status_code == 404


def test_named_origins_may_frame_the_customers_pages_and_their_cookies_are_partitioned(
    caller: Callers, settings: LazySettings
) -> None:
    settings.FRAME_ORIGINS = ["https://bank.example"]
    told = opened(caller())
    framed = Client(headers={"sec-fetch-dest": "iframe"})
    answer = framed.get(path_of(told["embed_url"]))
    assert answer.status_code == 302
    assert "frame-ancestors https://bank.example;" in answer.headers["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in answer.headers
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME].OutputString()
    assert all(word in cookie for word in ("Partitioned", "Secure", "SameSite=None", "HttpOnly"))
    assert framed.get("/notices/").status_code == 200
    unframed = Client().get(path_of(told["url"])).cookies[settings.SESSION_COOKIE_NAME].OutputString()
    assert "Partitioned" not in unframed
    assert "SameSite=Lax" in unframed
    officers = Client(headers={"sec-fetch-dest": "iframe"}).get(reverse("admin:login"))
    assert officers.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in officers.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("outcome", "states"),
    [("approved", ["approved"]), ("rejected", ["rejected"]), ("retake", ["retake", "approved"])],
)
def test_a_case_of_the_sandbox_comes_out_as_asked(
    caller: Callers, settings: LazySettings, cards: Path, outcome: str, states: list[str]
) -> None:
    settings.SANDBOX = True
    one = caller(sandbox=True)
    told = opened(one, sandbox_outcome=outcome, locale="en")
    assert (told["sandbox"], told["legal_basis"]) == (True, "sandbox")
    case = Case.objects.get(pk=told["id"])
    for number, state in enumerate(states, 1):
        intake.submit_document(case=case, upload=(cards / f"clean-00{number}.jpg").read_bytes())
        case.refresh_from_db()
        assert case.state == state
    if case.status is State.APPROVED:
        given = one.get(f"/verifications/{case.pk}/fields").json()["fields"]
        assert given.pop("rrn") == "900101-1******"
        assert all(facts.normalise(facts.Field(name), text) == text for name, text in given.items())
    assert not case.documents.first().jobs.exists()  # no reader sees it
    page = Client(headers={"accept-language": "en"}).get(path_of(told["url"]), follow=True).content.decode()
    assert "the outcome was chosen beforehand" in page


def test_the_sandbox_and_real_cases_never_meet(caller: Callers, settings: LazySettings) -> None:
    settings.SANDBOX = True
    test, live = caller(sandbox=True), caller()
    invented, real = opened(test)["id"], opened(live)["id"]
    assert live.get(f"/verifications/{invented}").status_code == 404
    assert test.get(f"/verifications/{real}").status_code == 404
    assert [one["id"] for one in live.get("/verifications").json()["items"]] == [real]
    case = Case.objects.get(pk=invented)
    assert (case.drill, case.channel) == (True, "sandbox")  # it counts in no figure, as drills do
    drill.end()
    case.refresh_from_db()
    assert case.status is State.STARTED  # the end of a drill takes no case of the sandbox
    settings.SANDBOX = False
    assert test.get("/verifications").json()["code"] == "sandbox_off"


def test_the_sandbox_is_off_by_default(bank: Host, administrator: User, settings: LazySettings) -> None:
    assert settings.SANDBOX is False
    with pytest.raises(HostRefused, match="sandbox_off"):
        hosts.make_key(
            host=bank, name="x", scopes=[next(iter(hosts.Scope))], days=1, by=administrator, sandbox=True
        )


def test_an_officer_sees_that_a_case_is_of_the_sandbox(
    caller: Callers, settings: LazySettings, cards: Path
) -> None:
    settings.SANDBOX = True
    case = Case.objects.get(pk=opened(caller(sandbox=True))["id"])
    intake.submit_document(case=case, upload=(cards / "clean-001.jpg").read_bytes())
    officer = factories.browser(factories.officer(Role.REVIEWER))
    page = officer.get(reverse("admin:kyc_case_change", args=[case.pk])).content.decode()
    assert "sandbox: invented" in page
    moves = [
        json.dumps(entry.data) for entry in AuditEntry.objects.filter(case_id=case.pk, actor="system:sandbox")
    ]
    assert len(moves) == 1


def test_a_picture_asked_for_by_the_host_tells_the_customer_why(caller: Callers) -> None:
    one = caller()
    told = opened(one, locale="en")
    in_review(told["id"])
    one.post(f"/verifications/{told['id']}/ask-again", {"reasons": ["glare"]})
    page = Client().get(path_of(told["url"]), follow=True, headers={"accept-language": "en"}).content.decode()
    assert "light" in page.lower() or "reflection" in page.lower()
