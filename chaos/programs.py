"""Programs of the drill in processes of their own: a line of JSON in, a line of JSON out.

The drill itself never loads the product: what looks into its database does so under the product's own settings.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path

from tests.stack import ROOT


class Program:
    """`ask(name, …)` is answered by the program's next line. One question at a time, from any thread."""

    def __init__(self, module: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, name: str, *told: object) -> object:
        with self._lock:
            assert self._process.stdin
            self._process.stdin.write(json.dumps([name, *told]) + "\n")
            self._process.stdin.flush()
            return self.hear()

    def hear(self) -> object:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, f"{self._process.args!r} ended"
        return json.loads(line)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)


class Reader(Program):
    """The failing reader (`chaos.reader`)."""

    def __init__(self, keys: Path, seed: int) -> None:
        super().__init__("chaos.reader", str(keys), str(seed))
        self.address = str(self.hear())

    def calm(self) -> None:
        """From now on it answers every call well."""
        self.ask("calm")

    def counts(self) -> dict[str, dict[str, int]]:
        """How the calls ended, by "failing" and "calm"."""
        told = self.ask("count")
        assert isinstance(told, dict)
        return told


class Ledger(Program):
    """What stands in the product's database (`chaos.ledger`)."""

    def __init__(self, environment: dict[str, str]) -> None:
        super().__init__("chaos.ledger", environment=environment)

    def waiting(self) -> int:
        """Pictures that no officer sees yet; -1 while the database does not answer."""
        told = self.ask("waiting")
        assert isinstance(told, int)
        return told

    def worker_heard_since(self, moment: float) -> bool:
        """Whether a worker took a task after that moment (seconds since the epoch)."""
        return bool(self.ask("worker_heard_since", moment))

    def account(self, acknowledged: set[str]) -> dict[str, int]:
        told = self.ask("account", sorted(acknowledged))
        assert isinstance(told, dict)
        return told

    def why_by_hand(self) -> dict[str, int]:
        """The codes of the documents that no reader read."""
        told = self.ask("why_by_hand")
        assert isinstance(told, dict)
        return told
