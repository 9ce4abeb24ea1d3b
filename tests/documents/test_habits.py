"""What runs before a commit is what `make check` runs, with the same tools; the forms for issues can be read."""

import shlex
import subprocess
import sys

import yaml

from tests.documents.conftest import ROOT

FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"


def test_the_hooks_before_a_commit_run_the_pinned_tools_of_this_environment() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    (local,) = config["repos"]
    assert local["repo"] == "local"
    assert {hook["language"] for hook in local["hooks"]} == {"system"}
    assert {shlex.split(hook["entry"])[0] for hook in local["hooks"]} <= {
        ".venv/bin/python",
        ".venv/bin/lint-imports",
    }


def test_a_hook_stops_a_fault_that_make_check_would_stop() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    (ruff,) = (hook for hook in config["repos"][0]["hooks"] if hook["id"] == "ruff")
    command = [sys.executable, *shlex.split(ruff["entry"])[1:], "--no-cache", "-"]
    faulty = subprocess.run(command, input="import os\n", capture_output=True, text=True, cwd=ROOT)
    clean = subprocess.run(command, input="PLACE = 1\n", capture_output=True, text=True, cwd=ROOT)
    assert (faulty.returncode, clean.returncode) == (1, 0), faulty.stdout + clean.stdout
    assert "F401" in faulty.stdout


def test_the_forms_for_issues_ask_for_no_real_card() -> None:
    for name in ("defect.yml", "misread.yml"):
        form = yaml.safe_load((FORMS / name).read_text())
        assert {"name", "description", "body"} <= form.keys()
        told = str(form["body"][0]["attributes"]["value"])
        assert "invented" in told.lower(), name
    assert yaml.safe_load((FORMS / "config.yml").read_text()) == {"blank_issues_enabled": False}
