"""A host as its engineers might write it after reading docs/api.md: an order, a webhook, a page to come back to."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sinwon_client import Client, Event, ForgedWebhook, read_webhook


@dataclass
class Order:
    """`concluded` counts how often the business acted on an outcome: it must be once."""

    verification: str = ""
    sequence: int = 0
    state: str = ""
    concluded: int = 0
    fields: dict[str, str] = field(default_factory=dict)


class HostApp:
    """`moods` are how it behaves at each further message: `fail` before it works, `slow` after; then it is well."""

    def __init__(self, port: int, client: Client, secret: str, *moods: str) -> None:
        self.client, self.secret, self.moods = client, secret, list(moods)
        self.orders: dict[str, Order] = {}
        self.seen: set[str] = set()
        self.heard: list[Event] = []
        self.refused = 0
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def begin(self, order: str, back: str) -> str:
        """Where to send the customer; whoever presses the button twice gets the same place."""
        opened = self.client.create(order, locale="en", return_address=back, idempotency_key=order)
        self.orders.setdefault(order, Order(verification=opened.id))
        return opened.url

    def hear(self, event: Event) -> None:
        with self.lock:
            self.heard.append(event)
            order = self.orders[event.reference]
            if event.id in self.seen or event.sequence <= order.sequence:
                return
            self.seen.add(event.id)
            order.sequence, order.state = event.sequence, event.state
            if event.state in ("approved", "rejected"):
                order.concluded += 1
                order.fields = dict(self.client.fields(event.verification_id))

    def until(self, true: Callable[[], bool], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, (self.heard, self.orders)
            time.sleep(0.2)

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _mood(self) -> str:
        with self.lock:
            return self.moods.pop(0) if self.moods else ""

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        app = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    event = read_webhook(body, self.headers, secrets=[app.secret])
                except ForgedWebhook:
                    app.refused += 1
                    return self._answer(400)
                mood = app._mood()
                if mood == "fail":
                    return self._answer(500)
                app.hear(event)
                if mood == "slow":
                    time.sleep(4)
                return self._answer(204)

            def do_GET(self) -> None:
                self._answer(200, b"<h1>Welcome back</h1>")

            def _answer(self, status: int, page: bytes = b"") -> None:
                self.send_response(status)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_: object) -> None:
                """Silence."""

        return Handler
