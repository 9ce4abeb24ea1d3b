"""After the browser suite: no number, name or address of any card stands open in anything that the product wrote."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.journey.test_main_job import open_case, reference, send_card, traces
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

SOONER = """
import json
from django.contrib.sessions.models import Session
from django.contrib.sessions.backends.db import SessionStore
from kyc.services import presence
for row in Session.objects.all():
    store = SessionStore(row.session_key)
    if presence.FRESH in store:
        store[presence.FRESH] = 0
        store.save()
print(json.dumps("done"))
"""


def _secrets(cards: Path) -> list[str]:
    """Numbers with and without their hyphen, names with and without hanja, addresses, of every sample card."""
    told = json.loads((cards / "truth.json").read_text())
    fields = [card[field] for card in told for field in ("ID", "Name", "Address")]
    plain = [form for card in told for form in (card["ID"].replace("-", ""), card["Name"].partition(" ")[0])]
    return [*fields, *plain]


def test_nothing_of_any_card_stands_in_what_was_written_or_asked_for(
    visit: Callable[..., Page], sign_in: Callable[..., Page], stack: Stack, cards: Path
) -> None:
    customer = visit(phone=True)
    asked = [""]
    customer.on("request", lambda request: asked.append(request.url))
    send_card(customer, cards / "clean-005.jpg")
    customer.get_by_role("button", name="Yes, all of it is right").click()
    case = reference(customer)

    officer = sign_in("approver")
    officer.on("request", lambda request: asked.append(request.url))
    number = next(
        card["ID"]
        for card in json.loads((cards / "truth.json").read_text())
        if card["file"] == "clean-005.jpg"
    )
    officer.goto("/admin/kyc/case/")
    officer.fill("[name=text]", number)
    officer.locator("[name=text]").press("Enter")
    open_case(officer, case)
    officer.get_by_role("button", name="Take this case").click()
    stack.ask(SOONER)
    officer.fill("#value-name", "김반쯤")
    officer.locator(".reveal summary").click()
    officer.select_option("#reveal-reason", "compare_number")
    officer.fill("#reveal-words", "to compare it")
    officer.get_by_role("button", name="Show the full number").click()
    officer.fill("#proof-password", stack.passwords["approver"])
    officer.get_by_role("button", name="Go on").click()
    expect(officer.locator("#field-rrn mark")).to_have_text(number)
    officer.goto("/admin/account/")
    auditor = sign_in("auditor")
    auditor.on("request", lambda request: asked.append(request.url))
    auditor.goto("/admin/kyc/disclosure/export/")
    auditor.check("[value=access_review]")
    with auditor.expect_download() as taken:
        auditor.get_by_role("button", name="Export as CSV").click()

    secrets = [*_secrets(cards), "김반쯤"]
    assert traces(stack, *secrets) == []
    assert case in Path(taken.value.path()).read_text(encoding="utf-8-sig")
    links = unquote(" ".join(url for url in asked if not url.startswith("data:")))
    shown = Path(taken.value.path()).read_text() + links
    assert not [secret for secret in secrets if secret in shown]
