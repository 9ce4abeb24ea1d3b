"""The words of the pages of figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kyc.domain.measures import HOUR_STEPS, Share, Source
from kyc.domain.provenance import Outcome
from kyc.domain.risk import Risk

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

DECIDED: Mapping[Outcome, _StrPromise] = {
    Outcome.APPROVE: _("approved"),
    Outcome.REJECT: _("rejected"),
    Outcome.RETAKE: _("another picture asked"),
}

RISKS: Mapping[Risk, _StrPromise] = {
    Risk.HIGH: _("a serious finding"),
    Risk.LOW: _("worth a look"),
    Risk.INFO: _("for information only"),
    Risk.NONE: _("no finding"),
}

AGES: Mapping[str, _StrPromise] = {
    "day": _("up to a day"),
    "three": _("1 to 3 days"),
    "week": _("3 to 7 days"),
    "older": _("longer than a week"),
}

LOOKED: Mapping[str, _StrPromise] = {"agreed": _("agreed"), "sent_back": _("sent back")}

SOURCES: Mapping[Source, _StrPromise] = {
    Source.REVIEW: _("officers' corrections"),
    Source.BLIND: _("blind double checks"),
}

PERIOD_REFUSALS: Mapping[str, _StrPromise] = {
    "no_day": _(
        "Write both days as year, month and day, for example 2026-11-01. The last 30 days are shown."
    ),
    "backwards": _("The first day lies after the last. The last 30 days are shown."),
    "too_long": _("A period is at most 366 days. The last 30 days are shown."),
    "future": _("The period lies in the future. The last 30 days are shown."),
}

BLIND_REFUSALS: Mapping[str, _StrPromise] = {
    "not_yours": _(
        "This check is done, or not yours: its case cannot be opened, or you had a part in its decision. "
        "What you typed was not needed any more."
    ),
    "register_down": _("The register of disclosures cannot be written now. Try again in a minute."),
}


def hours(bound: float) -> str:
    """A step of waiting: `1 to 2 hours`."""
    place = HOUR_STEPS.index(bound)
    if place + 1 == len(HOUR_STEPS):
        return gettext("%(low)s hours and more") % {"low": _plain(bound)}
    return gettext("%(low)s to %(high)s hours") % {
        "low": _plain(bound),
        "high": _plain(HOUR_STEPS[place + 1]),
    }


def percent(share: Share) -> str:
    """`98.2 %`, or a dash where nothing was counted."""
    return "–" if share.value is None else f"{share.value * 100:.1f} %"


def interval(share: Share) -> str:
    """`97.1–98.9 %`."""
    low, high = share.interval
    return f"{low * 100:.1f}–{high * 100:.1f} %" if share.whole else "–"


def _plain(number: float) -> str:
    return f"{number:g}"
