"""Readers of the environment: small, typed and loud. A bad value stops the start with a sentence that names it."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no: use 1 or 0.")
    return value in TRUE


def whole(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name}={value!r} must be a whole number of at least {least}.")
    return int(value)


def number(name: str, default: float) -> float:
    """A number above zero."""
    value = text(name, str(default))
    try:
        parsed = float(value)
    except ValueError as e:
        raise ImproperlyConfigured(f"{name}={value!r} is not a number.") from e
    if not parsed > 0:
        raise ImproperlyConfigured(f"{name}={value!r} must be above zero.")
    return parsed


def secret(name: str, file: Path) -> str:
    """The variable, or the file that `manage.py init` wrote, or '' before that."""
    if value := text(name):
        return value
    return file.read_text().strip() if file.exists() else ""
