"""The directive `openapi`: the reference of the REST API, from docs/openapi.json, as tables without a script.

Where the file is not there (yet), the page says so.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from sphinx.application import Sphinx

FILE = Path(__file__).resolve().parent.parent / "openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")
ABSENT = "This version of the product has no REST API: `docs/openapi.json` is not there."


def reference(specification: dict[str, Any]) -> Iterator[str]:
    """The lines of MyST that describe every operation, then every schema."""
    yield from (f"{specification['info']['title']} {specification['info']['version']}.", "")
    yield "## Operations"
    for path, item in specification["paths"].items():
        for method in METHODS:
            if method in item:
                yield from _operation(method, path, item[method], item.get("parameters", []), specification)
    schemas = specification.get("components", {}).get("schemas", {})
    yield from ("", "## Schemas")
    for name, schema in schemas.items():
        yield from ("", f"### {name}", "", _line(schema.get("description", "")), "")
        yield from _fields(schema)


def _operation(
    method: str, path: str, told: dict[str, Any], shared: list[dict[str, Any]], specification: dict[str, Any]
) -> Iterator[str]:
    yield from ("", f"### {method.upper()} {path}", "", _line(told.get("summary", "")), "")
    if described := told.get("description", ""):
        yield from (described, "")
    parameters = [_resolved(p, specification) for p in (*shared, *told.get("parameters", []))]
    if parameters:
        yield from ("", "| parameter | where | type | what it says |", "|---|---|---|---|")
        for p in parameters:
            needed = "required. " if p.get("required") else ""
            kind = _kind(p.get("schema", {}))
            yield f"| `{p['name']}` | {p['in']} | {kind} | {needed}{_line(p.get('description', ''))} |"
        yield ""
    body = _resolved(told.get("requestBody", {}), specification).get("content", {})
    for media, content in body.items():
        yield from (f"Body: `{media}`, {_kind(content.get('schema', {}))}.", "")
    yield from ("", "| answer | body | what it says |", "|---|---|---|")
    for status, answer in told.get("responses", {}).items():
        answer = _resolved(answer, specification)
        kinds = [_kind(content.get("schema", {})) for content in answer.get("content", {}).values()]
        yield f"| {status} | {', '.join(dict.fromkeys(kinds))} | {_line(answer.get('description', ''))} |"
    yield ""


def _fields(schema: dict[str, Any]) -> Iterator[str]:
    if "enum" in schema:
        yield from ("One of " + ", ".join(f"`{value}`" for value in schema["enum"]) + ".", "")
    if properties := schema.get("properties"):
        needed = set(schema.get("required", []))
        yield from ("| field | type | what it says |", "|---|---|---|")
        for name, field in properties.items():
            word = "required. " if name in needed else ""
            yield f"| `{name}` | {_kind(field)} | {word}{_line(field.get('description', ''))} |"
        yield ""


def _resolved(node: dict[str, Any], specification: dict[str, Any]) -> dict[str, Any]:
    """`node`, or what its `$ref` points at inside the same file."""
    while "$ref" in node:
        found: Any = specification
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " or ".join(_kind(each) for each in schema[word])
    kind = schema.get("type", "any")
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _line(text: str) -> str:
    """On one line, as a cell of a table needs it."""
    return " ".join(text.split()).replace("|", "\\|")


class OpenApi(Directive):
    def run(self) -> list[nodes.Node]:
        self.state.document.settings.env.note_dependency(str(FILE))
        lines = list(reference(json.loads(FILE.read_text()))) if FILE.exists() else [ABSENT]
        holder = nodes.Element()
        self.state.nested_parse(StringList(lines, FILE.name), self.content_offset, holder, match_titles=True)
        return holder.children


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("openapi", OpenApi)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
