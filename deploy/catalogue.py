"""The translations, with Babel alone: `python deploy/catalogue.py update | check | compile`.

update   collects every marked text of the sources into locale/*/LC_MESSAGES/django.po
check    fails when a text is missing, untranslated, fuzzy, no longer used, or its placeholders differ
compile  makes the .mo files that Django reads, where they are older than their .po
"""

# ruff: noqa: T201 - a tool for the command line

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("kyc/**/*.py", "config/**/*.py", "templates/**/*.html", "templates/**/*.txt")
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def catalogues() -> list[Path]:
    """One for each language's folder, whether it is written yet or not."""
    return sorted(folder / "django.po" for folder in ROOT.glob("locale/*/LC_MESSAGES"))


def source_text(file: Path) -> str:
    """The file as Python: Django turns a template into calls of gettext, which any indentation may surround."""
    text = file.read_text()
    return text if file.suffix == ".py" else f"({templatize(text, origin=str(file))})"


def marked_texts() -> Catalog:
    """Every text marked for translation, with where it stands."""
    found = Catalog(fuzzy=False)
    for pattern in SOURCES:
        for file in sorted(ROOT.glob(pattern)):
            stream = io.BytesIO(source_text(file).encode())
            where = str(file.relative_to(ROOT))
            for line, text, comments, context in extract(
                "python", stream, KEYWORDS, ["Translators:"], {"encoding": "utf-8"}
            ):
                found.add(text, locations=[(where, line)], auto_comments=comments, context=context)
    return found


def load(file: Path) -> Catalog:
    if not file.exists():
        return Catalog(locale=file.parents[1].name, fuzzy=False)
    with file.open("rb") as stream:
        return read_po(stream, locale=file.parents[1].name)


def update() -> int:
    marked = marked_texts()
    for file in catalogues():
        catalogue = load(file)
        catalogue.update(marked, no_fuzzy_matching=True)
        catalogue.fuzzy, catalogue.project, catalogue.version = False, "Sinwon", ""
        with file.open("wb") as stream:
            write_po(
                stream, catalogue, width=110, include_lineno=False, ignore_obsolete=True, sort_by_file=True
            )
        missing = sum(not m.string for m in catalogue if m.id)
        print(f"{file.relative_to(ROOT)}: {len(catalogue)} texts, {missing} to translate")
    return 0


def faults(file: Path, marked: Catalog) -> Iterator[str]:
    catalogue = load(file)
    for message in marked:
        if message.id and catalogue.get(message.id, context=message.context) is None:
            yield f"not in the catalogue: {message.id!r} ({message.locations[0][0]})"
    for message in catalogue:
        if not message.id:
            continue
        if marked.get(message.id, context=message.context) is None:
            yield f"no longer used: {message.id!r}"
        strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if not all(strings):
            yield f"not translated: {message.id!r}"
        if message.fuzzy:
            yield f"fuzzy: {message.id!r}"
        for error in message.check(catalogue):
            yield f"{error}: {message.id!r}"


def check() -> int:
    marked = marked_texts()
    found = [f"{file.relative_to(ROOT)}: {fault}" for file in catalogues() for fault in faults(file, marked)]
    if not catalogues():
        found.append("locale/: no catalogue at all")
    print("\n".join(found) if found else f"catalogues: {len(marked)} texts, all translated")
    if found:
        print(f"{len(found)} faults. `make messages` collects new texts; then translate them.")
    return bool(found)


def compile_() -> int:
    for file in catalogues():
        made = file.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= file.stat().st_mtime:
            continue
        part = made.with_suffix(".mo.part")
        with part.open("wb") as stream:
            write_mo(stream, load(file))
        part.replace(made)
        print(f"compiled {made.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    verbs = {"update": update, "check": check, "compile": compile_}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit(__doc__)
    sys.exit(verbs[sys.argv[1]]())
