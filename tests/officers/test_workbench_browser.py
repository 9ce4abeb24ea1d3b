"""The officers' pages in a real browser: by keyboard alone, without script, within the content policy, barrier-free."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kyc.domain.evidence import CheckResult, Method
from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Step
from kyc.domain.reasons import RejectReason
from kyc.domain.roles import Role
from kyc.models import Case, Disclosure
from kyc.selectors import values
from kyc.services import evidence, holding, review
from tests.officers import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[..., Page]
# Every page in each width and in each language; the other two pairs in the full matrix.
SEEN_AS = pytest.mark.parametrize(
    ("width", "locale"),
    [
        (1280, "en-US"),
        (390, "ko-KR"),
        pytest.param(1280, "ko-KR", marks=pytest.mark.full),
        pytest.param(390, "en-US", marks=pytest.mark.full),
    ],
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Closed with this module: its loop runs in this thread, where Django would refuse its database."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said: violations of the content policy, errors of scripts."""
    return []


@pytest.fixture
def sign_in(chromium: Browser, live_server: Any, complaints: list[str]) -> Iterator[SignIn]:
    """Opens the browser as an officer, whose session is made beside the sign-in page."""
    contexts = []

    def sign(account: User, *, scripted: bool = True, width: int = 1280, locale: str = "en-US") -> Page:
        client = factories.browser(account)
        context = chromium.new_context(
            base_url=live_server.url,
            locale=locale,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripted,
        )
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield sign
    for context in contexts:
        context.close()


def _state(case: Case) -> State:
    return Case.objects.get(pk=case.pk).status


def test_a_clean_case_takes_at_most_eight_keystrokes(
    sign_in: SignIn, reviewer: User, complaints: list[str]
) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    page = sign_in(reviewer)
    page.goto(f"/admin/kyc/case/{case.pk}/change/")
    for key in ["c"] * 6 + ["Enter"]:
        page.keyboard.press(key)
    expect(page.locator(".case-head")).to_contain_text("Approved")
    assert _state(case) is State.APPROVED
    assert not complaints


def test_a_case_with_one_wrong_field_by_keyboard_alone(sign_in: SignIn, reviewer: User) -> None:
    case = factories.reviewable(DateOfIssue="03/11/2018")
    holding.claim(case=case, by=reviewer)
    page = sign_in(reviewer)
    page.goto(f"/admin/kyc/case/{case.pk}/change/")
    for key in ["c"] * 5 + ["e"]:
        page.keyboard.press(key)
    page.keyboard.type("2018-11-02")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.locator(".case-head")).to_contain_text("Approved")
    issued = case.values.filter(field=Field.ISSUED).order_by("at")
    assert [value.step for value in issued if value.reading_id is None] == [Step.CORRECTED, Step.APPROVED]


def test_a_number_that_is_the_only_open_field_is_uncovered_at_once_and_two_keys_settle_it(
    sign_in: SignIn, reviewer: User
) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    for name in Field:
        if name is not Field.RRN:
            review.confirm(case=case, field=name, by=reviewer)
    page = sign_in(reviewer)
    page.goto(f"/admin/kyc/case/{case.pk}/change/")
    expect(page.locator("#field-rrn .current .value")).to_have_text(factories.NUMBER)
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    expect(page.locator(".case-head")).to_contain_text("Approved")


def test_who_seconds_uncovers_and_agrees_with_the_keys_alone(
    sign_in: SignIn, reviewer: User, complaints: list[str]
) -> None:
    case = factories.confirmed(factories.reviewable(), reviewer)
    review.correct(case=case, field=Field.RRN, text=factories.NUMBER, by=reviewer)
    review.approve(case=case, by=reviewer)
    page = sign_in(factories.officer(Role.APPROVER))
    page.goto(f"/admin/kyc/case/{case.pk}/change/")
    page.keyboard.press("t")
    expect(page.locator("#uncover")).to_be_visible()
    for key in ("u", "a", "Enter"):  # faster than the look is registered
        page.keyboard.press(key)
    expect(page.locator(".case-head")).to_contain_text("Approved")
    assert not complaints


def test_working_on_the_number_uncovers_it_for_twenty_seconds_and_registers_the_look(
    sign_in: SignIn, reviewer: User, complaints: list[str]
) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    page = sign_in(reviewer)
    page.clock.install()
    page.goto(f"/admin/kyc/case/{case.pk}/change/")
    number, picture = page.locator("#field-rrn .current .value"), page.locator("#picture")
    expect(number).to_have_text("531004-1******")
    assert not Disclosure.objects.filter(what="number").exists()
    page.keyboard.press("c")
    expect(number).to_have_text(factories.NUMBER)
    expect(page.locator(f'#field-rrn .raw:has-text("{factories.NUMBER}")')).to_be_visible()
    assert str(picture.get_attribute("src")).startswith("data:image/jpeg")
    assert Disclosure.objects.filter(what="number", reason="review", by=reviewer).count() == 1
    page.clock.run_for(21_000)
    expect(number).to_have_text("531004-1******")
    assert str(picture.get_attribute("src")).endswith(f"/{case.documents.get().pk}/")
    page.keyboard.press("u")
    expect(number).to_have_text(factories.NUMBER)
    assert Disclosure.objects.filter(what="number").count() == 2
    page.keyboard.press("g")
    expect(page.locator("#picture-tools [data-do=flat]")).to_have_attribute("aria-pressed", "true")
    assert "flat=1" in str(picture.get_attribute("src"))
    page.keyboard.press("b")
    assert "brightness(1.2)" in page.evaluate("document.getElementById('picture').style.filter")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    assert not complaints


def test_a_missing_way_of_identification_costs_three_keys_and_its_reference(
    sign_in: SignIn, reviewer: User, complaints: list[str]
) -> None:
    case = factories.reviewable(second_way=False)
    holding.claim(case=case, by=reviewer)
    page = sign_in(reviewer)
    page.goto(f"/admin/kyc/case/{case.pk}/change/")
    for key in ["c"] * 6 + ["m"]:
        page.keyboard.press(key)
    page.keyboard.type("T-17")
    page.keyboard.press("Enter")
    expect(page.locator(".methods")).to_contain_text("T-17")
    assert page.locator("[data-agree]:checked").count() == len(Field), "ticks are where they were"
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.locator(".case-head")).to_contain_text("Approved")
    assert not complaints


def test_typed_values_are_judged_while_they_are_typed(
    sign_in: SignIn, reviewer: User, complaints: list[str]
) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    page = sign_in(reviewer)
    page.goto(f"/admin/kyc/case/{case.pk}/change/")
    page.fill("#value-issued", "2018-02-31")
    expect(page.locator("#field-issued .live")).to_contain_text("There is no such day")
    page.fill("#value-issued", "03/11/2018")
    expect(page.locator("#field-issued .live")).to_contain_text("2018-11-03")
    page.fill("#value-rrn", "820701-2345678")
    expect(page.locator("#field-rrn .live")).to_contain_text("The birthday does not agree")
    assert not values.human(case), "nothing is saved by typing"
    assert not complaints


def test_a_claim_lost_while_typing_is_told_with_everything_still_there(
    sign_in: SignIn, reviewer: User
) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    page = sign_in(reviewer)
    page.clock.install()
    page.goto(f"/admin/kyc/case/{case.pk}/change/")
    page.fill("#value-name", "양선중")
    Case.objects.update(claim_expires=timezone.now() - timedelta(minutes=1))
    holding.claim(case=Case.objects.get(), by=factories.officer(Role.REVIEWER, "faster"))
    page.clock.run_for(61_000)
    page.locator("#comment").press_sequentially("x")
    expect(page.locator("#hold-lost")).to_contain_text("Another officer holds this case now")
    expect(page.locator("#value-name")).to_have_value("양선중")


def test_the_workbench_works_without_script(sign_in: SignIn, reviewer: User) -> None:
    case = factories.reviewable()
    page = sign_in(reviewer, scripted=False)
    page.goto("/admin/kyc/case/")
    page.get_by_role("button", name="Next case").click()
    page.get_by_role("button", name="Uncover for 20 seconds").click()
    for field in Field:
        page.check(f"[name=agree_{field}]")
    page.fill("#value-name", "")
    page.locator("#value-name").press("Enter")
    expect(page.locator("#error-name")).to_contain_text("This is empty")
    assert Field.NAME not in values.human(case)
    page.fill("#value-name", "양선준 (梁宣準)")
    page.check("[name=agree_name]")
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator(".case-head")).to_contain_text("Approved")


def test_what_was_typed_survives_a_reveal_and_a_refusal(sign_in: SignIn, reviewer: User) -> None:
    case = factories.reviewable()
    holding.claim(case=case, by=reviewer)
    page = sign_in(reviewer)
    page.goto(f"/admin/kyc/case/{case.pk}/change/")
    page.fill("#value-name", "양선중")
    page.fill("#comment", "my words")
    page.locator(".reveal summary").click()
    page.select_option("#reveal-reason", "customer_call")
    page.fill("#reveal-words", "they called back")
    page.get_by_role("button", name="Show the full number").click()
    expect(page.locator("#field-rrn mark")).to_have_text(factories.NUMBER)
    assert factories.NUMBER not in page.url
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("still open")
    expect(page.locator("#comment")).to_have_value("my words")
    assert values.human(case)[Field.NAME].step == Step.CORRECTED


def _archived(reviewer: User) -> tuple[Case, str]:
    """A case that only a law keeps, and a month with looks that nobody signed yet."""
    case = factories.reviewable()
    Case.objects.filter(pk=case.pk).update(state=State.APPROVED, relationship_ended_on=timezone.localdate())
    long_ago = timezone.now() - timedelta(days=75)
    Disclosure.objects.bulk_create(
        Disclosure(by=reviewer, actor=f"officer:{reviewer.pk}", case_id=case.pk, what="picture", at=long_ago)
        for _ in range(40)
    )
    return case, f"{timezone.localdate(long_ago):%Y-%m}"


@SEEN_AS
def test_no_page_has_a_barrier_a_violation_or_a_sideways_scroll(
    sign_in: SignIn,
    reviewer: User,
    complaints: list[str],
    settings: LazySettings,
    width: int,
    locale: str,
) -> None:
    settings.FOUR_EYES_BLIND = ["high_findings"]
    working, proposed = factories.reviewable(ID="531004-1980180"), factories.reviewable("clean-005.jpg")
    blind = factories.confirmed(factories.reviewable(ID="531004-1980180", second_way=False), reviewer)
    evidence.record_method(case=blind, kind=Method.VIDEO, reference="call 3", by=reviewer)
    evidence.add_note(case=blind, text="a note", by=reviewer)
    evidence.record_check(
        case=blind, result=CheckResult.MATCH, reference="gov 1", checked_at=None, by=reviewer
    )
    review.approve(case=blind, by=reviewer)
    holding.claim(case=working, by=reviewer)
    holding.claim(case=proposed, by=reviewer)
    review.reject(case=proposed, reasons=[RejectReason.OTHER], by=reviewer)
    cases = [f"kyc/case/{case.pk}/change/" for case in (working, proposed, blind)]
    cases.append(f"kyc/case/{working.pk}/beside/{blind.pk}/")
    archived, month = _archived(reviewer)
    beside = [f"kyc/case/{archived.pk}/{name}/" for name in ("change", "retention", "export")]
    visits = {
        reviewer: [
            "",
            "kyc/case/",
            "kyc/decision/",
            "kyc/reading/",
            "password_change/",
            "account/",
            "second-factor/set-up/",
            *cases,
        ],
        factories.officer(Role.APPROVER): [*cases, *beside],
        factories.officer(Role.AUDITOR): [
            "",
            "kyc/auditentry/",
            "kyc/disclosure/",
            "kyc/disclosure/export/",
            cases[0],
            f"kyc/case/{archived.pk}/archive/",
            "kyc/accessreview/",
            f"kyc/accessreview/{month}/",
        ],
        factories.officer(Role.ADMINISTRATOR): [
            "",
            "auth/user/",
            "auth/user/new/",
            f"auth/user/{reviewer.pk}/",
            f"auth/user/{reviewer.pk}/disable/",
            "mails/",
        ],
    }
    for account, addresses in visits.items():
        page = sign_in(account, width=width, locale=locale)
        for address in addresses:
            page.goto(f"/admin/{address}", wait_until="networkidle")
            found = [violation["id"] for violation in Axe().run(page).response["violations"]]
            assert not found, (address, found)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    assert not complaints
