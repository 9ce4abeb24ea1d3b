"""Schemathesis reads the specification of the running server and finds nothing that the server does otherwise."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack import Stack

pytestmark = pytest.mark.stack

KEY = """
import json
from django.contrib.auth.models import User
from kyc.domain.hosts import Scope
from kyc.services import hosts
by = User.objects.get(username="administrator")
host = hosts.create(name="Fuzzed", return_addresses=["https://bank.example/back"], by=by)
print(json.dumps(hosts.make_key(host=host, name="f", scopes=tuple(Scope), days=1, by=by).text))
"""
EXAMPLES = 5


def test_the_server_does_what_the_specification_says(stack: Stack, tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        f"--config-file={Path(__file__).with_name('schemathesis.toml')}",
        "run",
        f"{stack.url}/api/v1/openapi.json",
        f"--header=Authorization: Bearer {stack.ask(KEY)}",
        f"--max-examples={EXAMPLES}",
        "--phases=coverage,fuzzing",
        "--seed=1",
        "--no-shrink",
        "--continue-on-failure",
        "--request-timeout=30",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-6000:]
    assert "Tested: 13" in done.stdout
