"""A PgBouncer in transaction mode before a test's own PostgreSQL, unprivileged, gone with the session."""

import os
import subprocess
import time
from urllib.parse import quote

from tests.postgresql import Cluster


class Pooler:
    """`url` is for DATABASE_URL, with DATABASE_POOLER=1. It lives beside the cluster's socket, as its account."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster, self._folder = cluster, cluster.folder / "pooler"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://postgres@{quote(str(self._folder), safe='')}:6432/postgres"

    def start(self, *, connections: int) -> None:
        """No more than so many connections reach the server, however many come."""
        self._folder.mkdir()
        file = self._folder / "pgbouncer.ini"
        file.write_text(
            f"""[databases]
postgres = host={self._cluster.folder} user=postgres
[pgbouncer]
listen_addr =
unix_socket_dir = {self._folder}
listen_port = 6432
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 200
"""
        )
        if os.geteuid() == 0:
            owner = self._cluster.folder.stat()
            for path in (self._folder, file):
                os.chown(path, owner.st_uid, owner.st_gid)
        command = [
            "setpriv",
            "--pdeathsig",
            "KILL",
            *self._cluster.unprivileged,
            "/usr/sbin/pgbouncer",
            str(file),
        ]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
        )
        until = time.monotonic() + 10
        while not (self._folder / ".s.PGSQL.6432").exists():
            assert time.monotonic() < until, "PgBouncer did not start in time"
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
