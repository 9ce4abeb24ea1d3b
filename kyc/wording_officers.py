"""The words of officers' accounts: why a change of rights was refused, its steps, and why a register is exported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kyc.models import RoleChange
from kyc.services.authenticators import Kind

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

REFUSALS: Mapping[str, _StrPromise] = {
    "reason_missing": _("Write why. Nothing was changed."),
    "held_already": _("This officer has that role already."),
    "not_held": _("This officer does not have that role."),
    "asked_already": _("You asked for this role already. Another administrator must answer."),
    "answered_already": _("This was answered already, or never asked."),
    "own_asking": _("You asked for this yourself: another administrator must answer."),
    "own_role": _(
        "Nobody gives themselves a role alone. Ask for it on the page of your own account among the officers; another "
        "administrator answers."
    ),
    "own_account": _("You cannot do this to your own account: ask another administrator."),
}
"""By `GrantRefused.code`, and the page's own."""

STEPS: Mapping[str, _StrPromise] = {
    RoleChange.Step.GRANTED.value: _("given"),
    RoleChange.Step.REVOKED.value: _("taken away"),
    RoleChange.Step.ASKED.value: _("asked for oneself"),
    RoleChange.Step.DECLINED.value: _("declined"),
}

FACTORS: Mapping[Kind, _StrPromise] = {
    Kind.APP: _("Authenticator app"),
    Kind.PASSKEY: _("Passkey"),
    Kind.CODES: _("Recovery codes"),
}

EXPORT_REASONS: Mapping[str, _StrPromise] = {
    "access_review": _("Monthly review of accesses"),
    "data_subject": _("A customer asks who saw their data"),
    "incident": _("An incident or a suspicion"),
    "authority": _("An authority or external auditor asks"),
}
"""Why an auditor takes a register out of the product; the codes stand in the audit chain."""
