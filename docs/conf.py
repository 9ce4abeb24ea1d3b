"""How Sphinx makes the site at /docs/ from this folder (`make docs`; strictly in the checks). Why it: decision 55."""

import sys
import tomllib
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS / "_extensions"))

project = "Sinwon"
release = tomllib.loads((DOCS.parent / "pyproject.toml").read_text())["project"]["version"]
extensions = ["myst_parser", "screenshot", "openapi", "pages"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_theme", "_extensions", "*-notes.md", "performance-memory*.md"]  # parts of other pages
language = "en"  # the pages' own language stands in their first lines (`lang: ko`)

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

highlight_language = "none"
html_theme = "sinwon"
html_theme_path = ["_theme"]
html_static_path = ["../static/img/mark.svg"]
html_copy_source = False
html_use_index = False
html_domain_indices = False
html_permalinks_icon = "#"
templates_path: list[str] = []
