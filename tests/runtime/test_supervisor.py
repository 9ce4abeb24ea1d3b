"""The supervisor with real processes: started, watched, and none left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Supervised:
    """A running supervisor and what it says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = folder / "said"

    def start(self, *parts: str, shell: str = "") -> None:
        """With `shell`, commands that a shell runs first in the process that becomes the supervisor."""
        command = [sys.executable, "-m", "tests.runtime.supervised", str(self.folder), *parts]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                ["bash", "-c", f'{shell} exec "$@"', "-", *command], cwd=ROOT, stdout=said, stderr=said
            )
        if "dying" not in parts:
            self.hears("READY")

    def hears(self, words: str) -> None:
        end = time.monotonic() + 15
        while words not in self.said.read_text():
            assert time.monotonic() < end, self.said.read_text()
            time.sleep(0.05)

    def numbers(self, part: str) -> list[int]:
        """The process numbers that the part wrote down, oldest first."""
        return [int(line) for line in (self.folder / f"{part}.pids").read_text().split()]

    def stop(self, *signals: int, within: float) -> int:
        """Sends the signals, half a second apart; returns the exit status."""
        began = time.monotonic()
        for number in signals:
            self.process.send_signal(number)
            time.sleep(0.5 if len(signals) > 1 else 0)
        status = self.process.wait(10)
        assert time.monotonic() - began < within
        return status


def alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervised]:
    made = Supervised(tmp_path)
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()


def test_ctrl_c_ends_everything_although_the_parent_ignored_it(supervised: Supervised) -> None:
    supervised.start("steady", "loud", shell="trap '' INT;")
    assert supervised.stop(signal.SIGINT, within=3) == 0
    assert not any(alive(number) for part in ("steady", "loud") for number in supervised.numbers(part))


def test_a_part_that_will_not_go_is_ended_with_its_children_within_five_seconds(
    supervised: Supervised,
) -> None:
    supervised.start("stubborn", "steady")
    assert supervised.stop(signal.SIGTERM, within=5) == 0
    assert len(supervised.numbers("stubborn")) == 2
    assert not any(alive(number) for part in ("stubborn", "steady") for number in supervised.numbers(part))


def test_a_second_ctrl_c_ends_everything_at_once(supervised: Supervised) -> None:
    supervised.start("stubborn")
    assert supervised.stop(signal.SIGINT, signal.SIGINT, within=2) == 0
    assert not any(alive(number) for number in supervised.numbers("stubborn"))


def test_a_dead_part_is_started_again_and_its_children_are_not_left(supervised: Supervised) -> None:
    supervised.start("stubborn", "steady")
    first, child = supervised.numbers("stubborn")
    os.kill(first, signal.SIGKILL)
    supervised.hears("stubborn was killed by SIGKILL")
    supervised.hears("starts again in 0.5 s")
    end = time.monotonic() + 10
    while len(supervised.numbers("stubborn")) < 4 and time.monotonic() < end:
        time.sleep(0.05)
    assert [alive(number) for number in supervised.numbers("stubborn")] == [False, False, True, True]
    assert not alive(child)
    assert len(supervised.numbers("steady")) == 1


def test_five_deaths_within_a_minute_end_everything_and_say_why(supervised: Supervised) -> None:
    supervised.start("steady", "dying")
    assert supervised.process.wait(30) == 1
    said = supervised.said.read_text()
    assert said.count("dying   ended with status 3") == 5
    assert "dying ended 5 times within a minute" in said
    assert said.rstrip().endswith("no room left on the disk")
    assert not any(alive(number) for number in supervised.numbers("steady"))


def test_no_part_outlives_a_killed_supervisor(supervised: Supervised) -> None:
    supervised.start("steady")
    supervised.process.kill()
    supervised.process.wait()
    end = time.monotonic() + 5
    while alive(supervised.numbers("steady")[0]) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(supervised.numbers("steady")[0])


def test_parts_hear_their_signals_whatever_the_parent_ignored(supervised: Supervised) -> None:
    supervised.start("asked", shell="trap '' INT TERM;")
    log = supervised.folder / "log" / "asked.log"
    end = time.monotonic() + 5
    while not log.read_text() and time.monotonic() < end:
        time.sleep(0.05)
    assert "default_int_handler" in log.read_text()
    assert log.read_text().strip().endswith("set()")


def test_the_terminal_shows_what_went_wrong_and_the_file_has_all(supervised: Supervised) -> None:
    supervised.start("loud")
    supervised.hears("loud: 12:00 ERROR kyc something broke")
    assert "INFO fine" not in supervised.said.read_text()
    assert "INFO fine" in (supervised.folder / "log" / "loud.log").read_text()


def test_the_log_of_the_run_before_is_kept(supervised: Supervised) -> None:
    supervised.start("loud")
    supervised.hears("something broke")
    supervised.stop(signal.SIGTERM, within=5)
    supervised.start("loud")
    assert "something broke" in (supervised.folder / "log" / "loud.log.1").read_text()
