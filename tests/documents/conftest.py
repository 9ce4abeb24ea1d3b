"""The documentation, built once and strictly as `make check` does."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fails with what Sphinx complains of."""
    var = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [ROOT / "deploy" / "docs.sh", "--strict"],
        env=os.environ | {"SINWON_VAR": str(var)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return var / "docs"
