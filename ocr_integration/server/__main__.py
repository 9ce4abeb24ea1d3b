"""python -m ocr_integration.server: runs the reader alone, for anybody's SDK."""

import argparse
import contextlib
import functools
import logging
import os
import signal
import sys
import tempfile
from pathlib import Path

from ocr_integration.contract import REQUESTS_PER_SECOND
from ocr_integration.engine import CardEngine
from ocr_integration.server.accounts import Accounts, BadKeys, KeyPair, load_pairs
from ocr_integration.server.app import Service
from ocr_integration.server.fetch import download
from ocr_integration.server.listener import Listener, listen

STOP_GRACE = 1.2
"""Seconds that answers under way may take after the signal to stop."""

ENVIRONMENT = """environment:
  OCR_SERVER_SECRET_ID, OCR_SERVER_SECRET_KEY  one key pair, beside those of --keys
  OCR_SERVER_REQUESTS_PER_SECOND               of each account that states none of its own (20)
  OCR_SERVER_THREADS                           pictures read at the same time (one for each processor)
  OCR_SERVER_FETCH_ALLOW                       stores of your own, as host:port, that an ImageUrl may name
"""

log = logging.getLogger("sinwon.server")


def main() -> int:
    """Runs until SIGTERM or SIGINT. 0: stopped; 1: cannot listen; 2: the settings are wrong."""
    options = _options()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    wake = _stop_signals()
    try:
        listening = listen(options.host, options.port)
    except (OSError, OverflowError) as problem:
        print(f"reader: cannot listen on {options.host}:{options.port}: {problem}", file=sys.stderr)  # noqa: T201
        return 1
    try:
        listener = Listener(_service(options.keys), listening)
    except (BadKeys, ValueError) as problem:
        print(f"reader: {problem}", file=sys.stderr)  # noqa: T201
        return 2
    listener.start()
    host = f"[{options.host}]" if ":" in options.host else options.host
    address = f"{host}:{listener.port}"
    log.info("listening on %s", address)
    if options.port_file:
        _write_whole(options.port_file, f"{address}\n")
    os.read(wake, 1)
    listener.stop(STOP_GRACE)
    _remove_own(options.port_file, address)
    log.info("stopped")
    logging.shutdown()
    # Threads may still be inside the engine's native code, where an orderly exit would wait or crash.
    os._exit(0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ocr_integration.server",
        description="The vendor's wire protocol in front of our own card reader, for anybody's SDK.",
        epilog=ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000, help="0 takes a free port")
    parser.add_argument(
        "--keys",
        type=Path,
        help='JSON file {"SecretId": "SecretKey" or {"SecretKey": "…", "RequestsPerSecond": 50}, …}',
    )
    parser.add_argument("--port-file", type=Path, help="where to write host:port once the reader answers")
    return parser.parse_args()


def _service(keys: Path | None) -> Service:
    per_second = _number("OCR_SERVER_REQUESTS_PER_SECOND", REQUESTS_PER_SECOND)
    pairs = load_pairs(keys, per_second) if keys else {}
    secret_id = os.environ.get("OCR_SERVER_SECRET_ID", "")
    secret_key = os.environ.get("OCR_SERVER_SECRET_KEY", "")
    if secret_id and secret_key:
        pairs[secret_id] = KeyPair(secret_key, per_second)
    if not pairs:
        log.warning("no key pair is configured: every request will be refused")
    allowed = frozenset(os.environ.get("OCR_SERVER_FETCH_ALLOW", "").lower().replace(",", " ").split())
    return Service(
        accounts=Accounts(pairs),
        engine=CardEngine(threads=1),
        download=functools.partial(download, allowed=allowed),
        seats=_number("OCR_SERVER_THREADS", os.cpu_count() or 1),
    )


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "") or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise ValueError(f"{name} must be a whole number from 1 to 10000")
    return int(text)


def _stop_signals() -> int:
    """A descriptor that becomes readable at SIGTERM or SIGINT, also where a parent had them ignored.

    The interpreter writes to it from whichever thread the system interrupts; a handler in Python would wait
    for the main thread, which sleeps.
    """
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)
    return readable


def _write_whole(path: Path, text: str) -> None:
    """Writes a file so that a reader sees all of it or nothing."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)


def _remove_own(path: Path | None, address: str) -> None:
    """Removes the port file, unless another reader has taken it over."""
    if path:
        with contextlib.suppress(OSError):
            if path.read_text() == f"{address}\n":
                path.unlink()


if __name__ == "__main__":
    sys.exit(main())
