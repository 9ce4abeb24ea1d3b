"""The steps of the way, as the progress indicator shows them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Step(IntEnum):
    START = 1
    NOTICES = 2
    PICTURE = 3
    CHECK = 4
    RESULT = 5


NAMES: dict[Step, _StrPromise] = {
    Step.START: _("Start"),
    Step.NOTICES: _("Notices"),
    Step.PICTURE: _("Picture"),
    Step.CHECK: _("Check"),
    Step.RESULT: _("Result"),
}


def steps(now: Step, *, done: bool = False) -> dict[str, object]:
    """The context of `onboarding/steps.html`: each step with where it stands."""
    rows = [
        {
            "number": int(step),
            "name": name,
            "place": "done" if step < now or done else "now" if step == now else "later",
        }
        for step, name in NAMES.items()
    ]
    return {"steps": rows, "step": int(now), "step_name": NAMES[now], "last_step": len(NAMES)}
