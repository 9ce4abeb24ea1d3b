"""Key pairs and how many requests a second each may make."""

import json
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ocr_integration.contract import REQUESTS_PER_SECOND
from ocr_integration.server.signature import Refused


class BadKeys(Exception):
    """The file of key pairs cannot be used; the text says why, without any key."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """One account's SecretKey and quota."""

    secret_key: str
    per_second: int = REQUESTS_PER_SECOND

    def __repr__(self) -> str:
        return f"<KeyPair {self.per_second}/s>"


class Accounts:
    """All key pairs, with what each has spent within the last second."""

    def __init__(self, pairs: Mapping[str, KeyPair]) -> None:
        self._pairs = dict(pairs)
        self.keys: Mapping[str, str] = {secret_id: pair.secret_key for secret_id, pair in pairs.items()}
        self._spent = {secret_id: deque[float](maxlen=pair.per_second) for secret_id, pair in pairs.items()}
        self._lock = threading.Lock()

    def spend(self, secret_id: str, now: float) -> None:
        """Counts one request; raises Refused when the last second is full. `now` is monotonic seconds."""
        spent = self._spent[secret_id]
        with self._lock:
            if len(spent) == self._pairs[secret_id].per_second and now - spent[0] < 1:
                limit = self._pairs[secret_id].per_second
                raise Refused("RequestLimitExceeded", f"The limit of {limit} requests a second is exceeded.")
            spent.append(now)


def load_pairs(path: Path, per_second: int = REQUESTS_PER_SECOND) -> dict[str, KeyPair]:
    """Key pairs of a JSON file: {"SecretId": "SecretKey"} or, for a quota of its own,
    {"SecretId": {"SecretKey": "...", "RequestsPerSecond": 50}}. Raises BadKeys."""
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BadKeys(f"{path} is not a readable JSON file") from None
    if not isinstance(listed, dict):
        raise BadKeys(f"{path} must hold an object of SecretId and SecretKey")
    return {secret_id: _pair(path, value, per_second) for secret_id, value in listed.items()}


def _pair(path: Path, value: object, per_second: int) -> KeyPair:
    given = value if isinstance(value, dict) else {"SecretKey": value}
    secret_key, rate = given.get("SecretKey"), given.get("RequestsPerSecond", per_second)
    if not isinstance(secret_key, str) or not secret_key:
        raise BadKeys(f"{path} holds a SecretKey that is not a text")
    if not isinstance(rate, int) or isinstance(rate, bool) or not 1 <= rate <= 10_000:
        raise BadKeys(f"{path} holds a RequestsPerSecond that is not a whole number from 1 to 10000")
    return KeyPair(secret_key, rate)
