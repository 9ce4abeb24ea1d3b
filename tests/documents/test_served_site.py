"""The documentation in a browser, as the product serves it: policy kept, accessible, by keyboard, on a phone."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from tests.journey.conftest import ARGUMENTS, CHROMIUM, DESK, PHONE
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SEEN = (
    "index.html",
    "start.html",
    "concepts.html",
    "guide/customer-ko.html",
    "guide/officer-en.html",
    "asvs.html",
    "accuracy.html",
    "api-reference.html",
    "contributing.html",
    "search.html?q=audit",
)


@pytest.fixture(scope="module")
def docs(stack: Stack, site: Path) -> str:
    shutil.copytree(site, stack.folder / "docs")
    return f"{stack.url}/docs/"


@pytest.fixture(scope="module")
def reader(docs: str) -> Iterator[Callable[[dict[str, int]], Page]]:
    """A page of the given size; whatever the policy refuses or the server lacks is an error of the test."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        complaints: list[str] = []

        def new(size: dict[str, int]) -> Page:
            page = browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]
            page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("response", lambda got: complaints.append(got.url) if got.status >= 400 else None)
            page.on(
                "request", lambda asked: None if asked.url.startswith(docs) else complaints.append(asked.url)
            )
            return page

        yield new
        browser.close()
        assert complaints == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_kind_of_page_is_accessible_and_fits(
    reader: Callable[[dict[str, int]], Page], docs: str, size: dict[str, int]
) -> None:
    page, faults = reader(size), []
    for address in SEEN:
        page.goto(docs + address)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        faults += [f"{address}: {fault['id']} {fault['nodes'][0]['target']}" for fault in found]
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [f"{address}: {wider} px too wide"] if wider else []
    assert faults == []


def test_a_reader_without_a_mouse_skips_searches_and_changes_the_language(
    reader: Callable[[dict[str, int]], Page], docs: str
) -> None:
    page = reader(DESK)
    page.goto(docs + "guide/customer-ko.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("link", name="English").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/guide/customer-en.html")
    page.get_by_role("searchbox").fill("retention")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=retention")
    page.locator("ul.search a").first.wait_for()
    assert "concepts" in " ".join(str(a.get_attribute("href")) for a in page.locator("ul.search a").all())


def test_the_search_finds_korean_words(reader: Callable[[dict[str, int]], Page], docs: str) -> None:
    page = reader(PHONE)
    page.goto(docs + "search.html?q=진위확인")
    page.locator("ul.search a[href*='officer-ko']").first.wait_for()


def test_what_lies_beside_the_site_is_not_served(
    stack: Stack, docs: str, reader: Callable[[dict[str, int]], Page]
) -> None:
    asked = reader(DESK).request
    for address in ("../secret_key", "%2e%2e/secret_key", "..%2fsecret_key", "%00", "nowhere.html", "guide"):
        answer = asked.get(docs + address)
        assert answer.status in (400, 404), address
        assert (stack.folder / "secret_key").read_text() not in answer.text()
    answer = asked.get(docs)
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
