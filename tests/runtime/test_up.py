"""`manage.py up` as a stranger meets it: what it says, what it serves, and what is left when it stops."""

import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kyc.management.supervisor import certificate
from kyc.management.supervisor.address import Address, AddressError, from_environment
from tests.stack import ROOT, Stack

ENTRIES_AND_SIGNED = (
    "import json; from kyc.models import AuditEntry, Checkpoint;"
    "last = Checkpoint.objects.order_by('-sequence').first();"
    "print(json.dumps([AuditEntry.objects.count(), last.sequence if last else 0]))"
)


class Served(Stack):
    """The product as `make run HOST=0.0.0.0 HTTPS=1` starts it."""

    def said(self) -> str:
        return (self.folder / "up.log").read_text()

    def ready(self) -> bool:
        return "Sinwon is ready." in self.said()

    def refused(self, **environment: str) -> str:
        """What a second `up` on the same folder says; it must end with status 1."""
        done = subprocess.run(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert (done.returncode, done.stdout) == (1, "")
        return done.stderr


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    running = Served(tmp_path_factory.mktemp("served"), HOST="0.0.0.0", HTTPS="1", HOME=str(home))
    running.start()
    yield running
    running.stop()


@pytest.mark.stack
def test_the_welcome_names_both_addresses_and_what_to_try(served: Served) -> None:
    said = served.said()
    assert [f"{part:<7} works" in said for part in ("web", "worker", "beat", "reader")] == [True] * 4
    customers = next(line.split()[-1] for line in said.splitlines() if "For customers" in line)
    assert customers.startswith("https://")
    assert customers.endswith(f":{served.port}/")
    assert "0.0.0.0" not in said
    assert f"{customers}admin/" in said
    assert "make officers" in said


@pytest.mark.stack
def test_https_is_served_with_a_certificate_made_for_this_machine(served: Served) -> None:
    trusting = ssl.create_default_context(cafile=str(served.folder / "tls.crt"))
    with urllib.request.urlopen(
        f"https://127.0.0.1:{served.port}/healthz", context=trusting, timeout=10
    ) as answer:
        assert answer.status == 200
    modes = [
        stat.S_IMODE((served.folder / name).stat().st_mode) for name in ("tls.key", "tls.crt", "reader.keys")
    ]
    assert modes == [0o600] * 3


@pytest.mark.stack
def test_a_second_start_on_the_same_folder_is_refused_politely(served: Served) -> None:
    assert "already: https://" in served.refused()


@pytest.mark.stack
def test_callers_wait_instead_of_being_refused_while_the_web_starts_again(served: Served) -> None:
    assert served.kill("gunicorn") >= 1
    trusting = ssl.create_default_context(cafile=str(served.folder / "tls.crt"))
    with urllib.request.urlopen(
        f"https://127.0.0.1:{served.port}/healthz", context=trusting, timeout=30
    ) as answer:
        assert answer.status == 200


@pytest.mark.stack
def test_a_killed_reader_comes_back_on_a_port_of_its_own(served: Served) -> None:
    address_file = served.folder / "reader.addr"
    before = address_file.read_text()
    served.kill("ocr_integration.server")
    until(lambda: address_file.exists() and address_file.read_text() not in ("", before))
    until(lambda: served.said().count("reader  works") == 2)


@pytest.mark.stack
def test_nothing_but_the_folder_is_written_and_no_process_is_left(served: Served) -> None:
    began = time.monotonic()
    served.stop(signal.SIGINT)
    assert time.monotonic() - began < 8  # three on a quiet machine; another worker of the tests may be busy
    assert served.pids("") == []
    assert list(Path(served.environment["HOME"]).rglob("*")) == []
    assert (served.folder / "up.lock").read_text() == ""
    entries, signed = served.ask(ENTRIES_AND_SIGNED)
    assert signed == entries, "no entry is left without a checkpoint"


@pytest.mark.stack
def test_a_taken_port_is_told_in_a_sentence_before_anything_starts(served: Served) -> None:
    for log in (served.folder / "log").glob("*"):
        log.unlink()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = served.refused(HOST="127.0.0.1", PORT=str(port))
    assert f"Port {port} is taken by another program." in told
    assert "Traceback" not in told
    assert list((served.folder / "log").glob("*")) == []


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"PORT": "none"}, "PORT=none is not a port"),
        ({"PORT": "70000"}, "PORT=70000 is not a port"),
        ({"HOST": "203.0.113.9"}, "This machine has no address 203.0.113.9"),
        ({"HOST": "no.such.host.invalid"}, "This machine has no address no.such.host.invalid"),
    ],
)
def test_an_address_that_cannot_be_served_is_refused_in_a_sentence(
    environment: dict[str, str], words: str
) -> None:
    with pytest.raises(AddressError) as refused:
        from_environment(environment).listen()
    assert words in str(refused.value)


def test_the_address_defaults_to_this_machine_alone() -> None:
    assert from_environment({}) == Address("127.0.0.1", 8000, https=False)
    assert from_environment({"HOST": "[::1]", "PORT": "80", "HTTPS": "1"}).url == "https://[::1]:80"


def test_a_certificate_is_kept_while_it_fits_and_made_anew_for_another_name(tmp_path: Path) -> None:
    crt, key = certificate.ensure(tmp_path, ["localhost", "127.0.0.1"])
    first = crt.read_bytes()
    certificate.ensure(tmp_path, ["127.0.0.1"])
    assert crt.read_bytes() == first
    certificate.ensure(tmp_path, ["192.168.1.7"])
    assert crt.read_bytes() != first
    assert {stat.S_IMODE(file.stat().st_mode) for file in (crt, key)} == {0o600}
