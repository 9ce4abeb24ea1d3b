"""The words of exports: their columns, and why nothing left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kyc import wording
from kyc.domain.facts import Field

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

COLUMNS: Mapping[str, _StrPromise] = {
    "case": _("Case"),
    "state": _("State"),
    "channel": _("Channel"),
    "opened": _("Opened"),
    "due": _("Due"),
    "risk": _("Gravest finding"),
    "findings": _("Findings"),
    "readers": _("Readers"),
    "given_to": _("Given to"),
    "outcome": _("Outcome"),
    "decided": _("Decided"),
    "decided_by": _("Decided by"),
    "seconded_by": _("Second officer"),
    "drill": _("Drill"),
} | {field.value: wording.FIELDS[field] for field in Field}

REFUSALS: Mapping[str, _StrPromise] = {
    "no_reason": _("Say in a few words what the file is for. It stands in the register. No file was made."),
    "nothing": _("There is no case to export: tick some, or change the filter. No file was made."),
    "too_many": _(
        "These are more than 2,000 cases, the most that one file holds. Narrow them with the filters."
    ),
    "no_format": _("Choose CSV or XLSX. No file was made."),
}


def beyond_measure(limit: str, left: int) -> str:
    """Why a file was not made that one officer's hour has no room for, and how much room there is."""
    if limit == "numbers":
        words = ngettext(
            "No file was made, and that is recorded: it would hold more full numbers than one officer may see within "
            "an hour. %(left)d further one is left now. Choose fewer cases, leave the numbers masked, or go on in a "
            "while.",
            "No file was made, and that is recorded: it would hold more full numbers than one officer may see within "
            "an hour. %(left)d further ones are left now. Choose fewer cases, leave the numbers masked, or go on in a "
            "while.",
            left,
        )
    else:
        words = ngettext(
            "No file was made, and that is recorded: it would hold more cases than one officer may take out within an "
            "hour. %(left)d further one is left now. Choose fewer cases, or go on in a while.",
            "No file was made, and that is recorded: it would hold more cases than one officer may take out within an "
            "hour. %(left)d further ones are left now. Choose fewer cases, or go on in a while.",
            left,
        )
    return words % {"left": left}
