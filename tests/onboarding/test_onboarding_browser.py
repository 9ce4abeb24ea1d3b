"""The customer's way in a real browser: with and without script, on a narrow screen, for a screen reader."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from bench import paint
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Launch = Callable[..., Browser]


@pytest.fixture
def launch() -> Iterator[Launch]:
    with sync_playwright() as playwright:
        opened: list[Browser] = []

        def start(*arguments: str) -> Browser:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", *arguments]
            )
            opened.append(browser)
            return browser

        yield start
        for browser in opened:
            browser.close()


def _faults(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url}: {fault['id']}" for fault in found] + (
        [f"{page.url}: {wider} px too wide"] if wider else []
    )


def _second_device(page: Page, window: ViewportSize, link: str) -> list[str]:
    """What another browser with the private link is shown, up to the page that asks for the code."""
    browser = page.context.browser
    assert browser is not None
    other = browser.new_context(viewport=window).new_page()
    other.goto(link)
    faults = _faults(other)
    other.click("button[value=send]")
    other.wait_for_url("**/code/")
    faults += _faults(other)
    other.fill("#code", "1234")
    other.click("button[value=show]")
    other.wait_for_selector("#problem")
    return faults + _faults(other)


def to_picture(page: Page, url: str) -> list[str]:
    page.goto(url)
    faults = _faults(page)
    page.click("form[action='/begin/'] button")
    page.wait_for_url("**/notices/")
    faults += _faults(page)
    page.click("form[action='/notices/'] button")
    page.wait_for_url("**/contact/")
    faults += _faults(page)
    page.fill("#email", "이메일 말고")
    page.click("button[value=keep]")
    page.wait_for_selector("#problem")
    assert page.evaluate("document.activeElement.id") == "problem"
    faults += _faults(page)
    page.fill("#email", " Ｈong@example．kr ")
    page.click("button[value=keep]")
    page.wait_for_url("**/picture/")
    return faults + _faults(page)


# 1280 pixels at 400 % are 320 by 256 of four each: what WCAG 1.4.10 asks to reflow into.
@pytest.mark.parametrize(
    ("language", "width", "tall", "zoom"),
    [("en-US", 320, 256, 4), ("ko-KR", 320, 700, 1), ("ko-KR", 1280, 800, 1)],
)
def test_onboarding_goes_from_start_to_received(
    stack: Stack, launch: Launch, cards: Path, language: str, width: int, tall: int, zoom: int
) -> None:
    window: ViewportSize = {"width": width, "height": tall}
    page = launch().new_context(locale=language, viewport=window, device_scale_factor=zoom).new_page()
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: broken.append(str(error)))
    faults = to_picture(page, stack.url)
    page.set_input_files("#by-file", str(cards / "clean-001.jpg"))
    page.wait_for_selector("#preview:not([hidden])")
    faults += _faults(page)
    page.click("#send")
    page.wait_for_url("**/check/", timeout=60_000)
    faults += _faults(page)
    page.click("button[name=right]")
    page.wait_for_selector("#link")
    faults += _faults(page)
    faults += _second_device(page, window, page.input_value("#link"))
    for path in ("/check/", "/contact/", "/consents/", "/withdraw/", "/c/wrong/"):
        page.goto(stack.url + path)
        faults += _faults(page)
    page.goto(f"{stack.url}/withdraw/")
    page.click("button.grave")
    assert faults + _faults(page) == []
    assert [
        told for told in broken if "404" not in told and "422" not in told
    ] == []  # link and address were wrong


def test_onboarding_works_without_script(stack: Stack, launch: Launch, cards: Path) -> None:
    page = launch().new_context(java_script_enabled=False, locale="en-US").new_page()
    page.goto(stack.url)
    page.click("form[action='/begin/'] button")
    page.click("form[action='/notices/'] button")
    page.fill("#email", "nobody")
    page.click("button[value=keep]")
    assert "has an @ in the middle" in page.inner_text("#problem")
    page.fill("#email", "hong@example.kr")
    page.click("button[value=keep]")
    page.set_input_files("#by-file", str(cards / "clean-001.jpg"))
    page.click("#send")
    page.wait_for_url("**/check/", timeout=60_000)  # the page refreshed itself
    assert page.get_by_role("heading", level=1).inner_text() == "Is this right?"
    page.click("button[name=right]")
    other = page.context.browser.new_context(java_script_enabled=False, locale="en-US").new_page()
    other.goto(page.input_value("#link"))
    asked_at = time.time()
    other.click("button[value=send]")
    other.fill("#code", _mailed_code(stack, asked_at))
    other.click("button[value=show]")
    assert other.get_by_role("heading", level=1).inner_text() == "Is this right?"


def _mailed_code(stack: Stack, since: float) -> str:
    """From the files that the demonstration writes its mails into, once the worker has come to it."""
    for _ in range(300):
        newer = [file for file in (stack.folder / "mail").glob("*.log") if file.stat().st_mtime >= since]
        for file in newer:
            if found := re.search(r"^(\d{4} \d{4})$", file.read_text(), re.MULTILINE):
                return found[1]
        time.sleep(0.1)
    raise AssertionError("no mail with a code was written")


def _press(page: Page, selector: str, key: str = "Enter", most: int = 40) -> None:
    """Walks with Tab alone to the element, sees that its focus shows, and presses the key."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            assert page.evaluate(
                """() => {
                  const seen = (element) => {
                    const box = element.getBoundingClientRect();
                    return box.bottom > 0 && box.top < innerHeight;
                  };
                  const outlined = [document.activeElement, document.activeElement.nextElementSibling]
                    .some((one) => one && parseFloat(getComputedStyle(one).outlineWidth) >= 2);
                  return outlined && seen(document.activeElement);
                }"""
            ), f"the focus on {selector} is not seen"
            page.keyboard.press(key)
            return
    raise AssertionError(f"no key reaches {selector}")


def test_onboarding_by_keyboard_alone(stack: Stack, launch: Launch, cards: Path) -> None:
    page = launch().new_context(locale="en-US").new_page()
    page.goto(stack.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    _press(page, "form[action='/begin/'] button")
    page.wait_for_url("**/notices/")
    _press(page, "form[action='/notices/'] button")
    page.wait_for_url("**/contact/")
    _press(page, "#email", "Escape")
    page.keyboard.type("hong@example.kr")
    _press(page, "button[value=keep]")
    page.wait_for_url("**/picture/")
    with page.expect_file_chooser() as chooser:
        _press(page, "#by-file")
    chooser.value.set_files(str(cards / "clean-001.jpg"))
    page.wait_for_selector("#preview:not([hidden])")
    _press(page, "#send")
    page.wait_for_url("**/check/", timeout=60_000)
    _press(page, "summary")
    _press(page, "#name", "Escape")
    _press(page, "button[name=right]")
    page.wait_for_selector("#link")
    _press(page, "#copy")


def test_onboarding_weighs_little_before_the_picture(stack: Stack, launch: Launch) -> None:
    """Everything up to the page that asks for the picture, as it comes over the line, scripts and style included."""
    weighs = paint.weight(launch(), stack.url)
    assert 5_000 < weighs["start"] < weighs["picture"] <= 150_000


def test_onboarding_without_a_camera_still_offers_the_file(stack: Stack, launch: Launch) -> None:
    page = launch().new_context(locale="en-US").new_page()
    to_picture(page, stack.url)
    page.click("#open")
    page.wait_for_selector("#problem:not([hidden])")
    assert page.locator("#by-file").is_visible()


def test_onboarding_sends_again_after_a_broken_connection(stack: Stack, launch: Launch, cards: Path) -> None:
    page = launch().new_context(locale="en-US").new_page()
    to_picture(page, stack.url)
    page.set_input_files("#by-file", str(cards / "clean-001.jpg"))
    page.wait_for_selector("#preview:not([hidden])")
    cut = iter([True, True])
    page.route("**/picture/part/", lambda route: route.abort() if next(cut, False) else route.continue_())
    page.click("#send")
    page.wait_for_selector("#going-words:has-text('The connection broke.')")
    page.wait_for_url("**/check/", timeout=60_000)
