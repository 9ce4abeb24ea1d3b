"""The processes that decode strangers' pictures: one a picture, without our secrets, replaced when killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kyc.imaging import reencode
from kyc.imaging.apart import Apart, apart

LIMIT = 20 * 1024 * 1024
CARDS = Path(__file__).parents[1] / "cards"
ROOT = Path(__file__).parents[2]
HOLDS_A_SERVER = (
    "import sys, time; from kyc.imaging.apart import apart; assert apart.ask(sys.stdin.buffer.read());"
    " print(apart._process.pid, flush=True); time.sleep(60)"
)


@pytest.fixture
def card() -> bytes:
    return (CARDS / "clean-001.jpg").read_bytes()


@pytest.fixture
def own(card: bytes) -> Iterator[Apart]:
    """A server that no other test uses."""
    own = Apart()
    assert own.ask(card)
    yield own
    own.forget()


def _pid(own: Apart) -> int:
    assert own._process
    return own._process.pid


def test_the_server_has_none_of_our_secrets_and_stands_outside_our_folder(own: Apart) -> None:
    process = Path("/proc", str(_pid(own)))
    told = (process / "environ").read_bytes()
    assert b"SECRET" not in told
    assert b"SINWON" not in told
    assert (process / "cwd").readlink() == Path("/")
    # The socket, and nothing of ours: no database, no picture of another request.
    opened = {str(file.readlink()) for file in (process / "fd").iterdir()}
    assert len(opened - {"/dev/null"}) == 1


def test_a_server_that_was_killed_is_replaced_and_no_picture_is_blamed(own: Apart, card: bytes) -> None:
    for _ in range(3):
        before = _pid(own)
        os.kill(before, signal.SIGKILL)
        assert own.ask(card)
        assert _pid(own) != before


def test_a_server_that_is_killed_under_load_loses_no_picture(own: Apart, card: bytes) -> None:
    wanted = own.ask(card)
    answers: list[bytes] = []

    def customer() -> None:
        answers.extend(own.ask(card) for _ in range(10))

    customers = [threading.Thread(target=customer) for _ in range(4)]
    for thread in customers:
        thread.start()
    time.sleep(0.1)
    os.kill(_pid(own), signal.SIGKILL)
    for thread in customers:
        thread.join()
    assert answers == [wanted] * 40


def test_a_process_that_forks_has_a_server_of_its_own(card: bytes) -> None:
    assert reencode(card, max_bytes=LIMIT)
    ours = _pid(apart)
    heard, tell = os.pipe()
    if (pid := os.fork()) == 0:
        reencode(card, max_bytes=LIMIT)
        os.write(tell, str(_pid(apart)).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    assert int(os.read(heard, 100)) != ours
    assert _pid(apart) == ours
    assert reencode(card, max_bytes=LIMIT)


def test_the_server_ends_with_the_process_that_started_it(card: bytes) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_SERVER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdin
    assert holder.stdout
    holder.stdin.write(card)
    holder.stdin.close()
    server = Path("/proc", holder.stdout.readline().decode().strip())
    assert server.exists()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    until = time.monotonic() + 5
    while server.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not server.exists()
