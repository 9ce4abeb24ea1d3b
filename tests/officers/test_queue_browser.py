"""The queue's filters, bulk steps and exports in a real browser, and the pages of figures: barrier-free, both ways."""
# ruff: noqa: F811 - pytest gives a fixture by the name of its argument

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import expect

from kyc.domain.roles import Role
from kyc.models import BlindCheck, Case, SavedView
from kyc.services import counting, review
from tests.officers import factories
from tests.officers.test_workbench_browser import (  # noqa: F401 - fixtures
    SEEN_AS,
    SignIn,
    chromium,
    complaints,
    sign_in,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_queue_filters_are_kept_and_cases_given_without_script(
    sign_in: SignIn, approver: User, reviewer: User
) -> None:
    grave, plain = factories.reviewable(ID="531004-1980180"), factories.reviewable("clean-005.jpg")
    page = sign_in(approver, scripted=False)
    page.goto("/admin/kyc/case/")
    expect(page.locator(".order")).to_contain_text("In order of the due date")
    assert page.locator("a.case-id").all_inner_texts() == [str(grave), str(plain)]
    page.get_by_text("Gravest finding").click()
    page.get_by_role("link", name="Serious").click()
    page.fill("#view-name", "my grave ones")
    page.get_by_label("open the queue with them").check()
    page.get_by_role("button", name="Keep").click()
    assert SavedView.objects.get(officer=approver).first
    page.goto("/admin/kyc/case/")
    assert page.locator("a.case-id").all_inner_texts() == [str(grave)]
    page.get_by_label(f"Choose case {grave}").check()
    page.select_option("#bulk-officer", label=reviewer.username)
    page.get_by_role("button", name="Give", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("1 case given to reviewer")
    assert Case.objects.get(pk=grave.pk).assigned_to == reviewer
    page.get_by_role("button", name="Forget “my grave ones”").click()
    assert not SavedView.objects.exists()


def test_queue_export_asks_what_for_and_gives_a_file(sign_in: SignIn, approver: User, tmp_path: Path) -> None:
    factories.reviewable()
    page = sign_in(approver)
    page.goto("/admin/kyc/case/?show=open")
    page.get_by_role("button", name="Export …").click()
    expect(page.locator(".messagelist")).to_contain_text("No case was chosen")
    page.select_option("#bulk-scope", "filtered")
    page.get_by_role("button", name="Export …").click()
    expect(page.locator("form.export")).to_contain_text("One case goes into the file")
    page.fill("#reason", "ab c")
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_role("alert")).to_contain_text("Say in a few words what the file is for")
    expect(page.locator("#reason")).to_have_value("ab c")
    page.fill("#reason", "quarterly review of corrections")
    with page.expect_download() as started:
        page.get_by_role("button", name="Make the file").click()
    assert started.value.suggested_filename.endswith(".xlsx")
    started.value.save_as(tmp_path / "cases.xlsx")
    assert (tmp_path / "cases.xlsx").read_bytes().startswith(b"PK")


def _history(reviewer: User, approver: User) -> None:
    """Something to see on every page."""
    for card, read in (("clean-005.jpg", {}), ("clean-001.jpg", {"Address": "서울특별시 종로구 사직로 161"})):
        case = factories.confirmed(factories.reviewable(card, **read), reviewer)
        review.approve(case=case, by=reviewer)
    factories.reviewable(ID="531004-1980180")
    BlindCheck.objects.get_or_create(case=case)
    counting.count_days()


@SEEN_AS
def test_figures_and_queue_have_no_barrier_no_violation_and_no_sideways_scroll(
    sign_in: SignIn,
    reviewer: User,
    approver: User,
    complaints: list[str],
    width: int,
    locale: str,
    settings: Any,
) -> None:
    settings.FOUR_EYES = []
    _history(reviewer, approver)
    lead = sign_in(approver, width=width, locale=locale)
    addresses = ["kyc/case/?show=all", "kyc/case/?severity=high", "figures/", "figures/accuracy/", "blind/"]
    for address in [*addresses, "figures/?first=x&last=y"]:
        lead.goto(f"/admin/{address}", wait_until="networkidle")
        _barrier_free(lead, address, width)
    lead.goto("/admin/kyc/case/?show=all")
    lead.select_option("#bulk-scope", "filtered")
    lead.locator("[formaction$='/export/']").click()
    _barrier_free(lead, "export", width)
    auditor = sign_in(factories.officer(Role.AUDITOR), width=width, locale=locale)
    auditor.goto("/admin/figures/")
    _barrier_free(auditor, "figures of an auditor", width)
    assert not complaints


def test_figures_are_read_without_seeing_a_plot(
    sign_in: SignIn, reviewer: User, approver: User, settings: Any
) -> None:
    settings.FOUR_EYES = []
    _history(reviewer, approver)
    page = sign_in(approver, scripted=False)
    page.goto("/admin/figures/?days=7")
    expect(page.get_by_role("img", name="Decisions a day")).to_be_visible()
    page.get_by_text("As a table").click()
    expect(page.get_by_role("row", name="All 3 2 0 0")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="These figures as a CSV file").click()
    assert started.value.suggested_filename.endswith(".csv")


def _barrier_free(page: Any, address: str, width: int) -> None:
    found = [violation["id"] for violation in Axe().run(page).response["violations"]]
    assert not found, (address, found)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, address
