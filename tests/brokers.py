"""Brokers of a test's own: Redis and RabbitMQ as apt installs them, private, gone with whoever started them."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.stack import free_port

RABBITMQ_SECONDS = 90


class Redis:
    """One server of our own, which keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "redis-server", *options], stdout=subprocess.DEVNULL
        )

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def flush(self) -> None:
        """Forgets every message and every binding."""
        subprocess.run(["redis-cli", "-p", str(self.port), "FLUSHALL"], check=True, stdout=subprocess.DEVNULL)


class RabbitMQ:
    """One node of our own, with the account guest and the host /; Celery's queue is declared by the workers."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sinwon-rabbitmq-"))
        self.port = free_port()
        account = pwd.getpwnam("rabbitmq")
        os.chown(self.folder, account.pw_uid, account.pw_gid)
        self._unprivileged = (
            ["--reuid", "rabbitmq", "--regid", "rabbitmq", "--init-groups"] if os.geteuid() == 0 else []
        )
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "RABBITMQ_NODENAME": f"sinwon{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq"),
            "ERL_EPMD_PORT": str(free_port()),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        with (self.folder / "out").open("wb") as log:
            self.process = subprocess.Popen(
                self._command("rabbitmq-server"), env=self._environment, stdout=log, stderr=log, cwd="/"
            )
        until = time.monotonic() + RABBITMQ_SECONDS
        while self._ctl("await_startup", "--timeout", "5").returncode != 0:
            assert self.process.poll() is None, (self.folder / "out").read_text()[-2000:]
            assert time.monotonic() < until, "RabbitMQ did not start in time"
            time.sleep(0.5)

    def stop(self) -> None:
        self._ctl("stop")
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
        # The port mapper that the node started; no other node uses this port.
        subprocess.run(
            ["epmd", "-port", self._environment["ERL_EPMD_PORT"], "-kill"], check=False, capture_output=True
        )
        shutil.rmtree(self.folder, ignore_errors=True)

    def flush(self) -> None:
        """Forgets every message that no worker holds."""
        self._ctl("purge_queue", "celery")

    def queue_types(self) -> dict[str, str]:
        """Each queue's type, by its name."""
        told = self._ctl("list_queues", "name", "type", "--quiet", "--no-table-headers").stdout.decode()
        return dict(line.split("\t") for line in told.splitlines() if "\t" in line)

    def _ctl(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            self._command("rabbitmqctl", *arguments),
            env=self._environment,
            check=False,
            capture_output=True,
            cwd="/",
        )

    def _command(self, name: str, *arguments: str) -> list[str]:
        """Ends with whoever started it. The package's own scripts refuse other accounts; these are below them."""
        program = f"/usr/lib/rabbitmq/bin/{name}"
        return ["setpriv", "--pdeathsig", "TERM", *self._unprivileged, program, *arguments]
