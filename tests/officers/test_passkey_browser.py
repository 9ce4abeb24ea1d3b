"""A passkey in a real browser, on its own virtual authenticator: made at the first sign-in, then used at the next."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kyc.models import AuditEntry
from kyc.services import authenticators, holding, presence
from kyc.services.authenticators import Kind
from tests.officers import factories, second_factor
from tests.officers.test_workbench_browser import chromium, complaints  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _authenticator(page: Page) -> None:
    """A security key that says yes at once, as Chromium's own tools offer it."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_made_at_the_first_sign_in_and_opens_the_next(
    chromium: Browser,  # noqa: F811
    live_server: object,
    reviewer: User,
    complaints: list[str],  # noqa: F811
) -> None:
    reviewer.set_password("a long pass phrase")
    reviewer.save()
    context = chromium.new_context(
        base_url=live_server.url,  # type: ignore[attr-defined]
        locale="en-US",
        viewport={"width": 390, "height": 844},
    )
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    _authenticator(page)
    _password(page)
    _without_barriers(page)
    page.fill("#passkey-name", "Work laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    _without_barriers(page)
    page.get_by_role("link", name="I have written them down").click()
    assert [factor.kind for factor in authenticators.factors(reviewer)] == [Kind.PASSKEY, Kind.CODES]
    page.get_by_role("button", name="Log out").click()
    page.goto("/admin/")
    _password(page)
    _without_barriers(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/admin/")
    factors = AuditEntry.objects.filter(action="signin.succeeded").order_by("sequence")
    assert [entry.data["factor"] for entry in factors] == ["webauthn", "webauthn"]
    page.goto("/admin/account/")
    expect(page.locator("main")).to_contain_text("Work laptop")
    assert not complaints
    _grow_old(context)
    page.get_by_role("button", name="Make new codes").click()
    _without_barriers(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert all("401" in complaint for complaint in complaints)
    context.close()


def _grow_old(context: BrowserContext) -> None:
    """The last proof of who sits there was long ago."""
    name = settings.SESSION_COOKIE_NAME
    store = SessionStore(next(cookie["value"] for cookie in context.cookies() if cookie["name"] == name))
    store[presence.FRESH] = 0
    store.save()


def _without_barriers(page: Page) -> None:
    assert not [violation["id"] for violation in Axe().run(page).response["violations"]], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


def _password(page: Page) -> None:
    page.goto("/admin/")
    page.fill("#id_username", "reviewer")
    page.fill("#id_password", "a long pass phrase")
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**/second-factor/**")


def test_the_door_and_the_question_in_between_work_without_script(
    chromium: Browser,  # noqa: F811
    live_server: object,
    reviewer: User,
) -> None:
    reviewer.set_password("a long pass phrase")
    reviewer.save()
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    context = chromium.new_context(
        base_url=live_server.url,  # type: ignore[attr-defined]
        locale="en-US",
        java_script_enabled=False,
    )
    page = context.new_page()
    _password(page)
    secret = page.locator(".secret code").inner_text().replace(" ", "")
    page.fill("#code", second_factor.code(secret))
    page.get_by_role("button", name="Keep this app").click()
    page.get_by_role("link", name="I have written them down").click()
    _grow_old(context)
    page.goto(f"/admin/kyc/case/{case.pk}/change/")
    page.fill("#value-name", "양선중")
    page.locator(".reveal summary").click()
    page.select_option("#reveal-reason", "compare_number")
    page.fill("#reveal-words", "to compare it")
    page.get_by_role("button", name="Show the full number").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it still you?")
    page.fill("#proof-password", "a long pass phrase")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#field-rrn mark")).to_have_text(factories.NUMBER)
    expect(page.locator("#value-name")).to_have_value("양선중")
    context.close()
