"""The built site: whole, quiet under the strict policy, every link leading somewhere, the drawing as the code is."""

import importlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from kyc.domain.lifecycle import MOVES, State
from tests.documents.conftest import ROOT
from tools import draw_lifecycle

GUIDES = [f"guide/{whom}-{language}.html" for whom in ("customer", "officer") for language in ("ko", "en")]
EXTENSIONS = ROOT / "docs" / "_extensions"


class Page(HTMLParser):
    """What a page points at, what can be pointed at on it, and what a strict policy would forbid."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.forbidden: list[str] = []
        self.language = ""
        self.bare_pictures = 0
        self.feed(file.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        self.ids |= {held["id"]} if "id" in held else set()
        self.targets += [held[name] for name in ("href", "src") if name in held]
        self.forbidden += [f"{tag} {name}" for name in held if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in held):
            self.forbidden.append(tag)
        if tag == "html":
            self.language = held.get("lang", "")
        if tag == "img" and not held.get("alt"):
            self.bare_pictures += 1


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    found = {file: Page(file) for file in site.rglob("*.html")}
    assert len(found) > 15
    return found


def test_every_page_keeps_to_the_strict_policy(pages: dict[Path, Page]) -> None:
    assert {file.name: page.forbidden for file, page in pages.items() if page.forbidden} == {}


def test_no_page_asks_anybody_else_for_anything(site: Path) -> None:
    loads = re.compile(r"""(?:<(?:script|img|iframe|source)[^>]+src|<link[^>]+href)="(?:https?:)?//""")
    for file in site.rglob("*.html"):
        assert loads.search(file.read_text()) is None, file
    for file in site.rglob("*.css"):
        assert re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", file.read_text()) is None, file


def test_every_link_of_the_site_leads_somewhere(site: Path, pages: dict[Path, Page]) -> None:
    broken = []
    for file, page in pages.items():
        for target in page.targets:
            address = urlsplit(target)
            if address.scheme or address.netloc:
                continue
            to = (file.parent / unquote(address.path)).resolve() if address.path else file
            known = pages.get(to)
            if not to.exists() or (address.fragment and known and unquote(address.fragment) not in known.ids):
                broken.append((file.relative_to(site), target))
    assert broken == []


def test_each_page_says_its_language_and_describes_its_pictures(site: Path, pages: dict[Path, Page]) -> None:
    for file, page in pages.items():
        assert page.language == ("ko" if file.stem.endswith("-ko") else "en"), file
        assert page.bare_pictures == 0, file


def test_the_guides_have_pictures_in_both_languages(site: Path) -> None:
    for guide in GUIDES:
        shown = re.findall(r'<img[^>]+src="([^"]+\.webp)"', (site / guide).read_text())
        assert len(shown) >= 5, guide


def test_the_drawing_of_the_lifecycle_is_that_of_the_code() -> None:
    assert draw_lifecycle.FILE.read_text() == draw_lifecycle.drawing()


def test_the_drawing_shows_every_move() -> None:
    arrows = draw_lifecycle.drawing().count("marker-end")
    withdrawn = sum(State.WITHDRAWN in moves for moves in MOVES.values())
    erased = sum(State.ERASED in moves for moves in MOVES.values())
    assert arrows == sum(map(len, MOVES.values())) - withdrawn - erased + 2


def test_the_words_of_the_lifecycle_name_every_state() -> None:
    table = (ROOT / "docs" / "concepts.md").read_text().partition("| state | means |")[2].partition("\n\n")[0]
    named = {
        word.strip()
        for row in table.splitlines()
        if row.startswith("| ")
        for word in row.split("|")[1].split(",")
    }
    assert named == {state.value for state in State}


SPECIFICATION: dict[str, Any] = {
    "info": {"title": "An API", "version": "1"},
    "paths": {
        "/cases/{id}": {
            "parameters": [{"$ref": "#/components/parameters/id"}],
            "get": {
                "summary": "One case",
                "responses": {
                    "200": {
                        "description": "the | case",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Case"}}},
                    }
                },
            },
            "delete": {"responses": {"204": {"description": "erased"}}},
        }
    },
    "components": {
        "parameters": {
            "id": {
                "name": "id",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
            }
        },
        "schemas": {
            "Case": {"required": ["state"], "properties": {"state": {"type": "string", "enum": ["started"]}}}
        },
    },
}


def test_the_api_reference_describes_every_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXTENSIONS))
    openapi = importlib.import_module("openapi")
    lines = list(openapi.reference(SPECIFICATION))
    assert "| `id` | path | string (uuid) | required.  |" in lines
    assert "| 200 | [Case](#case) | the \\| case |" in lines
    assert "| `state` | `started` | required.  |" in lines
    held = [SPECIFICATION, *([json.loads(openapi.FILE.read_text())] if openapi.FILE.exists() else [])]
    for specification in held:
        lines = list(openapi.reference(specification))
        for path, item in specification["paths"].items():
            for method in item.keys() & set(openapi.METHODS):
                assert f"### {method.upper()} {path}" in lines
