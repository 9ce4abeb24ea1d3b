"""A real browser in front of the whole product."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.stack import Stack

# Debian's Chromium; without background networking, which a closed network would refuse again and again.
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """For these tests alone: Playwright's event loop must be gone before others use the database."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser, stack: Stack) -> Iterator[Callable[..., Page]]:
    """A new visitor with cookies of their own, in English unless told otherwise."""
    contexts = []

    def new(*, phone: bool = False, locale: str = "en-US", scripted: bool = True) -> Page:
        context = browser.new_context(
            base_url=stack.url, locale=locale, viewport=PHONE if phone else DESK, java_script_enabled=scripted
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield new
    for context in contexts:
        context.close()


def pass_the_door(page: Page, stack: Stack, role: str, look: Callable[[str], None] = lambda _: None) -> None:
    """Password, then the code of the officer's app; `look` is told of each page on the way."""
    page.goto("/admin/")
    look("1-sign-in")
    page.fill("#id_username", role)
    page.fill("#id_password", stack.passwords[role])
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**/second-factor/**")
    look("1-second-factor")
    page.fill("#proof-code", stack.code(role))
    page.locator("#proof-code").press("Enter")
    page.wait_for_url("**/admin/")


@pytest.fixture
def sign_in(visit: Callable[..., Page], stack: Stack) -> Callable[..., Page]:
    """An officer at the desk, signed in under the role's name."""

    def new(role: str) -> Page:
        page = visit()
        pass_the_door(page, stack, role)
        return page

    return new
