"""The gateway costs little more than the bare SDK."""

import base64
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

from ocr_integration.contract import ACTION
from ocr_integration.gateway import read_card
from tests.wire.conftest import WIDE, reader_at
from tests.wire.servers import ROOT


@pytest.fixture
def quick_server() -> Iterator[str]:
    """A server in another process that answers the official example at once."""
    command = [sys.executable, "-m", "tests.wire.faults"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.kill()


def cpu_of(call: Callable[[], object], times: int = 40) -> float:
    before = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - before) / times


def test_its_cpu_is_at_most_1_3_times_a_bare_call(quick_server: str) -> None:
    picture = b"\xff\xd8\xff" + os.urandom(500_000)
    http = HttpProfile(protocol="http", endpoint=quick_server)
    sdk = CommonClient(
        "ocr", "2018-11-19", Credential(*WIDE), "ap-singapore", ClientProfile(httpProfile=http)
    )
    reader = reader_at(quick_server, local=True)

    def bare() -> None:
        sdk.call_json(ACTION, {"ImageBase64": base64.b64encode(picture).decode(), "ReturnHeadImage": True})

    def ours() -> None:
        read_card(picture, reader=reader)

    cpu_of(bare), cpu_of(ours)
    rounds = [(cpu_of(bare), cpu_of(ours)) for _ in range(5)]
    assert min(ours for _, ours in rounds) <= 1.3 * min(bare for bare, _ in rounds)
