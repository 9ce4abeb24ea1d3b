"""The processes that decode strangers' pictures: one a picture, without our secrets, replaced when killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kyc.imaging import DecodersDown, reencode
from kyc.imaging import decoders as module
from kyc.imaging.decoders import Decoders, decoders

LIMIT = 20 * 1024 * 1024
CARDS = Path(__file__).parents[1] / "cards"
ROOT = Path(__file__).parents[2]
HOLDS_A_SERVER = (
    "import sys, time; from kyc.imaging.decoders import decoders; assert decoders.decode(sys.stdin.buffer.read());"
    " print(decoders._process.pid, flush=True); time.sleep(60)"
)
# A child that was taken over: it disarms its alarm and does what it likes with the connection.
TAKEN_OVER = """
import signal
import child
def decode(connection):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while connection.recv(65536):
        pass
    {deed}
child.SECONDS = 1
child.LOOKS_EVERY = 0.2
child.decode = decode
child.main()
"""


@pytest.fixture
def card() -> bytes:
    return (CARDS / "clean-001.jpg").read_bytes()


@pytest.fixture
def own(card: bytes) -> Iterator[Decoders]:
    """A server that no other test uses."""
    own = Decoders()
    assert own.decode(card)
    yield own
    own.forget()


@pytest.fixture
def taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Decoders]:
    """Decoders whose children do that deed."""

    def make(deed: str) -> Decoders:
        script = tmp_path / "taken_over.py"
        folder = Path(module.__file__).parent
        script.write_text(f"import sys\nsys.path.insert(0, {str(folder)!r})\n{TAKEN_OVER.format(deed=deed)}")
        monkeypatch.setattr(module, "SERVER", [*module.SERVER[:-1], str(script)])
        return Decoders()

    return make


def _pid(own: Decoders) -> int:
    assert own._process
    return own._process.pid


def _gone(pid: int) -> bool:
    until = time.monotonic() + 5
    while Path("/proc", str(pid)).exists() and time.monotonic() < until:
        time.sleep(0.02)
    return not Path("/proc", str(pid)).exists()


def test_the_server_has_none_of_our_secrets_and_stands_outside_our_folder(own: Decoders) -> None:
    process = Path("/proc", str(_pid(own)))
    assert (process / "environ").read_bytes() == b""
    assert (process / "cwd").readlink() == Path("/")
    # The socket, and nothing of ours: no database, no picture of another request.
    opened = {str(file.readlink()) for file in (process / "fd").iterdir()}
    assert len(opened - {"/dev/null"}) == 1


def test_a_server_that_was_killed_is_replaced_and_no_picture_is_blamed(own: Decoders, card: bytes) -> None:
    for _ in range(3):
        before = _pid(own)
        os.kill(before, signal.SIGKILL)
        assert own.decode(card)
        assert _pid(own) != before


def test_a_server_that_is_killed_under_load_loses_no_picture(own: Decoders, card: bytes) -> None:
    wanted = own.decode(card)
    answers: list[object] = []

    def customer() -> None:
        answers.extend(own.decode(card) for _ in range(10))

    customers = [threading.Thread(target=customer) for _ in range(4)]
    for thread in customers:
        thread.start()
    time.sleep(0.1)
    os.kill(_pid(own), signal.SIGKILL)
    for thread in customers:
        thread.join()
    assert answers == [wanted] * 40


def test_a_server_that_hangs_is_replaced_and_no_picture_is_blamed(
    own: Decoders, card: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    before = _pid(own)
    os.kill(before, signal.SIGSTOP)
    with pytest.raises(DecodersDown):
        own.decode(card)
    assert own.decode(card)
    assert not Path("/proc", str(before)).exists()


def test_a_server_that_cannot_be_started_is_started_with_the_next_picture(
    card: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Decoders()
    with monkeypatch.context() as broken:
        broken.setattr(module, "SERVER", ["/nowhere"])
        with pytest.raises(DecodersDown):
            own.decode(card)
    assert own.decode(card)
    own.forget()


def test_a_picture_that_kills_its_process_is_refused_and_the_next_meets_another_server(
    taken_over: Callable[[str], Decoders], card: bytes
) -> None:
    own = taken_over("import os; os.kill(os.getpid(), signal.SIGSEGV)")
    assert own.decode(card) is None
    assert own._process is None
    (retired,) = own._retired
    assert retired.wait(5) == 0


def test_no_more_pictures_than_there_are_places_are_decoded_at_once(
    taken_over: Callable[[str], Decoders], card: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAITS", 0.2)
    own = taken_over("child.time.sleep(1.5)")
    down: list[DecodersDown] = []

    def customer() -> None:
        try:
            own.decode(card)
        except DecodersDown as e:
            down.append(e)

    customers = [threading.Thread(target=customer) for _ in range(module.AT_ONCE + 3)]
    for thread in customers:
        thread.start()
    for thread in customers:
        thread.join()
    assert len(down) == 3, "told to try again"
    monkeypatch.undo()
    own.forget()
    assert own.decode(card), "whoever comes later finds a place"


def test_a_place_is_free_again_whatever_became_of_the_picture(
    taken_over: Callable[[str], Decoders], card: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAITS", 0.2)
    own = taken_over("import os; os.kill(os.getpid(), signal.SIGSEGV)")
    assert [own.decode(card) for _ in range(module.AT_ONCE + 1)] == [None] * (module.AT_ONCE + 1)


def test_an_answer_that_was_cut_short_is_no_picture(
    taken_over: Callable[[str], Decoders], card: bytes
) -> None:
    cut = 'connection.sendall(child.struct.pack(">II", 2, 1000) + b"{}" + b"x" * 999)'
    assert taken_over(cut).decode(card) is None


def test_a_child_that_never_ends_its_answer_is_ended_by_the_server(
    taken_over: Callable[[str], Decoders], card: bytes
) -> None:
    own = taken_over("while True: connection.send(b'x'); child.time.sleep(0.05)")
    began = time.monotonic()
    assert own.decode(card) is None
    assert time.monotonic() - began < 5


def test_an_answer_without_end_is_not_read_to_its_end(
    taken_over: Callable[[str], Decoders], card: bytes
) -> None:
    assert taken_over("while True: connection.sendall(bytes(1 << 20))").decode(card) is None


def test_a_process_that_forks_has_a_server_of_its_own(card: bytes) -> None:
    assert reencode(card, max_bytes=LIMIT)
    ours = _pid(decoders)
    heard, tell = os.pipe()
    if (pid := os.fork()) == 0:
        try:
            reencode(card, max_bytes=LIMIT)
            os.write(tell, str(_pid(decoders)).encode())
        finally:
            os._exit(0)
    os.close(tell)
    os.waitpid(pid, 0)
    with os.fdopen(heard) as told:
        theirs = int(told.read())
    assert theirs != ours
    assert _gone(theirs)
    assert _pid(decoders) == ours
    assert reencode(card, max_bytes=LIMIT)


def test_the_server_ends_with_the_process_that_started_it(card: bytes) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_SERVER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdin
    assert holder.stdout
    holder.stdin.write(card)
    holder.stdin.close()
    server = int(holder.stdout.readline())
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert _gone(server)
