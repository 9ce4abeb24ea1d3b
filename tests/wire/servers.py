"""Servers that the wire's tests talk to: the real reader as a process, and a plain web server for downloads."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


class ReaderProcess:
    """`python -m ocr_integration.server` on a free port; `address` is its host:port, `log` what it wrote."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.port_file = folder / "reader.addr"
        self.log = folder / "reader.log"
        command = [
            sys.executable,
            "-m",
            "ocr_integration.server",
            "--port",
            "0",
            "--port-file",
            str(self.port_file),
        ]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("OCR_")}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, *arguments], cwd=ROOT, env=clean | environment, stdout=log, stderr=log
            )
        self.address = self._address()

    def stop(self, with_signal: int = signal.SIGTERM) -> int:
        """The exit status."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        return self.process.wait(10)

    def _address(self) -> str:
        until = time.monotonic() + START_SECONDS
        while not self.port_file.exists():
            assert self.process.poll() is None, self.log.read_text()[-2000:]
            assert time.monotonic() < until, "the reader did not start in time"
            time.sleep(0.05)
        return self.port_file.read_text().strip()


def self_signed(host: str) -> bytes:
    """A key and a certificate that nobody signed, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(2)
    )
    certificate = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate


class Store:
    """A web server whose answers a test writes: path -> what to do with the handler."""

    def __init__(self) -> None:
        self.pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.seen: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.seen.append(self.path)
                outer.pages[self.path](self)

            def log_message(self, *_: object) -> None:
                pass

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    self.close_connection = True

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def page(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        """Serves a whole answer at a path; returns its URL."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            if "Content_Length" not in headers:
                handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.pages[path] = answer
        return f"http://{self.address}{path}"
