"""The documents as they stand in the repository: links, anchors, commands, files and tests that they name are there."""

import re
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import get_commands
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.documents.conftest import ROOT

DOCUMENTS = sorted(
    path
    for path in chain(ROOT.glob("*.md"), (ROOT / "docs").rglob("*.md"), (ROOT / ".github").rglob("*.md"))
    if "/_" not in str(path)
)
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]


def _tokens(path: Path) -> list[Token]:
    flat = MarkdownIt("commonmark").enable("table").parse(path.read_text())
    return [inner for token in flat for inner in (token, *(token.children or []))]


def _links(path: Path) -> list[str]:
    found = (token.attrGet("href") or token.attrGet("src") for token in _tokens(path))
    return [str(link) for link in found if link and not re.match(r"[a-z]+:", str(link))]


def _anchors(path: Path) -> set[str]:
    """The anchors that GitHub and MyST give the headings."""
    flat = MarkdownIt("commonmark").parse(path.read_text())
    titles = [flat[at + 1].content for at, token in enumerate(flat) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_and_anchor_leads_somewhere(name: str) -> None:
    path = ROOT / name
    for link in _links(path):
        where, _, anchor = unquote(link).partition("#")
        target = (path.parent / where).resolve() if where else path
        assert target.exists(), link
        if anchor:
            assert anchor in _anchors(target), link


def test_every_command_and_verb_that_a_document_names_is_there() -> None:
    verbs = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for path in DOCUMENTS:
        text = path.read_text()
        for command in re.findall(r"manage\.py ([a-z_]+)", text):
            assert command in get_commands() or command in {"check", "migrate"}, f"{path.name}: {command}"
        for verb in re.findall(r"(?:^|`)(?:[A-Z]+=\S+ )*make ([a-z-]+)", text, re.MULTILINE):
            assert verb in verbs, f"{path.name}: make {verb}"


def test_contributing_names_files_and_code_that_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    for file in re.findall(r"`((?:kyc|ocr_integration|tests|config|deploy|locale)/[\w/.-]+)`", text):
        assert (ROOT / file).exists(), file
    rules = "".join(file.read_text() for file in (ROOT / "kyc" / "domain").glob("*_rules.py"))
    for file in re.findall(r"`(\w+_rules\.py)`", text):
        assert (ROOT / "kyc" / "domain" / file).exists(), file
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert "\n".join(line.removeprefix("   ") for line in example.rstrip().splitlines()) in rules
