"""A PostgreSQL cluster for one test session: private, unprivileged, on a Unix socket, gone with the session."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

READY_SECONDS = 30
# Durability is not what is tested here: a test machine that loses power starts over.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "listen_addresses": ""}


class Cluster:
    """`url` is for DATABASE_URL. PostgreSQL refuses to run as root: it then runs as the account `postgres`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sinwon-postgresql-"))
        self.process: subprocess.Popen[bytes] | None = None
        self.unprivileged: list[str] = []
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self.unprivileged = ["--reuid", "postgres", "--regid", "postgres", "--init-groups"]

    @property
    def url(self) -> str:
        return f"postgres://postgres@{quote(str(self.folder), safe='')}/postgres"

    def start(self) -> None:
        data = self.folder / "data"
        made = [
            "initdb",
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale",
            "C.UTF-8",
        ]
        subprocess.run(self._command(*made), check=True, stdout=subprocess.DEVNULL, cwd="/")
        self.launch()

    def crash(self) -> None:
        """Ends it in the midst of its work, as a loss of power would; `launch` starts it on the same data."""
        assert self.process is not None
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)

    def launch(self) -> None:
        data = self.folder / "data"
        settings = [part for name, value in FAST.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command("postgres", "-D", str(data), "-k", str(self.folder), *settings),
                stdout=log,
                stderr=log,
                cwd="/",
            )
        until = time.monotonic() + READY_SECONDS
        ready = [_program("pg_isready"), "-q", "-h", str(self.folder)]
        while subprocess.run(ready, check=False).returncode != 0:
            assert self.process.poll() is None, (self.folder / "log").read_text()[-2000:]
            assert time.monotonic() < until, "PostgreSQL did not start in time"
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:  # somebody still holds a connection
                self.process.send_signal(2)
                self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _command(self, name: str, *arguments: str) -> list[str]:
        """Ends with this session too, even one that was killed."""
        return ["setpriv", "--pdeathsig", "INT", *self.unprivileged, _program(name), *arguments]


def _program(name: str) -> str:
    """The newest one installed."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    assert found, "PostgreSQL is not installed: apt-get install postgresql"
    return str(found[-1])
