"""The whole product in processes of its own, as a stranger runs it."""

import base64
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 90


class Stack:
    """`manage.py up` on a private folder and a free port."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.ear = 0
        self.environment = (
            os.environ
            | {
                "SINWON_VAR": str(folder),
                "PORT": str(self.port),
                "HOST": "127.0.0.1",
                "FOUR_EYES_SHARE": "0",
            }
            | environment
        )
        self.process: subprocess.Popen[bytes] | None = None
        self.passwords: dict[str, str] = {}
        self.secrets: dict[str, str] = {}
        self._used: dict[str, int] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *arguments: str, check: bool = True) -> str:
        """What a management command prints on standard output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert not check or done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def ask(self, code: str) -> Any:
        """Runs Python inside the product; `code` prints one JSON value."""
        return json.loads(self.manage("shell", "-v", "0", "-c", code))

    def prepare(self) -> None:
        self.manage("init")
        self.manage("migrate", "-v", "0")
        self.manage("collectstatic", "--no-input", "-v", "0")
        told = self.manage("officers")
        self.passwords = dict(re.findall(r"^ {2}(\w+) +(\S+)$", told, re.MULTILINE))
        self.secrets = dict(re.findall(r"otpauth://totp/(\w+)\?secret=([A-Z2-7]+)", told))

    def code(self, role: str) -> str:
        """What the officer's authenticator app shows; each code once, as it counts once: the next takes a while."""
        key = base64.b32decode(self.secrets[role])
        while (step := max(int(time.time()) // 30 - 1, self._used.get(role, 0) + 1)) > time.time() // 30 + 1:
            time.sleep(0.5)
        self._used[role] = step
        return HOTP(key, 6, SHA1()).generate(step).decode()

    def start(self) -> None:
        if not self.passwords:
            self.prepare()
        log = (self.folder / "up.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
        )
        until = time.monotonic() + READY_SECONDS
        while not self.ready():
            assert self.process.poll() is None, (self.folder / "up.log").read_text()[-3000:]
            if time.monotonic() > until:
                self.stop()  # whoever started it never comes to stopping it
                raise AssertionError("the product did not start in time")
            time.sleep(0.2)

    def ready(self) -> bool:
        """Web answers, and the banner says that the other parts do."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200) and (self.folder / "reader.addr").exists()
        except (urllib.error.URLError, OSError):
            return False

    def stop(self, with_signal: int = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(with_signal)
            self.process.wait(20)
            self.process = None

    def pids(self, word: str) -> list[int]:
        """The product's processes with `word` in their command line, whoever their parent is."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    command = (entry / "cmdline").read_bytes()
                    ours = f"SINWON_VAR={self.folder}".encode() in (entry / "environ").read_bytes().split(
                        b"\0"
                    )
                except OSError:  # it ended while we looked
                    continue
                if ours and word.encode() in command:
                    found.append(int(entry.name))
        return found

    def kill(self, word: str) -> int:
        """kill -9 on every process with `word` in its command line; how many."""
        pids = self.pids(word)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(pids)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])
