"""Private files that stand whole or not at all, even after kill -9."""

import os
from pathlib import Path


def write_once(path: Path, text: str) -> None:
    """A new file, mode 0600. Raises FileExistsError."""
    part = _written(path, text)
    try:
        os.link(part, path)
    finally:
        part.unlink(missing_ok=True)


def replace(path: Path, text: str) -> None:
    """The file with another content, mode 0600: who reads meanwhile sees the old one or the new one, whole."""
    part = _written(path, text)
    try:
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _written(path: Path, text: str) -> Path:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return part
