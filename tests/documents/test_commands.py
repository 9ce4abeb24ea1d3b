"""The commands of the documents, run as they stand: the blocks under the mark `<!-- tested -->`."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents.conftest import ROOT
from tests.stack import Stack

pytestmark = pytest.mark.stack

MARKED = re.compile(r"^<!-- tested -->\n```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(path: Path) -> list[str]:
    """The lines of the marked blocks, without what is said beside them."""
    lines = [line for block in MARKED.findall(path.read_text()) for line in block.splitlines()]
    return [line.partition(" #")[0].strip() for line in lines if line.strip()]


@pytest.mark.parametrize("name", ["README.md", "docs/start.md"])
def test_the_commands_of_a_document_do_what_it_says(name: str, stack: Stack) -> None:
    lines = commands(ROOT / name)
    assert lines
    for line in lines:
        done = subprocess.run(
            ["bash", "-c", line.replace(".venv/bin/python", sys.executable)],
            cwd=ROOT,
            env=stack.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr[-2000:]}"
        assert done.stdout.strip(), line
        if "read_card" in line or "--json" in line:
            assert json.loads(done.stdout.splitlines()[0]), line
