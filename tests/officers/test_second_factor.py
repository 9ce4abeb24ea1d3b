"""The second step at the door: a code counts once, wrong ones make wait, and the first sign-in sets it up."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kyc.domain.roles import Role
from kyc.models import AuditEntry, FailedSignIns, OfficerSession
from kyc.services import authenticators
from kyc.services import second_factor as service
from kyc.services.authenticators import Kind
from tests.officers import factories, second_factor

pytestmark = pytest.mark.django_db


def _ask(client: Client, code: str, **more: str) -> Any:
    return client.post(reverse("admin:second_factor"), {"proof_code": code, **more})


def _enters(account: User, code: str) -> bool:
    return bool(_ask(factories.half_signed(account), code).status_code == 302)


def test_the_right_code_opens_is_recorded_and_leads_where_one_wanted_to_go(reviewer: User) -> None:
    secret, client = second_factor.app(reviewer), factories.half_signed(reviewer)
    queue = reverse("admin:kyc_case_changelist") + "?show=all"
    asked = client.get(queue)
    planted = client.session.session_key
    page = client.get(asked["Location"])
    assert f'name="next" value="{queue}"' in page.content.decode()
    answer = _ask(client, second_factor.code(secret), next=queue)
    assert answer["Location"] == queue
    assert client.get(queue).status_code == 200
    assert client.session.session_key != planted
    entry = AuditEntry.objects.get(action="signin.succeeded")
    assert (entry.actor, entry.data) == (
        f"officer:{reviewer.pk}",
        {"address": "127.0.0.1", "factor": "totp"},
    )


def test_the_way_on_never_leads_to_another_site(reviewer: User) -> None:
    secret = second_factor.app(reviewer)
    answer = _ask(factories.half_signed(reviewer), second_factor.code(secret), next="https://evil.example/")
    assert answer["Location"] == reverse("admin:index")


def test_a_code_counts_once_and_an_earlier_one_no_more(reviewer: User) -> None:
    secret = second_factor.app(reviewer)
    now = second_factor.code(secret)
    assert _enters(reviewer, f"{now[:3]} {now[3:]}"), "as people type it"
    assert not _enters(reviewer, now)
    assert not _enters(reviewer, second_factor.code(secret, -1))
    assert _enters(reviewer, second_factor.code(secret, 1)), "a clock half a minute fast is no fault"


@pytest.mark.parametrize("steps", [-3, 3, 120])
def test_a_code_of_another_time_opens_nothing(reviewer: User, steps: int) -> None:
    assert not _enters(reviewer, second_factor.code(second_factor.app(reviewer), steps))


def test_another_officers_code_opens_nothing(reviewer: User, approver: User) -> None:
    second_factor.app(reviewer)
    assert not _enters(reviewer, second_factor.code(second_factor.app(approver)))


def test_after_five_wrong_codes_the_right_one_waits_though_the_password_is_known(reviewer: User) -> None:
    reviewer.set_password("a long pass phrase")
    reviewer.save()
    secret = second_factor.app(reviewer)
    client = Client(headers={"accept-language": "en"})
    for _ in range(service.FREE):
        client.post(reverse("admin:login"), {"username": "reviewer", "password": "a long pass phrase"})
        assert _ask(client, "000000").status_code == 422
    waiting = _ask(client, second_factor.code(secret))
    assert waiting.status_code == 429
    assert "Try again in 1 minute" in waiting.content.decode()
    told = AuditEntry.objects.filter(action="signin.second_factor_failed").order_by("sequence")
    assert [entry.data["wait"] for entry in told] == [0, 0, 0, 0, 60]
    FailedSignIns.objects.update(wait_until=timezone.now())
    assert _ask(client, second_factor.code(secret)).status_code == 302
    assert not FailedSignIns.objects.filter(key=f"second:{reviewer.pk}").exists()


def test_the_first_sign_in_sets_a_factor_up_and_shows_recovery_codes_once(reviewer: User) -> None:
    client = factories.half_signed(reviewer)
    address = reverse("admin:second_factor_set_up")
    assert client.get("/admin/")["Location"].startswith(address)
    page = client.get(address).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.search(r"type this key:.*?<code>([A-Z2-7 ]+)</code>", page, re.DOTALL)[1].replace(" ", "")  # type: ignore[index]
    assert f"otpauth://totp/reviewer?secret={secret}" in page
    assert client.post(address, {"code": "000000"}).status_code == 422
    assert secret in client.get(address).content.decode().replace(" ", ""), (
        "the same key, as long as it takes"
    )
    done = client.post(address, {"code": second_factor.code(secret)}).content.decode()
    codes = re.findall(r"<li><code>(\d{8})</code></li>", done)
    assert len(set(codes)) == 10
    assert client.get("/admin/").status_code == 200
    assert not _enters(reviewer, second_factor.code(secret)), "the code that set it up is used"
    assert _enters(reviewer, codes[3])
    assert not _enters(reviewer, codes[3]), "a recovery code counts once"
    assert _enters(reviewer, codes[4])
    factors = {entry.data["factor"] for entry in AuditEntry.objects.filter(action="signin.succeeded")}
    assert factors == {"totp", "recovery_codes"}


def test_no_secret_stands_open_in_the_database(reviewer: User) -> None:
    client = factories.half_signed(reviewer)
    page = client.get(reverse("admin:second_factor_set_up")).content.decode()
    secret = re.search(r"secret=([A-Z2-7]+)", page)[1]  # type: ignore[index]
    pending = [session.get_decoded() for session in Session.objects.all()]
    client.post(reverse("admin:second_factor_set_up"), {"code": second_factor.code(secret)})
    rows = str(
        list(authenticators.Authenticator.objects.filter(user=reviewer).values_list("data", flat=True))
    )
    assert pending
    assert secret not in rows + str(pending)


def test_an_administrator_resets_a_lost_factor_and_never_their_own(reviewer: User) -> None:
    client, administrator = factories.browser(reviewer), factories.officer(Role.ADMINISTRATOR)
    desk = factories.browser(administrator)
    page = reverse("admin:auth_user_officer", args=[reviewer.pk])
    assert "Reset the second factor" in desk.get(page).content.decode()
    assert desk.post(page, {"do": "reset"}).status_code == 302
    assert client.get("/admin/").status_code == 302, "signed out everywhere"
    assert not authenticators.factors(reviewer)
    assert (
        factories.half_signed(reviewer).get("/admin/")["Location"].startswith("/admin/second-factor/set-up/")
    )
    entry = AuditEntry.objects.get(action="second_factor.reset")
    assert (entry.actor, entry.data) == (f"officer:{administrator.pk}", {"account": reviewer.pk})
    own = reverse("admin:auth_user_officer", args=[administrator.pk])
    assert desk.post(own, {"do": "reset"}).status_code == 409
    assert authenticators.enrolled(administrator)


def test_another_app_takes_the_place_of_the_first_and_new_codes_that_of_the_old(reviewer: User) -> None:
    client = factories.browser(reviewer)
    old = authenticators.new_recovery_codes(reviewer)
    page = client.get(reverse("admin:second_factor_set_up")).content.decode()
    secret = re.search(r"secret=([A-Z2-7]+)", page)[1]  # type: ignore[index]
    answer = client.post(reverse("admin:second_factor_set_up"), {"code": second_factor.code(secret)})
    assert answer["Location"] == reverse("admin:own_account")
    assert _enters(reviewer, second_factor.code(secret, 1))
    fresh = client.post(reverse("admin:own_account"), {"do": "codes"}).content.decode()
    assert len(re.findall(r"<li><code>\d{8}</code></li>", fresh)) == 10
    assert not _enters(reviewer, old[0])
    assert OfficerSession.objects.filter(account=reviewer).count() == 2


def test_a_passkey_that_was_made_up_opens_nothing(reviewer: User) -> None:
    second_factor.app(reviewer)
    client = factories.half_signed(reviewer)
    for answer in (
        "{}",
        "[]",
        "nonsense",
        '{"id": "x", "rawId": "eA", "type": "public-key", "response": {}}',
    ):
        assert client.post(reverse("admin:second_factor"), {"proof_passkey": answer}).status_code in {
            422,
            429,
        }
    new = factories.half_signed(factories.officer(Role.REVIEWER))
    new.get(reverse("admin:second_factor_set_up"))
    assert new.post(reverse("admin:second_factor_set_up"), {"credential": "{}"}).status_code == 422
    assert Kind.PASSKEY not in {factor.kind for factor in authenticators.factors(reviewer)}
