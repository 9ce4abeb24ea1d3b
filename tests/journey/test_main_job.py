"""The main job, as people do it: a customer's picture, an officer's correction and decision, the customer's result."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NotClickable

from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

CORRECTED = "충청남도 홍성군 홍북읍 금북로380번길 191-19, 119동 1302호 (산수리, 래미안)"
HISTORY = """
import json
from kyc.models import Case, FieldValue
from kyc.services import custody
case = next(c for c in Case.objects.all() if str(c) == "{case}")
key = case.key()
rows = FieldValue.objects.filter(case=case).select_related("by").order_by("at", "step")
print(json.dumps([
    [r.field, r.step, custody.open_value(key, r), r.by.username if r.by else None, r.at.isoformat()] for r in rows
]))
"""


def send_card(page: Page, card: Path) -> None:
    """From the first page to a picture sent."""
    page.goto("/")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue to the picture").click()
    page.set_input_files("#by-file", str(card))
    with contextlib.suppress(
        NotClickable
    ):  # what the page itself sees to be wrong is told, and cannot be sent
        page.locator("#send").click(timeout=5000)


def reference(page: Page) -> str:
    """The first eight digits of the case's id, from the page that carries the private link."""
    return page.locator("code").first.inner_text()


def open_case(officer: Page, case: str) -> None:
    """From the queue, as officers do."""
    officer.goto("/admin/kyc/case/")
    officer.get_by_role("link", name=case).first.click()


def traces(stack: Stack, *secrets: str) -> list[str]:
    """Where any of the texts stands open in what the product wrote: database, broker, logs, pictures, keys."""
    found = []
    for file in stack.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            forms = [
                (text, form) for text in secrets for form in (text.encode(), json.dumps(text)[1:-1].encode())
            ]
            found += [f"{file.name}: {text}" for text, form in forms if form in content]
    return found


def test_a_card_is_sent_corrected_approved_and_the_customer_sees_it(
    visit: Callable[..., Page], sign_in: Callable[..., Page], stack: Stack, cards: Path
) -> None:
    customer = visit(phone=True)
    send_card(customer, cards / "photo-001.jpg")
    customer.get_by_role("button", name="Yes, all of it is right").click()
    expect(customer.get_by_role("heading", level=1)).to_have_text("We have everything")
    case = reference(customer)
    link = customer.locator("#link").input_value()

    officer = sign_in("reviewer")
    open_case(officer, case)
    officer.get_by_role("button", name="Take this case").click()
    for field in ("name", "rrn", "sex", "birthday", "issued"):
        officer.check(f"[name=agree_{field}]")
    officer.fill("#value-address", CORRECTED)
    officer.get_by_role("button", name="Approve", exact=True).click()
    expect(officer.get_by_role("alert")).to_contain_text("more than one way of identification")
    officer.fill("#method-reference", "transfer 2026-1125")
    officer.get_by_role("button", name="Record it").click()
    officer.get_by_role("button", name="Approve", exact=True).click()
    expect(officer.locator(".case-head")).to_contain_text("Approved")

    customer.reload()
    expect(customer.get_by_role("heading", level=1)).to_contain_text("confirmed")
    elsewhere = visit(phone=True)
    elsewhere.goto(link)
    expect(elsewhere.get_by_role("heading", level=1)).to_contain_text("confirmed")
    assert link.rsplit("/", 2)[1] not in elsewhere.url

    steps = {(field, step): (text, by) for field, step, text, by, _ in stack.ask(HISTORY.format(case=case))}
    assert steps["address", "read"] == (CORRECTED.replace("1302", "1301"), None)
    assert steps["address", "corrected"] == (CORRECTED, "reviewer")
    assert steps["address", "approved"] == (CORRECTED, "reviewer")
    assert steps["rrn", "confirmed"] == ("721126-1981171", "reviewer")
    assert steps["rrn", "approved"] == ("721126-1981171", "reviewer")
    assert "unbroken" in stack.manage("verify_audit")
    assert traces(stack, "721126-1981171", "7211261981171", "오정", "금북로380번길 191-19") == []


def test_everything_works_without_script(visit: Callable[..., Page], cards: Path) -> None:
    customer = visit(phone=True, scripted=False)
    send_card(customer, cards / "clean-001.jpg")
    for _ in range(30):
        if customer.get_by_role("button", name="Yes, all of it is right").count():
            break
        customer.wait_for_timeout(1000)
        customer.goto("/status/")
    customer.get_by_role("button", name="Yes, all of it is right").click()
    expect(customer.get_by_role("heading", level=1)).to_have_text("We have everything")


def test_a_rejection_needs_two_officers_and_the_customer_learns_no_suspicion(
    visit: Callable[..., Page], sign_in: Callable[..., Page], cards: Path
) -> None:
    customer = visit(phone=True)
    send_card(customer, cards / "photo-004.jpg")
    customer.get_by_role("button", name="Yes, all of it is right").click()
    case = reference(customer)
    first = sign_in("reviewer")
    open_case(first, case)
    first.get_by_role("button", name="Take this case").click()
    first.locator("#decide-reject summary").click()
    first.check("[name=reject_reason][value=suspected_forgery]")
    first.get_by_role("button", name="Reject for good").click()
    expect(first.locator(".case-head")).to_contain_text("Second review")
    second = sign_in("approver")
    open_case(second, case)
    second.locator("[name=do][value=second]").click()
    expect(second.locator(".case-head")).to_contain_text("Rejected")
    customer.reload()
    expect(customer.get_by_role("heading", level=1)).to_contain_text("could not confirm")
    assert "forge" not in customer.content().lower()


@pytest.mark.parametrize(
    ("name", "content"),
    [("card.jpg", b"just a text"), ("card.gif", b"GIF89a" + bytes(50)), ("card.jpg", b"")],
    ids=["text", "gif", "empty"],
)
def test_a_wrong_file_is_told_at_once_and_the_case_goes_on(
    visit: Callable[..., Page], cards: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    wrong = tmp_path / name
    wrong.write_bytes(content)
    customer = visit(phone=True)
    send_card(customer, wrong)
    expect(customer.locator("#problem")).to_be_visible()
    customer.set_input_files("#by-file", str(cards / "clean-002.jpg"))
    customer.locator("#send").click()
    expect(customer.get_by_role("button", name="Yes, all of it is right")).to_be_visible()
