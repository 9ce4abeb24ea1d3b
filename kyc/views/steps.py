"""The steps of the way, as the progress indicator shows them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Step(IntEnum):
    START = 1
    NOTICES = 2
    CONTACT = 3
    PICTURE = 4
    CHECK = 5
    RESULT = 6


NAMES: dict[Step, _StrPromise] = {
    Step.START: _("Start"),
    Step.NOTICES: _("Notices"),
    Step.CONTACT: _("Contact"),
    Step.PICTURE: _("Picture"),
    Step.CHECK: _("Check"),
    Step.RESULT: _("Result"),
}


def steps(now: Step, *, done: bool = False) -> dict[str, object]:
    """The context of `onboarding/steps.html`: each step with where it stands; no contact where no mail leaves."""
    taken = [step for step in Step if settings.MAILS or step is not Step.CONTACT]
    rows = [
        {
            "number": number,
            "name": NAMES[step],
            "place": "done" if step < now or done else "now" if step == now else "later",
        }
        for number, step in enumerate(taken, 1)
    ]
    return {
        "steps": rows,
        "step": taken.index(now) + 1,
        "step_name": NAMES[now],
        "last_step": len(taken),
    }
