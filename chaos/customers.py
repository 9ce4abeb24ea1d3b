"""Customers who send one picture each through the pages, and try again as a person does until it is acknowledged."""

import hashlib
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count, cycle
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

CARDS = Path(__file__).parent.parent / "tests" / "cards"
PATIENCE = 180.0
AGAIN_AFTER = 1.5
AT_ONCE = 4
# Longer than gunicorn lets a request live.
ANSWER_SECONDS = 70.0
_INPUT = re.compile(r'name="(key|csrfmiddlewaretoken)" value="([^"]+)"')


_neighbours = count(1)


class GaveUp(Exception):
    """A customer was not served for PATIENCE seconds."""


def pictures(first: int = 0) -> Iterator[bytes]:
    """Sample cards with bytes of their own behind the end: each is another file to intake."""
    cards = [file.read_bytes() for file in sorted(CARDS.glob("clean-*.jpg"))]
    for number, card in enumerate(cycle(cards), start=first):
        yield card + b"%012d" % number


def inputs(page: str) -> dict[str, str]:
    """The hidden inputs of the start page that begin a case."""
    return dict(_INPUT.findall(page))


def neighbour(number: int) -> str:
    """An address of this machine for each customer: the product takes 10 cases a minute from one address."""
    return f"127.{1 + number // 256 % 250}.{number % 256}.1"


def name_of(picture: bytes) -> str:
    """What the ledger knows a picture by."""
    return hashlib.sha256(picture).hexdigest()


class Customers:
    """`acknowledged` holds the pictures that the product said it has; `gave_up` how many customers left."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._lock = threading.Lock()
        self.acknowledged: set[str] = set()
        self.gave_up = 0
        self.tries = 0

    def arrive(self, picture: bytes) -> None:
        self._pool.submit(self._visit, picture)

    def finish(self) -> None:
        """Waits until each was served or left."""
        self._pool.shutdown(wait=True)

    def _visit(self, picture: bytes) -> None:
        try:
            _Visit(self._url, self).send(picture)
        except GaveUp:
            with self._lock:
                self.gave_up += 1
            return
        with self._lock:
            self.acknowledged.add(name_of(picture))

    def count_try(self) -> None:
        with self._lock:
            self.tries += 1


class _Visit:
    """One browser."""

    def __init__(self, url: str, customers: Customers) -> None:
        self._url, self._customers = url, customers
        self._until = time.monotonic() + PATIENCE
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("http://", _From(neighbour(next(_neighbours))))

    def send(self, picture: bytes) -> None:
        page = inputs(self._ask("GET", "/").text)
        token = {"csrfmiddlewaretoken": page["csrfmiddlewaretoken"]}
        self._ask("POST", "/begin/", data={**token, "key": page["key"]})
        self._ask("POST", "/notices/", data=token)
        self._ask("POST", "/picture/", data=token, files={"picture": ("card.jpg", picture, "image/jpeg")})

    def _ask(self, method: str, path: str, **told: object) -> requests.Response:
        """Until it is answered well: a page, or the way to the next one."""
        while time.monotonic() < self._until:
            self._customers.count_try()
            try:
                answer = self._session.request(
                    method, self._url + path, timeout=ANSWER_SECONDS, allow_redirects=False, **told
                )  # type: ignore[arg-type]
            except requests.RequestException:
                answer = None
            if answer is not None and answer.status_code in (200, 302):
                return answer
            time.sleep(AGAIN_AFTER)
        raise GaveUp


class _From(HTTPAdapter):
    """Connections that come from one address."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *told: Any, **named: Any) -> None:
        super().init_poolmanager(*told, **named, source_address=(self._address, 0))
