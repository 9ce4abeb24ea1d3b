"""Web processes that die by kill -9 after the commit and before the bell: python -m chaos.mortal DEATHS SECONDS

Each is a fork of this one that takes a customer through the real pages. The product has no hook for this: where
`tasks.ring` would be called, the process ends instead. Prints the name of each picture that was committed so.
"""

import os
import signal
import sys
import time
from io import BytesIO
from uuid import UUID

from django.test import Client

from chaos import loaded  # noqa: F401 - before kyc
from chaos.customers import inputs, name_of, neighbour, pictures
from kyc import tasks

FIRST = 500_000
TRIES = 3
LAST_NEIGHBOUR = 60_000


def main() -> None:
    deaths, seconds = int(sys.argv[1]), float(sys.argv[2])
    began, died, sent = time.monotonic(), 0, pictures(FIRST)
    for number in range(deaths * TRIES):
        if died == deaths:
            return
        time.sleep(max(0.0, began + seconds * died / deaths - time.monotonic()))
        picture = next(sent)
        child = os.fork()
        if child == 0:
            _live_and_die(picture, neighbour(LAST_NEIGHBOUR - number))
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            died += 1
            print(name_of(picture), flush=True)
        elif number % 10 == 0:
            time.sleep(1)  # another fault is on: a customer comes again later


def _live_and_die(picture: bytes, address: str) -> None:
    """Never returns: killed at the bell, or ended where the product could not take the picture now."""

    def die(document_id: UUID) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    tasks.ring = die
    try:
        _send(picture, address)
    finally:
        os._exit(1)


def _send(picture: bytes, address: str) -> None:
    browser = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR=address)
    page = inputs(browser.get("/").content.decode())
    browser.post("/begin/", {"key": page["key"]})
    browser.post("/notices/")
    browser.post("/picture/", {"picture": BytesIO(picture)})


if __name__ == "__main__":
    main()
