"""docs/security.md and docs/asvs.md point at tests: each must be there. The bill of materials holds every package."""

import json
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Level 3 points that issue 5 names beside the whole of levels 1 and 2.
NAMED_OF_LEVEL_3 = {
    "2.3.5",
    "3.5.8",
    "5.2.4",
    "5.2.6",
    "7.5.3",
    "8.3.2",
    "11.2.5",
    "14.2.6",
    "14.2.7",
    "14.2.8",
    "16.3.2",
}
# How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has.
CHAPTERS = dict(enumerate((27, 12, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 15, 7), 1))


def _rows() -> list[tuple[str, int, str]]:
    """Id, level and state of each row of the table."""
    text = (ROOT / "docs" / "asvs.md").read_text()
    found = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([123]) \| [^|]+ \| ([^|]+) \|$", text, re.MULTILINE)
    return [(number, int(level), state) for number, level, state in found]


@pytest.mark.parametrize("document", ["security.md", "asvs.md", "accessibility.md"])
def test_every_test_that_the_security_document_names_exists(document: str) -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / document).read_text()))
    written = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", file.read_text(), re.MULTILINE)
    }
    assert len(named) > 10
    assert named - written == set()


def test_the_asvs_table_is_whole() -> None:
    rows = _rows()
    assert [number for number, count in Counter(number for number, _, _ in rows).items() if count > 1] == []
    counted = Counter(int(number.split(".")[0]) for number, level, _ in rows if level < 3)
    assert dict(counted) == CHAPTERS
    assert {number for number, level, _ in rows if level == 3} == NAMED_OF_LEVEL_3


def test_every_row_of_the_asvs_table_says_how_it_stands() -> None:
    for number, _, state in _rows():
        assert re.match(r"met|partly|not met|n/a: |the operator's|†", state), number


def test_every_requirement_is_pinned_by_hash_and_stands_in_the_bill_of_materials(tmp_path: Path) -> None:
    locked = (ROOT / "requirements.txt").read_text()
    line = r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==[^\s;]+(?: ; [^\\]+)? \\\n    --hash=sha256:"
    pinned = re.findall(line, locked, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[a-z]", locked, re.MULTILINE))
    file = tmp_path / "sbom.json"
    subprocess.run([str(ROOT / "deploy" / "sbom.sh"), str(file)], check=True, capture_output=True)
    listed = {part["name"] for part in json.loads(file.read_text())["components"]}
    assert listed == set(pinned)
