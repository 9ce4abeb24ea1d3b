"""Keeps the parts running until told to stop, then leaves nothing behind."""

import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from kyc.management.supervisor.part import Part
from kyc.management.supervisor.running import GivenUp, Running

TURN = 0.1
# Ctrl-C ends everything within five seconds: so long to finish, so long to give back what is held, then it is ended.
ORDERLY_SECONDS, GIVING_BACK_SECONDS = 2.5, 1.5
# The first part has the machine to itself for a moment, so that the first page is there early.
FIRST_ALONE_SECONDS = 3.0


class Supervisor:
    """`run()` starts the parts, the first ahead of the others, and returns the status when all are gone."""

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        folder: Path,
        logs: Path,
        say: Callable[[str], None],
        ready: Callable[[], None],
    ) -> None:
        self._running = [Running(part, folder=folder, logs=logs, say=say) for part in parts]
        self._say, self._ready = say, ready
        self._asked_to_stop = 0

    def run(self) -> int:
        self._listen_to_signals()
        why = ""
        try:
            self._watch()
        except GivenUp as e:
            why = str(e)
        finally:
            self._stop()
        if why:
            self._say(why)
        return 1 if why else 0

    def _listen_to_signals(self) -> None:
        """Own handlers: a parent may have ignored SIGINT (a shell's background job) or blocked signals."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup ignores SIGHUP on purpose.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._on_signal)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop += 1

    def _watch(self) -> None:
        announced, began = False, time.monotonic()
        first, others = self._running[0], self._running[1:]
        while not self._asked_to_stop:
            first.step()
            if first.answering or time.monotonic() - began > FIRST_ALONE_SECONDS:
                for part in others:
                    part.step()
            if not announced and all(part.answering for part in self._running):
                announced = True
                self._ready()
            time.sleep(TURN)

    def _stop(self) -> None:
        """What is under way is finished, or else given back; asked a second time, or after that, no process is left."""
        started, patience = time.monotonic(), self._asked_to_stop + 1
        self._say("Stopping …")
        for part in self._running:
            part.terminate()
        if not self._all_gone(ORDERLY_SECONDS, patience):
            for part in self._running:
                part.hurry()
            self._all_gone(GIVING_BACK_SECONDS, patience)
        for part in self._running:
            part.kill()
        self._say(f"Stopped in {time.monotonic() - started:.1f} s.")

    def _all_gone(self, within: float, patience: int) -> bool:
        """Waits so many seconds, or until asked `patience` times."""
        until = time.monotonic() + within
        while not all(part.gone() for part in self._running):
            if self._asked_to_stop >= patience or time.monotonic() > until:
                return False
            time.sleep(TURN / 2)
        return True
