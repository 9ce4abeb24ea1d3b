"""One part at run time: started, watched, started again with growing pauses."""

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from kyc.management.supervisor.logs import Log
from kyc.management.supervisor.part import Part
from kyc.management.supervisor.process import kill_group, obituary, spawn

MOST_DEATHS = 5
WITHIN_SECONDS = 60.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
ASK_EVERY = 0.25
SLOW_SECONDS = 60.0
# Words appear in the logs at once; onnxruntime tells its maker nothing (its Privacy.md: telemetry is on by default).
ENVIRONMENT = {"PYTHONUNBUFFERED": "1", "ORT_DISABLE_TELEMETRY": "1"}


class GivenUp(Exception):
    """A part died too often."""


class Running:
    """The life of one part; `step` is called several times a second."""

    def __init__(self, part: Part, *, folder: Path, logs: Path, say: Callable[[str], None]) -> None:
        self.part, self._folder, self._say = part, folder, say
        self.log = Log(logs / f"{part.name}.log")
        self.answering = False
        self.process: subprocess.Popen[bytes] | None = None
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        self._pause = FIRST_PAUSE
        self._start_at = 0.0

    def start(self) -> None:
        self.part.before()
        self._since, self._started, self._ask_at = datetime.now(UTC), time.monotonic(), 0.0
        self._told_slow = False
        self.process = spawn(
            self.part.command,
            folder=self._folder,
            environment=os.environ | ENVIRONMENT | self.part.environment,
            log=self.log.file,
            keep=self.part.keep,
        )

    def step(self) -> None:
        """Notices a death, starts again when the pause is over, and asks whether it works; raises GivenUp."""
        now = time.monotonic()
        for line in self.log.news(now):
            self._say(f"  {self.part.name}: {line}")
        if self.process is None:
            if now >= self._start_at:
                self.start()
        elif (code := self.process.poll()) is not None:
            self._bury(code, now)
        elif not self.answering and now >= self._ask_at:
            self._ask()

    def _ask(self) -> None:
        self.answering = self.part.answers(self._since)
        now = time.monotonic()
        self._ask_at, took = now + ASK_EVERY, now - self._started
        if self.answering:
            self._say(f"  {self.part.name:<7} works ({took:.1f} s)")
        elif took > SLOW_SECONDS and not self._told_slow:
            self._told_slow = True
            self._say(f"  {self.part.name:<7} gives no answer after {took:.0f} s; see {self.log.file}")

    def _bury(self, code: int, now: float) -> None:
        assert self.process is not None  # noqa: S101 - for the type checker
        kill_group(self.process)
        if self.answering or now - self._started > WITHIN_SECONDS:
            self._pause = FIRST_PAUSE
        self.process, self.answering = None, False
        self._say(f"  {self.part.name:<7} {obituary(code)}")
        if (
            code == -signal.SIGKILL
        ):  # from outside, memory ran short or somebody's hand: no failing of its own
            self._say(f"  {self.part.name:<7} starts again in {FIRST_PAUSE:g} s")
            self._start_at = now + FIRST_PAUSE
            return
        self._deaths.append(now)
        if len(self._deaths) == MOST_DEATHS and now - self._deaths[0] <= WITHIN_SECONDS:
            raise GivenUp(self._why())
        self._say(f"  {self.part.name:<7} starts again in {self._pause:g} s")
        self._start_at = now + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _why(self) -> str:
        self.log.news(time.monotonic())
        last = "\n".join(f"    {line}" for line in self.log.last) or "    (nothing)"
        return (
            f"{self.part.name} ended {MOST_DEATHS} times within a minute, so everything is stopped. "
            f"Its last words ({self.log.file}):\n{last}"
        )

    # --- The end
    def terminate(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)

    def hurry(self) -> None:
        """Asks its children too: a worker's give back what they hold."""
        if self.process is not None:
            kill_group(self.process, signal.SIGTERM)

    def gone(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        """Ends it and its children at once, and waits for that."""
        if self.process is not None:
            kill_group(self.process)
            self.process.wait()
            self.process = None
