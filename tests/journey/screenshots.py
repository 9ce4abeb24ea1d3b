"""Photographs every page at phone and desktop width: `python -m tests.journey.screenshots [FOLDER [ko,en]]`.

Runs the whole product on a folder of its own and walks through it as the browser tests do. The pictures in
docs/screenshots come from here, in Korean alone to keep the repository small; those of a host's pages from
`tests.journey.host_pages`.
"""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import specimens
from tests.journey.conftest import ARGUMENTS, CHROMIUM, DESK, PHONE, pass_the_door
from tests.stack import ROOT, Stack

CARDS = ROOT / "tests" / "cards"
WIDTHS = {"phone": PHONE, "desk": DESK}
LOCALES = {"ko": "ko-KR", "en": "en-US"}
QUALITY = 40  # the repository is cloned by everybody


class Photographer:
    """Visits as one person after another and keeps what they see."""

    def __init__(self, browser: Browser, stack: Stack, folder: Path) -> None:
        self.browser, self.stack, self.folder = browser, stack, folder

    def person(self, width: str, language: str) -> Page:
        context: BrowserContext = self.browser.new_context(
            base_url=self.stack.url, locale=LOCALES[language], viewport=WIDTHS[width]
        )
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    def shot(self, page: Page, name: str, width: str, language: str, *, whole: bool = True) -> None:
        picture = Image.open(io.BytesIO(page.screenshot(full_page=whole)))
        picture.convert("RGB").save(
            self.folder / f"{name}-{width}-{language}.webp", quality=QUALITY, method=6
        )

    def customer(self, width: str, language: str, card: Path) -> Page:
        """From the first page to the received one; gives the page for what comes after the decision."""
        page = self.person(width, language)

        def snap(name: str) -> None:
            self.shot(page, f"customer-{name}", width, language)

        page.goto("/")
        snap("1-start")
        page.locator("form[action$='begin/'] button").click()
        snap("2-notices")
        page.locator("main form[action$='notices/'] button").first.click()
        page.locator("#email").wait_for()
        snap("contact")
        page.fill("#email", "hong@example.kr")
        page.locator("button[value=keep]").click()
        page.locator("#by-file").wait_for(state="attached")
        snap("3-picture")
        page.set_input_files("#by-file", str(card))
        page.locator("#send").click()
        page.wait_for_url("**/status/")
        snap("4-waiting")
        page.locator("button[name=right]").wait_for()
        snap("5-check")
        page.locator("button[name=right]").click()
        page.locator("#link").wait_for()
        snap("6-received")
        return page

    def officer(self, role: str, width: str, language: str) -> Page:
        page = self.person(width, language)
        pass_the_door(
            page, self.stack, role, lambda name: self.shot(page, f"officer-{name}", width, language)
        )
        return page


def verdict(camera: Photographer, width: str, language: str) -> None:
    """A picture taken in the dark, and what is said of it at once."""
    page = camera.person(width, language)
    page.goto("/")
    page.locator("form[action$='begin/'] button").click()
    page.locator("main form[action$='notices/'] button").first.click()
    page.locator("button[value=keep]").click()
    dark = specimens.draw(11, "photo", watermark=True, exposure=0.18).picture
    jpeg = cv2.imencode(".jpg", dark)[1].tobytes()
    page.set_input_files("#by-file", {"name": "card.jpg", "mimeType": "image/jpeg", "buffer": jpeg})
    page.locator("#send").click()
    page.locator("#held").wait_for()
    camera.shot(page, "customer-verdict", width, language)


def counter(officer: Page, take: Callable[[Page, str], None]) -> None:
    officer.goto("/admin/counter/")
    take(officer, "officer-counter")


def walk(camera: Photographer, width: str, language: str) -> None:
    """One customer approved and one rejected by two officers, at one width and in one language."""
    take: Callable[[Page, str], None] = lambda page, name: camera.shot(page, name, width, language)  # noqa: E731
    verdict(camera, width, language)
    approved = camera.customer(width, language, CARDS / "photo-001.jpg")
    rejected = camera.customer(width, language, CARDS / "photo-004.jpg")
    asked = camera.customer(width, language, CARDS / "photo-005.jpg")
    first = camera.officer("reviewer", width, language)
    take(first, "officer-2-home")
    counter(first, take)
    first.goto("/admin/kyc/case/")
    take(first, "officer-3-queue")
    for page, verb in ((rejected, "reject"), (asked, "retake"), (approved, "approve")):
        first.goto("/admin/kyc/case/")
        first.get_by_role("link", name=page.locator("code").first.inner_text()).first.click()
        first.locator("form[action$='/claim/'] button").click()
        decide(first, verb, lambda name: take(first, f"officer-{name}"))
    related(first, take)
    second = camera.officer("approver", width, language)
    second.goto("/admin/kyc/case/")
    second.get_by_role("link", name=rejected.locator("code").first.inner_text()).first.click()
    take(second, "officer-6-second-review")
    second.locator("[name=do][value=second]").click()
    corrected = camera.customer(width, language, CARDS / "photo-001.jpg")
    blind(first, second, corrected.locator("code").first.inner_text(), take)
    second.goto("/admin/kyc/case/?show=all")
    take(second, "officer-12-queue-of-a-lead")
    second.select_option("#bulk-scope", "filtered")
    second.locator("[formaction$='/export/']").click()
    take(second, "officer-13-export")
    for number, address in ((14, "figures"), (15, "figures/accuracy"), (16, "blind")):
        second.goto(f"/admin/{address}/")
        take(second, f"officer-{number}-{address.rpartition('/')[2]}")
    auditor = camera.officer("auditor", width, language)
    for number, register in ((7, "disclosure"), (8, "auditentry")):
        auditor.goto(f"/admin/kyc/{register}/")
        take(auditor, f"officer-{number}-{register}")
    for page, name in ((approved, "7-approved"), (rejected, "8-rejected"), (asked, "9-another-picture")):
        page.goto("/status/")
        page.wait_for_timeout(300)
        take(page, f"customer-{name}")
    approved.goto("/nowhere/")
    take(approved, "customer-error")


def related(officer: Page, take: Callable[[Page, str], None]) -> None:
    """The case beside another of the same card, where an earlier walk left one."""
    links = officer.locator("a[href*='/beside/']")
    if links.count():
        officer.goto(str(links.first.get_attribute("href")))
        officer.wait_for_load_state("networkidle")
        take(officer, "officer-9-side-by-side")


def blind(first: Page, second: Page, case: str, take: Callable[[Page, str], None]) -> None:
    """The first officer corrects the number and approves; the second forms a view of their own."""
    for page in (first, second):
        page.goto("/admin/kyc/case/?show=all")
        page.get_by_role("link", name=case).first.click()
        if page is first:
            page.locator("form[action$='/claim/'] button").click()
            for box in page.locator("[data-agree]").all():
                box.check()
            page.fill("#value-rrn", "721126-1981180")
            page.locator("#field-rrn .live .finding").first.wait_for()
            take(page, "officer-10-typed-number")
            page.fill("#method-reference", "transfer 2026-1125")
            for step in ("method", "approve"):
                with page.expect_navigation():  # it may wait for the look at the number to be registered
                    page.locator(f"[name=do][value={step}]").click()
    take(second, "officer-11-blind-second-look")


def decide(page: Page, verb: str, take: Callable[[str], None]) -> None:
    if verb == "approve":
        page.wait_for_load_state("networkidle")
        take("4-workbench")
        page.locator("#uncover").click()
        page.locator(".field.uncovered").wait_for()
        page.wait_for_timeout(300)
        take("4-workbench-uncovered")
        for box in page.locator("[data-agree]").all():
            box.check()
        page.fill("#method-reference", "transfer 2026-1124")
        page.locator("[name=do][value=method]").click()
        page.locator("[name=do][value=approve]").click()
        take("5-approved")
        return
    page.locator(f"#decide-{verb} summary").click()
    page.locator(f"#decide-{verb} [type=checkbox]").first.check()
    page.locator(f"[name=do][value={verb}]").click()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    languages = sys.argv[2].split(",") if len(sys.argv) > 2 else list(LOCALES)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        stack = Stack(Path(scratch), FOUR_EYES_BLIND="corrected_rrn")
        stack.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            for language in languages:
                for width in WIDTHS:
                    walk(Photographer(browser, stack, folder), width, language)
        finally:
            browser.close()
            stack.stop()


if __name__ == "__main__":
    main()
