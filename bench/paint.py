"""When a customer on a slow line sees the first page, and what the pages weigh: `python -m bench.paint`, as JSON.

The whole product on this machine; Chromium's own throttling stands for the line.
"""

import json
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.journey.conftest import ARGUMENTS, CHROMIUM, PHONE
from tests.stack import Stack

# Round trip in ms, kbit/s down and up: what Chromium's tools called slow and fast 3G, and a second-generation line.
LINES = {"3G": (300, 1600, 750), "slow 3G": (400, 400, 400), "2G": (800, 150, 50)}
TIMES = 5
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def first_paint(browser: Browser, url: str, path: str, line: tuple[int, int, int]) -> float:
    """Seconds until something is to be read, with an empty cache."""
    context = browser.new_context(locale="ko-KR", viewport=PHONE)
    page = context.new_page()
    wait, down, up = line
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": wait,
            "downloadThroughput": down * 1000 / 8,
            "uploadThroughput": up * 1000 / 8,
        },
    )
    page.goto(url + path, wait_until="load", timeout=120_000)
    while not (painted := page.evaluate(PAINT)):  # asked again: the pages' policy forbids what waits by eval
        page.wait_for_timeout(50)
    taken = float(painted) / 1000
    context.close()
    return taken


def weight(browser: Browser, url: str) -> dict[str, int]:
    """Bytes over the line up to each page before the picture, the cache empty at first; without the demo's cards."""
    context = browser.new_context(locale="ko-KR", viewport=PHONE)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    addresses: dict[str, str] = {}
    sizes: dict[str, float] = {}
    line.on("Network.requestWillBeSent", lambda e: addresses.update({e["requestId"]: e["request"]["url"]}))
    line.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    told = {}
    page.goto(url)
    for name, button in (("start", "begin"), ("notices", "notices"), ("contact", "contact"), ("picture", "")):
        page.wait_for_load_state("networkidle")
        told[name] = round(sum(s for r, s in sizes.items() if "/specimens/" not in addresses.get(r, "")))
        if button:
            page.click(f"form[action='/{button}/'] button")
            page.wait_for_load_state("load")
    context.close()
    return told


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stack = Stack(Path(folder))
        stack.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            told = {
                name: round(
                    statistics.median(first_paint(browser, stack.url, "/", line) for _ in range(TIMES)), 2
                )
                for name, line in LINES.items()
            }
            weighs = weight(browser, stack.url)
        finally:
            browser.close()
            stack.stop()
    print(json.dumps({"first contentful paint, s": told, "bytes up to": weighs}))


if __name__ == "__main__":
    main()
