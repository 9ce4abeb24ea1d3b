"""Writes the table of packages into THIRD_PARTY_NOTICES.md: `python -m tools.third_party`, after each `make lock`.

The list is requirements.txt; each licence is what the installed package says of itself.
"""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "THIRD_PARTY_NOTICES.md"
HEADER = "| package | licence |\n|---|---|\n"
# Packages that say it in a text only, or that another platform alone installs.
SAID_ELSEWHERE = {
    "async-timeout": "Apache-2.0",
    "colorama": "BSD-3-Clause",
    "fido2": "BSD-2-Clause, parts Apache-2.0 and MPL-2.0",
    "pylopdf-fonts-ko": "OFL-1.1 (Noto Sans KR, Noto Serif KR)",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "qrcode": "BSD-3-Clause, parts MIT",
}


def pinned() -> list[str]:
    """The names in requirements.txt, each once."""
    found = re.findall(
        r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==", (ROOT / "requirements.txt").read_text(), re.MULTILINE
    )
    return list(dict.fromkeys(found))


def licence(package: str) -> str:
    """What the package says of its licence. Raises LookupError where it says nothing."""
    if package in SAID_ELSEWHERE:
        return SAID_ELSEWHERE[package]
    try:
        told = metadata(package)
    except PackageNotFoundError as e:
        raise LookupError(f"{package} is not installed: say its licence in SAID_ELSEWHERE") from e
    short = told.get("License-Expression") or told.get("License") or ""
    classes = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or [] if line.startswith("License")
    ]
    words = short if short and "\n" not in short else ", ".join(classes)
    if not words:
        raise LookupError(f"{package} names no licence: look and say it in SAID_ELSEWHERE")
    return words


def written() -> list[str]:
    """The names in the table as it stands in the file."""
    table = FILE.read_text().partition(HEADER)[2]
    return re.findall(r"^\| ([a-z0-9._-]+) \|", table, re.MULTILINE)


def main() -> None:
    before = FILE.read_text().partition(HEADER)[0]
    rows = "".join(f"| {package} | {licence(package)} |\n" for package in pinned())
    FILE.write_text(before + HEADER + rows)


if __name__ == "__main__":
    main()
