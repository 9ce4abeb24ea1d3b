"""A process in a session of its own that never outlives the supervisor."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def spawn(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    keep: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Starts the command with default signals and private files, its words appended to `log`, `keep` left open."""
    parent = os.getpid()

    def prepare() -> None:
        # Whoever started the supervisor may have ignored or blocked signals: the parts must hear theirs.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.umask(0o077)
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    with log.open("ab") as stream:
        return subprocess.Popen(  # noqa: S603 - our own parts
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            pass_fds=tuple(keep),
            start_new_session=True,
            preexec_fn=prepare,
        )


def kill_group(process: subprocess.Popen[bytes], with_signal: int = signal.SIGKILL) -> None:
    """Ends whatever is left of the process and its children: at once, or by a signal that they may answer."""
    try:
        os.killpg(process.pid, with_signal)
    except (ProcessLookupError, PermissionError):
        return


def obituary(code: int) -> str:
    """How it ended, in words."""
    if code >= 0:
        return f"ended with status {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"
