"""The words of the queue: its order, its filters' refusals, and what became of many cases at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kyc.domain.risk import HEAD_START, Risk

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NEWEST_FIRST = _("In order: the newest first.")
UNKNOWN_FILTER = _("The address named a filter that does not exist. It was left out.")

VIEW_REFUSALS: Mapping[str, _StrPromise] = {
    "no_name": _("Give your filters a name, so that you find them again. Nothing was kept."),
    "no_filter": _("Choose a filter first, then keep it under a name. Nothing was kept."),
    "too_many": _("You keep 20 sets of filters already. Forget one first. Nothing was kept."),
}

SKIPPED: Mapping[str, _StrPromise] = {
    "not_in_review": _("not in review"),
    "held": _("held by another officer"),
    "own_proposal": _(
        "waits for somebody else than this officer, who proposed the decision, looked at it or settled a value"
    ),
    "cannot_second": _("waits for an officer who may agree with decisions"),
    "asked_already": _("read, or being read, by this reader already"),
    "no_consent": _("the customer did not agree to the transfer abroad"),
    "no_picture": _("no picture"),
}
"""Why a case was left as it was."""

NOTHING_CHOSEN = _("No case was chosen. Tick the cases first. Nothing was changed.")
NO_OFFICER = _("Choose the officer who gets the cases. Nothing was changed.")
NO_READER = _("Choose one of the configured readers. Nothing was changed.")


def order() -> str:
    """One line that says in which order cases come."""
    hours = {risk: int(start.total_seconds() // 3600) for risk, start in HEAD_START.items()}
    return gettext(
        "In order of the due date. A case with a serious finding counts as due %(high)d hours earlier, "
        "one worth a look as due %(low)d hour earlier."
    ) % {"high": hours[Risk.HIGH], "low": hours[Risk.LOW]}


def skipped(counts: Mapping[str, int]) -> str:
    """`2 left as they were: held by another officer.`"""
    return " ".join(
        gettext("%(count)d left as it was: %(why)s.") % {"count": count, "why": SKIPPED[code]}
        for code, count in counts.items()
    )
