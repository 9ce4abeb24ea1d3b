"""How the evidence's plain values are told on paper, in the language that is active."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kyc import wording, wording_review
from kyc.domain.facts import Field
from kyc.domain.rrn import Sex

_SEXES = frozenset(Sex)


def value(name: Field, text: str) -> str:
    """The value; the sex, of which the product keeps a code, in words."""
    return str(wording.SEXES[Sex(text)]) if name is Field.SEX and text in _SEXES else text or "–"


def giver(told: Mapping[str, Any]) -> str:
    """Who gave a value: a reader by its name, else whose step it was."""
    return wording_review.reader(told["reader"]) if told["by"] == "reader" else actor(told["by"])


def actor(told: str) -> str:
    """`officer:3` in words; a host's key by the digits that the register begins with."""
    kind, _colon, name = told.partition(":")
    words = {
        "customer": _("Customer"),
        "officer": _("Officer no. %(name)s"),
        "host": _("Host, key %(name)s"),
        "system": _("The product (%(name)s)") if name else _("The product"),
    }
    return words.get(kind, told) % {"name": name[:8] if kind == "host" else name}


def by_officer(number: int | None, at: str | None) -> str:
    return "–" if number is None else f"{actor(f'officer:{number}')}\n{moment(at)}"


def moment(told: str | None) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(told)):%Y-%m-%d %H:%M:%S}" if told else "–"
