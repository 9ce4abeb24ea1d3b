"""The parts' own words: each writes to a file of its own, of which the terminal shows what matters."""

import re
import shutil
from collections import deque
from pathlib import Path

LAST_LINES = 15
MOST_BYTES = 20_000_000
IMPORTANT = re.compile(r"\b(ERROR|CRITICAL)\b")
# A part in distress must not flood the terminal: so many lines a minute, the rest is in the file.
MOST_SHOWN = 6
WIDTH = 240


class Log:
    """One part's log file: the previous run's is kept beside it as `.1`."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.parent.mkdir(mode=0o700, exist_ok=True)
        if file.exists():
            file.replace(self._previous)
        file.touch(mode=0o600)
        self.last: deque[str] = deque(maxlen=LAST_LINES)
        self._read_to = 0
        self._shown: deque[float] = deque(maxlen=MOST_SHOWN)

    @property
    def _previous(self) -> Path:
        return self.file.with_suffix(".log.1")

    def news(self, now: float) -> list[str]:
        """The important lines since the last call, shortened, at most a few a minute."""
        important = [line[:WIDTH] for line in self._new_lines() if IMPORTANT.search(line)]
        shown = []
        for line in important:
            if len(self._shown) == MOST_SHOWN and now - self._shown[0] < 60:
                break
            self._shown.append(now)
            shown.append(line)
        return shown

    def _new_lines(self) -> list[str]:
        size = self.file.stat().st_size
        if size <= self._read_to:
            return []
        with self.file.open("rb") as stream:
            stream.seek(self._read_to)
            text = stream.read(1_000_000)
        whole, newline, _ = text.rpartition(b"\n")
        self._read_to += (
            len(whole) + len(newline) if newline else (len(text) if len(text) == 1_000_000 else 0)
        )
        lines = whole.decode(errors="replace").splitlines()
        self.last.extend(line for line in lines if line.strip())
        if self._read_to > MOST_BYTES:
            self._start_over()
        return lines

    def _start_over(self) -> None:
        """The parts append, so the file can be emptied under their hands."""
        shutil.copyfile(self.file, self._previous)
        with self.file.open("r+b") as stream:
            stream.truncate(0)
        self._read_to = 0
