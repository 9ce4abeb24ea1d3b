"""A reader that answers at once, as a process of its own: `python -m bench.instant FILE` sends FILE to every call."""

import sys
import threading
from pathlib import Path

from tests.wire.faults import FaultServer, body


class Forgetful(list[bytes]):
    """Keeps no request: ten thousand pictures are gigabytes."""

    def append(self, request: bytes) -> None:
        pass


def main() -> None:
    server = FaultServer(keep_alive=True)
    server.requests = Forgetful()
    server.script = body(Path(sys.argv[1]).read_bytes())
    print(server.address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
