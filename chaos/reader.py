"""A reader that fails as told: our own server's wire and signature check, with faults drawn for each call.

python -m chaos.reader KEYS SEED   prints its address; on its input, `["calm"]` ends the faults, `["count"]` counts.
What it answers was read by the real engine from the sample cards, before the drill begins.
"""

import json
import random
import socket
import sys
import threading
import time
import zlib
from collections import Counter
from pathlib import Path

from chaos.rates import FAULTS
from ocr_integration.contract import Geometry
from ocr_integration.engine import CardEngine, CardRead
from ocr_integration.engine.errors import Reason
from ocr_integration.server.accounts import Accounts, load_pairs
from ocr_integration.server.app import Answer, Service
from ocr_integration.server.connection import BadRequest, Gone, Limits, Peer, TooLarge
from ocr_integration.server.signature import Refused

CARDS = Path(__file__).parent.parent / "tests" / "cards"
LATENCY = 0.1
GLANCE = b'"SinwonGlance"'
"""Marks a call that reads nothing: the vendor never sees one, so that it is neither billed nor made to fail."""
HANG_SECONDS = 60.0


class Repeating:
    """Answers each picture with one of the real engine's readings, always the same one for the same picture."""

    def __init__(self) -> None:
        self._engine = CardEngine(threads=1)
        self._cards = [
            self._engine.read(file.read_bytes(), photo=True) for file in sorted(CARDS.glob("clean-*.jpg"))
        ]

    def read(self, data: bytes, *, photo: bool) -> CardRead:
        time.sleep(LATENCY)
        return self._cards[zlib.crc32(data) % len(self._cards)]

    def glance(self, data: bytes) -> tuple[Geometry, Reason | None]:
        return self._engine.glance(data)


class FaultyReader:
    """One thread a connection; `counts` says how the calls ended, while it failed and since."""

    def __init__(self, keys: Path, seed: int) -> None:
        pairs = load_pairs(keys, 10_000)
        self._service = Service(accounts=Accounts(pairs), engine=Repeating(), download=_nothing, seats=64)
        self._chance, self._lock = random.Random(seed), threading.Lock()
        self.counts: dict[str, Counter[str]] = {"failing": Counter(), "calm": Counter()}
        self.calm = False
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        with connection:
            peer = Peer(connection, Limits())
            try:
                while True:
                    head = peer.read_head()
                    body = peer.read_body(head)
                    if head.path == "/healthz":
                        peer.write(_http(b"ok"))
                        continue
                    answer = self._service.answer(head, body)
                    if GLANCE in body:
                        peer.write(_http(answer.body))
                    elif not self._answer(connection, peer, answer):
                        return
            except (Gone, BadRequest, TooLarge, OSError):
                return

    def _answer(self, connection: socket.socket, peer: Peer, answer: Answer) -> bool:
        """Sends it, or what the fault makes of it; False where the connection ends."""
        fault = "refused" if answer.code else self._draw()
        with self._lock:
            self.counts["calm" if self.calm else "failing"][fault] += 1
        if fault == "hung":
            connection.settimeout(HANG_SECONDS)
            connection.recv(1)
            return False
        if fault == "500":
            peer.write(_http(b"broken", "500 Internal Server Error"))
        elif fault == "limited":
            limited = Refused("RequestLimitExceeded", "Too many requests.")
            peer.write(_http(self._service.refuse(limited).body))
        elif fault == "truncated":
            whole = _http(answer.body)
            peer.write(whole[: len(whole) - len(answer.body) // 2])
            return False
        else:
            peer.write(_http(answer.body))
        return True

    def _draw(self) -> str:
        with self._lock:
            drawn = self._chance.random()
        if not self.calm:
            for name, share in FAULTS.items():
                drawn -= share
                if drawn < 0:
                    return name
        return "answered"


def _http(body: bytes, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _nothing(url: str) -> bytes:
    raise Refused("FailedOperation.DownLoadError", "The drill sends no addresses.")


def main() -> None:
    reader = FaultyReader(Path(sys.argv[1]), int(sys.argv[2]))
    threading.Thread(target=reader.serve, daemon=True).start()
    print(json.dumps(reader.address), flush=True)
    for line in sys.stdin:
        if json.loads(line) == ["calm"]:
            reader.calm = True
        print(json.dumps(reader.counts), flush=True)


if __name__ == "__main__":
    main()
