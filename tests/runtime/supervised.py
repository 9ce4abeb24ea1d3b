"""A supervisor over small parts, for tests: `python -m tests.runtime.supervised FOLDER PART…`."""

import sys
from datetime import datetime
from pathlib import Path

from kyc.management.supervisor.part import Part
from kyc.management.supervisor.supervisor import Supervisor

HEADER = "import os, signal, subprocess, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n');"
BODIES = {
    "steady": "time.sleep(600)",
    "stubborn": (
        "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "child = subprocess.Popen(['sleep', '600']); open(sys.argv[1], 'a').write(f'{child.pid}\\n'); time.sleep(600)"
    ),
    "dying": "print('no room left on the disk', flush=True); sys.exit(3)",
    "loud": "print('12:00 ERROR kyc something broke\\nINFO fine', flush=True); time.sleep(600)",
    "asked": (
        "print(signal.getsignal(signal.SIGINT), signal.pthread_sigmask(signal.SIG_BLOCK, ()), flush=True);"
        "time.sleep(600)"
    ),
}


def part(name: str, folder: Path) -> Part:
    """A part that counts as working once it has written down its process number."""
    numbers = folder / f"{name}.pids"

    def answers(since: datetime) -> bool:
        return numbers.exists() and numbers.stat().st_mtime >= since.timestamp() - 0.1

    return Part(name, (sys.executable, "-c", HEADER + BODIES[name], str(numbers)), answers)


def main(folder: Path, names: list[str]) -> int:
    return Supervisor(
        [part(name, folder) for name in names],
        folder=folder,
        logs=folder / "log",
        say=lambda line: print(line, flush=True),
        ready=lambda: print("READY", flush=True),
    ).run()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
