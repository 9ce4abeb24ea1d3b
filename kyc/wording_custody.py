"""The words of what happens to a finished case: the archive, retention, the monthly review of who saw what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kyc.domain.retention import Obstacle

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ARCHIVE_REASONS: Mapping[str, _StrPromise] = {
    "authority": _("An authority asks for it"),
    "dispute": _("A dispute or a claim"),
    "subject": _("The person asks about it"),
    "audit": _("An audit of how the case was handled"),
}
"""Why an auditor opens a case that only a law keeps."""

OBSTACLES: Mapping[Obstacle, _StrPromise] = {
    Obstacle.LEGAL_HOLD: _("A legal hold keeps it. Lift the hold first."),
    Obstacle.RELATIONSHIP_LASTS: _("The relationship lasts: say first when it ended."),
    Obstacle.KEPT_BY_LAW: _("A law keeps it still."),
}
"""Why a case may not be erased now."""

BLIND_LOOK_OPEN = _(
    "A second officer has not formed their own view of this case yet, and the export would tell them the first one's. "
    "Export it once they have decided."
)

OUTLIERS: Mapping[str, _StrPromise] = {
    "many": _("far more looks than the others"),
    "unworked": _("cases looked at and not worked on"),
    "odd_hours": _("looks at night or on a weekend"),
    "export": _("an export"),
}
"""What the monthly review points at."""

NOT_SIGNED: Mapping[str, _StrPromise] = {
    "note_missing": _("Write what you looked at and what you found: the note is what you sign."),
    "not_over": _("This month is not over."),
    "nothing": _("Nobody saw anything in this month."),
    "signed": _("This month is signed already."),
}
"""Why a month was not signed."""
