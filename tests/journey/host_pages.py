"""Photographs what a host's people see, in Korean: `python -m tests.journey.host_pages [FOLDER]`.

The product runs over https with a sandbox, as a frame on another site needs it; the host's page is the one of the
documents. `tests.journey.screenshots` takes the rest.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.documents.conftest import build
from tests.journey.conftest import ARGUMENTS, CHROMIUM, DESK
from tests.journey.screenshots import CARDS, LOCALES, Photographer
from tests.journey.test_frame import EXAMPLE, Secured, serve
from tests.stack import ROOT, free_port

SET_UP = """
import json
from django.contrib.auth.models import User
from django.urls import reverse
from kyc.domain.hosts import Outcome, Scope
from kyc.services import hosts, intake, links, verifications
by = User.objects.get(username="administrator")
host = hosts.create(name="한빛은행", return_addresses=["https://localhost:{bank}/"], by=by)
key = hosts.make_key(host=host, name="web", scopes=tuple(Scope), days=30, by=by, sandbox=True).row
told = []
for number in (17, 18):
    asked = verifications.Asked(
        reference=f"order-{{number}}", locale="ko", return_address="https://localhost:{bank}/back",
        outcome=Outcome.APPROVED,
    )
    case = verifications.open_verification(key=key, asked=asked).case
    told.append(links.make(case))
    if number == 17:
        intake.submit_document(case=case, upload=open("{card}", "rb").read())
print(json.dumps(told))
"""


def pages(camera: Photographer, stack: Secured) -> None:
    approved, begun = stack.ask(SET_UP.format(bank=stack.ear, card=CARDS / "clean-001.jpg"))
    page = camera.browser.new_context(
        ignore_https_errors=True, base_url=stack.url, locale=LOCALES["ko"], viewport=DESK
    ).new_page()
    page.goto(f"/c/{approved}/")
    page.get_by_role("link", name="한빛은행").first.wait_for()
    camera.shot(page, "host-1-way-back", "desk", "ko")
    framed(camera, stack, page, begun)
    page.goto("/docs/api-reference.html")
    camera.shot(page, "host-3-api", "desk", "ko", whole=False)


def framed(camera: Photographer, stack: Secured, page: Page, token: str) -> None:
    """The example of docs/embedding.md, on the host's own site."""
    shown = EXAMPLE.read_text().replace("{{ opened.embed_url }}", f"{stack.url}/embed/{token}/")
    bank = serve(stack.ear, stack.folder / "tls.crt", stack.folder / "tls.key", shown.encode())
    try:
        page.set_viewport_size({"width": 430, "height": 900})
        page.goto(f"https://localhost:{stack.ear}/")
        page.frame_locator("iframe").get_by_role("button").first.wait_for()
        page.wait_for_load_state("networkidle")
        camera.shot(page, "host-2-frame", "phone", "ko")
        page.set_viewport_size(DESK)
    finally:
        bank.shutdown()
        bank.server_close()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots"
    bank = free_port()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        stack = Secured(Path(scratch), HTTPS="1", FRAME_ORIGINS=f"https://localhost:{bank}", SANDBOX="1")
        stack.ear = bank
        stack.start()
        build(stack.folder)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            pages(Photographer(browser, stack, folder), stack)
        finally:
            browser.close()
            stack.stop()


if __name__ == "__main__":
    main()
