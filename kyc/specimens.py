"""The invented cards of the demonstration: files in static/specimens, offered where LEGAL_BASIS is `demo`."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

FOLDER = Path(settings.BASE_DIR) / "static" / "specimens"


@dataclass(frozen=True, slots=True)
class Specimen:
    """`file` is its name in static/specimens; `alt` says what it shows, in the request's language."""

    file: str
    alt: str

    @property
    def static(self) -> str:
        return f"specimens/{self.file}"

    def read(self) -> bytes:
        return (FOLDER / self.file).read_bytes()


def offered() -> list[Specimen]:
    """Those that are offered here: none where real cards are taken."""
    if settings.LEGAL_BASIS != settings.DEMO_BASIS:
        return []
    try:
        index: list[dict[str, Any]] = json.loads((FOLDER / "index.json").read_text())
    except OSError:
        return []
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    return [Specimen(file=entry["file"], alt=entry["alt"][language]) for entry in index]


def named(file: str) -> Specimen | None:
    """The specimen of that name; what is not on the list does not exist, whatever lies on the disk."""
    return next((specimen for specimen in offered() if specimen.file == file), None)
