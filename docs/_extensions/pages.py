"""What pages get beside their text: the root's files as pages, tables and code that scroll by keyboard."""

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

ROOT = Path(__file__).resolve().parents[2]
# Files that GitHub wants at the root, and the page on which each stands here.
AT_THE_ROOT = {
    "contributing": "CONTRIBUTING.md",
    "changelog": "CHANGELOG.md",
    "notices": "THIRD_PARTY_NOTICES.md",
    "vulnerabilities": "SECURITY.md",
}
# Pages about connecting another system: each stands in the list after the reference once its file is there.
CONNECTING = ("api", "embedding", "webhooks", "client")


def complete(app: Sphinx, page: str, source: list[str]) -> None:
    """Puts the root's file in the place of the page that points at it, with its links turned to match."""
    if page == "index":
        there = [name for name in CONNECTING if (ROOT / "docs" / f"{name}.md").exists()]
        source[0] = source[0].replace("\napi-reference\n", "\n".join(["", "api-reference", *there, ""]))
    if page in AT_THE_ROOT:
        text = (ROOT / AT_THE_ROOT[page]).read_text()
        for name, file in AT_THE_ROOT.items():
            text = text.replace(f"]({file}", f"]({name}.md")
        source[0] = re.sub(r"\]\(docs/", "](", text)


class Translator(HTML5Translator):
    def visit_table(self, node: nodes.Element) -> None:
        label = "표" if self.builder.current_docname.endswith("-ko") else "Table"
        self.body.append(f'<div class="wide" role="group" aria-label="{label}" tabindex="0">')
        super().visit_table(node)

    def visit_literal_block(self, node: nodes.Element) -> None:
        try:
            super().visit_literal_block(node)
        finally:  # it ends by telling docutils to skip what is inside
            self.body[-1] = self.body[-1].replace("<pre>", '<pre tabindex="0">')

    def depart_table(self, node: nodes.Element) -> None:
        super().depart_table(node)
        self.body.append("</div>")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("source-read", complete)
    app.set_translator("html", Translator)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
