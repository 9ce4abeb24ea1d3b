"""The words of the pages on which administrators keep host systems, their keys and where they listen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kyc.domain.hosts import Scope

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SCOPES: Mapping[Scope, _StrPromise] = {
    Scope.CREATE: _("open verifications"),
    Scope.READ: _("see how they stand; nothing of the person"),
    Scope.IDENTIFY: _("record other ways of identification"),
    Scope.UPLOAD: _("send a picture on the customer's behalf"),
    Scope.ASK_AGAIN: _("ask the customer for another picture"),
    Scope.WITHDRAW: _("take a verification back"),
    Scope.ERASE: _("say that a relationship ended, and have data erased"),
    Scope.FIELDS: _("read approved fields, the number masked"),
    Scope.NUMBERS: _("read whole resident numbers, with a reason"),
    Scope.PICTURES: _("take the card's picture out, with a reason"),
    Scope.EVIDENCE: _("take the evidence of a verification out, with a reason"),
}

REFUSALS: Mapping[str, _StrPromise] = {
    "name": _("Write a name that no other system has."),
    "no_scope": _("Choose at least one thing that the key may do."),
    "days": _("A key lives between one day and two years."),
    "sandbox_off": _("The sandbox is switched off here."),
    "key_over": _("This key is over: make a new one."),
    "return_address": _("Write each return address in full, on its own line: https://bank.example/back."),
    "webhook_address": _(
        "Write the whole address, with https. Addresses of our own network stand in WEBHOOK_INNER."
    ),
    "unknown": _("That is not there any more, so nothing was changed."),
}
"""By `HostRefused.code`, and the page's own."""

FAILURES: Mapping[str, _StrPromise] = {
    "too_slow": _("no answer in time"),
    "no_connection": _("no connection, or an address of a private network"),
    "address_refused": _("the address may not be used"),
}


def failure(code: str) -> str:
    """Why an attempt failed; of a status, its number."""
    if code.startswith("status_"):
        return str(_("answered %(status)s") % {"status": code.removeprefix("status_")})
    return str(FAILURES.get(code, code))
