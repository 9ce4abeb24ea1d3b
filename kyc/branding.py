"""The deployment's brand: name, logo, colours, texts and legal notices, from one JSON file (docs/branding.md)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from kyc.domain.contrast import LEAST_FOR_TEXT, Colour, contrast, mixed, parse, written

Words = Mapping[str, str]
"""The same words by language: `ko` and `en`."""

# The grounds of static/css/site.css that the leading colour stands on.
GROUNDS: Mapping[str, Mapping[str, Colour]] = {
    "light": {"sheet": (255, 255, 255), "ground": (245, 243, 238)},
    "dark": {"sheet": (26, 36, 41), "ground": (17, 24, 28)},
}
LOGOS = {".svg": "image/svg+xml", ".png": "image/png"}
LARGEST_LOGO = 40 * 1024  # the page is to stay light
TEXTS = frozenset({"start_title", "start_lead", "approved"})
KNOWN = frozenset({"name", "contact", "logo", "colours", "texts", "legal", "notices"})


class BrandWrong(Exception):
    """The file cannot be used; the sentence says where and what to do."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A legal notice in place of the product's own: its version and, by language, pairs of heading and words."""

    version: str
    parts: Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Brand:
    name: Words = field(default_factory=dict)
    contact: Words = field(default_factory=dict)
    logo: bytes = b""
    logo_type: str = ""
    css: str = ""
    texts: Mapping[str, Words] = field(default_factory=dict)
    legal: Sequence[tuple[Words, str]] = ()
    notices: Mapping[str, Notice] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Changes with logo and colours, so that browsers may keep both."""
        return hashlib.sha256(self.css.encode() + self.logo).hexdigest()[:12]


def brand() -> Brand:
    """The configured brand; one without anything where none is. Raises BrandWrong (the system check says it first)."""
    return _loaded(str(settings.BRAND)) if settings.BRAND else _NONE


def name() -> str:
    return spoken(brand().name) or str(settings.OPERATOR_NAME)


def contact() -> str:
    return spoken(brand().contact) or str(settings.OPERATOR_CONTACT)


def spoken(words: Words) -> str:
    """In the request's language."""
    return words.get((get_language() or settings.LANGUAGE_CODE)[:2], "")


def load(path: Path) -> Brand:
    """Raises BrandWrong."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        raise BrandWrong(f"BRAND: {path} cannot be read as JSON ({type(e).__name__})") from e
    if not isinstance(told, dict) or told.keys() - KNOWN:
        raise BrandWrong(f"BRAND: {path} may hold {', '.join(sorted(KNOWN))}, and nothing else")
    if unknown := _mapping(told, "texts").keys() - TEXTS:
        raise BrandWrong(
            f"BRAND: texts may hold {', '.join(sorted(TEXTS))}, not {', '.join(sorted(unknown))}"
        )
    logo, kind = _logo(path, told.get("logo"))
    return Brand(
        name=_words(told.get("name", {}), "name"),
        contact=_words(told.get("contact", {}), "contact"),
        logo=logo,
        logo_type=kind,
        css=_css(_mapping(told, "colours")),
        texts={key: _words(words, f"texts.{key}") for key, words in _mapping(told, "texts").items()},
        legal=[_link(entry) for entry in told.get("legal", [])],
        notices={code: _notice(code, notice) for code, notice in _mapping(told, "notices").items()},
    )


@lru_cache(maxsize=4)
def _loaded(path: str) -> Brand:
    return load(Path(path))


_NONE = Brand()


def _mapping(told: Any, key: str) -> Mapping[str, Any]:
    value = told.get(key, {}) if isinstance(told, dict) else None
    if not isinstance(value, dict):
        raise BrandWrong(f"BRAND: {key} must be an object")
    return value


def _words(told: Any, where: str) -> Words:
    """All languages or none: half a translation would show a customer the wrong name."""
    languages = [code for code, _ in settings.LANGUAGES]
    if not isinstance(told, dict) or (told and sorted(told) != sorted(languages)):
        raise BrandWrong(f"BRAND: {where} needs exactly the languages {', '.join(languages)}")
    if not all(isinstance(text, str) and text.strip() for text in told.values()):
        raise BrandWrong(f"BRAND: {where} has an empty text")
    return told


def _link(told: Any) -> tuple[Words, str]:
    url = told.get("url", "") if isinstance(told, dict) else ""
    if not isinstance(url, str) or not url.startswith("https://"):
        raise BrandWrong("BRAND: each entry of legal needs a title and a url that begins with https://")
    return _words(told.get("title", {}), "legal.title"), url


def _notice(code: str, told: Any) -> Notice:
    languages = [language for language, _ in settings.LANGUAGES]
    version = told.get("version") if isinstance(told, dict) else None
    if not isinstance(version, str) or not 0 < len(version) <= 20:
        raise BrandWrong(f"BRAND: notices.{code} needs a version of at most 20 letters")
    parts = {}
    for language in languages:
        pairs = told.get(language)
        if not isinstance(pairs, list) or not pairs or not all(_is_pair(pair) for pair in pairs):
            raise BrandWrong(f"BRAND: notices.{code}.{language} must be pairs of heading and words")
        parts[language] = tuple((str(heading), str(words)) for heading, words in pairs)
    return Notice(version, parts)


def _is_pair(told: Any) -> bool:
    return isinstance(told, list) and len(told) == 2 and all(isinstance(one, str) and one for one in told)


def _logo(path: Path, told: Any) -> tuple[bytes, str]:
    if told is None:
        return b"", ""
    kind = LOGOS.get(Path(str(told)).suffix.lower())
    try:
        data = (path.parent / str(told)).read_bytes()
    except OSError as e:
        raise BrandWrong(f"BRAND: the logo {told} cannot be read beside {path}") from e
    if kind is None or not 0 < len(data) <= LARGEST_LOGO:
        raise BrandWrong(f"BRAND: the logo must be an SVG or PNG of at most {LARGEST_LOGO // 1024} KB")
    return data, kind


def _css(told: Mapping[str, Any]) -> str:
    """The leading colour and its shades, for light and for dark. Raises BrandWrong where letters would be too faint."""
    rules = {mode: _shades(mode, told[mode]) for mode in GROUNDS if mode in told}
    if told.keys() - GROUNDS.keys() or (rules and len(rules) != len(GROUNDS)):
        raise BrandWrong("BRAND: colours needs light and dark, each with lead and lead_ink")
    if not rules:
        return ""
    return f":root {{ {rules['light']} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {rules['dark']} }} }}\n"


def _shades(mode: str, told: Any) -> str:
    try:
        lead, ink = parse(told["lead"]), parse(told["lead_ink"])
    except (KeyError, TypeError, ValueError) as e:
        raise BrandWrong(f"BRAND: colours.{mode} needs lead and lead_ink, each as #rrggbb") from e
    grounds = GROUNDS[mode]
    deep = mixed(lead, (0, 0, 0) if mode == "light" else (255, 255, 255), 0.22)
    pale = mixed(grounds["sheet"], lead, 0.12 if mode == "light" else 0.16)
    pairs = [("lead_ink", ink, "lead", lead), ("lead_ink", ink, "its deeper shade", deep)]
    pairs += [("lead", lead, f"the page's {where}", ground) for where, ground in grounds.items()]
    pairs.append(("lead", lead, "its pale shade", pale))
    for one, first, other, second in pairs:
        ratio = contrast(first, second)
        if ratio < LEAST_FOR_TEXT:
            said = f"{one} on {other} has a contrast of {ratio:.2f}; letters need {LEAST_FOR_TEXT}"
            raise BrandWrong(f"BRAND: colours.{mode}: {said}")
    shades = {"lead": lead, "lead-deep": deep, "lead-ink": ink, "lead-pale": pale}
    return " ".join(f"--{key}: {written(colour)};" for key, colour in shades.items())
