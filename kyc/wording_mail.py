"""The words of the mails to customers and of their failures. Nothing in them is of a person, nor how it was decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kyc import branding
from kyc.domain.contacts import ContactFault
from kyc.domain.mails import Event

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# Subjects stand on locked screens: what happened, and nothing of how.
_SUBJECTS: Mapping[Event, _StrPromise] = {
    Event.RECEIVED: gettext_lazy("We have received everything"),
    Event.ANOTHER_PICTURE: gettext_lazy("Another picture is needed"),
    Event.DECIDED: gettext_lazy("There is a result"),
    Event.WITHDRAWN: gettext_lazy("Your application was withdrawn"),
    Event.EXPIRED: gettext_lazy("Your application was closed"),
    Event.CODE: gettext_lazy("Your code"),
}
_SENTENCES: Mapping[Event, _StrPromise] = {
    Event.RECEIVED: gettext_lazy(
        "Your application is complete. A person checks it, usually within a working day."
    ),
    Event.ANOTHER_PICTURE: gettext_lazy(
        "The picture will not do. The page says why, and takes another one at once."
    ),
    Event.DECIDED: gettext_lazy("Your application was decided. The page says how, and what you can do."),
    Event.WITHDRAWN: gettext_lazy(
        "Nobody will work on it any more. The page holds your receipt, and says until when what you sent is destroyed; "
        "the receipt for that stands there afterwards. This address is destroyed with it, so this is our last e-mail."
    ),
    Event.EXPIRED: gettext_lazy("No picture came in time. You can begin a new application at any time."),
    Event.CODE: gettext_lazy("Type this code on the page that asked for it. It works for ten minutes:"),
}

FAILURES: Mapping[str, _StrPromise] = {
    "too_slow": gettext_lazy("no answer in time"),
    "no_connection": gettext_lazy("no connection to the mail server"),
    "sign_in": gettext_lazy("the mail server refused our sign-in"),
    "refused": gettext_lazy("the mail server refused the address for good"),
    "not_taken": gettext_lazy("the mail server did not take it"),
    "register": gettext_lazy("the disclosure register could not be written"),
    "unreadable": gettext_lazy("the address could not be opened"),
    "late": gettext_lazy("the code was too old before it left"),
}
"""By the code in a mail's row."""

EVENTS: Mapping[Event, _StrPromise] = {
    Event.RECEIVED: gettext_lazy("received"),
    Event.ANOTHER_PICTURE: gettext_lazy("another picture"),
    Event.DECIDED: gettext_lazy("decided"),
    Event.WITHDRAWN: gettext_lazy("withdrawn"),
    Event.EXPIRED: gettext_lazy("expired"),
    Event.CODE: gettext_lazy("code"),
}

FAULTS: Mapping[ContactFault, _StrPromise] = {
    ContactFault.EMPTY: gettext_lazy("Write an e-mail address, or go on without one."),
    ContactFault.LONG: gettext_lazy("This is longer than any e-mail address."),
    ContactFault.NO_AT: gettext_lazy(
        "An e-mail address has an @ in the middle: name@example.kr. Please look again."
    ),
    ContactFault.NO_ENDING: gettext_lazy(
        "The end of the address is missing, such as .kr or .com. Please look again."
    ),
    ContactFault.CHARACTERS: gettext_lazy(
        "This has letters or signs that no e-mail address has, an emoji or hangul before the @ for example. "
        "Please write it as in name@example.kr."
    ),
}
"""What to do about an address that cannot be one."""


def subject(event: Event) -> str:
    return f"{branding.name()}: {_SUBJECTS[event]}"


def body(event: Event, *, link: str = "", code: str = "") -> str:
    """In the language that is active: what happened, where to look, and what to do who expected nothing."""
    shown = f"{code[:4]} {code[4:]}" if code else link
    ends = [
        _("Nobody of ours will ever ask you for it.")
        if code
        else _("The page shows how it stands, and nothing of your card."),
        _("If you did not leave this address with us, delete this e-mail: it says nothing about anybody."),
    ]
    sender = branding.name() + (f" · {branding.contact()}" if branding.contact() else "")
    return "\n\n".join([_("Hello,"), str(_SENTENCES[event]), shown, "\n".join(ends), sender]) + "\n"


def failure(code: str) -> str:
    return str(FAILURES.get(code, code))
