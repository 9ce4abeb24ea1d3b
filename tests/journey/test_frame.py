"""The customer's pages inside a bank's page, in a real browser over https: named origins alone, cookies partitioned."""

import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.stack import ROOT, Stack, free_port

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.full]

EXAMPLE = ROOT / "docs" / "examples" / "frame.html"
SET_UP = """
import json
from django.contrib.auth.models import User
from kyc.domain.hosts import Scope
from kyc.services import hosts, links, verifications
by = User.objects.get(username="administrator")
host = hosts.create(name="Bank", return_addresses=[], by=by)
key = hosts.make_key(host=host, name="core", scopes=tuple(Scope), days=30, by=by).row
asked = verifications.Asked(reference="order-18", locale="en")
print(json.dumps(links.make(verifications.open_verification(key=key, asked=asked).case)))
"""


class Secured(Stack):
    """The product over https, to be framed by one origin."""

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def ready(self) -> bool:
        """Its certificate is its own."""
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2, context=trusting) as answer:
                return bool(answer.status == 200) and (self.folder / "reader.addr").exists()
        except (urllib.error.URLError, OSError):
            return False


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[Secured]:
    bank = free_port()
    running = Secured(tmp_path, HTTPS="1", FRAME_ORIGINS=f"https://localhost:{bank}")
    running.ear = bank
    running.start()
    yield running
    running.stop()


def serve(port: int, certificate: Path, key: Path, page: bytes) -> ThreadingHTTPServer:
    """A bank's page, on another site than the product's."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def test_a_customer_goes_through_inside_a_banks_page(browser: Browser, secured: Secured, cards: Path) -> None:
    token = secured.ask(SET_UP)
    page = EXAMPLE.read_text().replace("{{ opened.embed_url }}", f"{secured.url}/embed/{token}/")
    certificate, key = secured.folder / "tls.crt", secured.folder / "tls.key"
    stranger = free_port()
    servers = [serve(port, certificate, key, page.encode()) for port in (secured.ear, stranger)]
    context = browser.new_context(ignore_https_errors=True, locale="en-US")
    try:
        tab = context.new_page()
        tab.goto(f"https://localhost:{secured.ear}/")
        frame = tab.frame_locator("iframe")
        frame.get_by_role("button", name="Continue").click()
        frame.get_by_role("button", name="Continue to the picture").click()
        frame.locator("#by-file").set_input_files(str(cards / "clean-001.jpg"))
        frame.locator("#send").click()
        frame.get_by_role("button", name="Yes, all of it is right").click(timeout=60_000)
        expect(frame.get_by_role("heading", level=1)).to_have_text("We have everything")
        kept = {cookie["name"]: cookie for cookie in context.cookies(secured.url)}
        assert kept["__Host-sinwon"]["sameSite"] == "None"
        assert kept["__Host-sinwon"].get("partitionKey") == "https://localhost"
        tab.goto(f"https://localhost:{stranger}/")
        assert tab.frames[1].url.startswith("chrome-error://")
    finally:
        context.close()
        for server in servers:
            server.shutdown()
            server.server_close()
