"""The words of the API's refusals. Hosts' engineers read them, and show some of them to their own users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PROBLEMS: Mapping[str, tuple[int, _StrPromise]] = {
    "invalid": (422, _("Something in the request is not as it must be. See `errors`.")),
    "not_json": (400, _("The body is not JSON.")),
    "not_understood": (400, _("The request could not be understood.")),
    "key_missing": (401, _("Send your key: `Authorization: Bearer sinwon_…`.")),
    "key_unknown": (401, _("This key is not one of ours.")),
    "key_expired": (401, _("This key has expired. Ask an administrator for a new one.")),
    "key_revoked": (401, _("This key was revoked. Ask an administrator for a new one.")),
    "sandbox_off": (401, _("The sandbox is switched off here.")),
    "scope": (403, _("This key may not do that: its scopes do not include it.")),
    "not_found": (404, _("There is nothing here, or it is not yours.")),
    "method": (405, _("This address does not answer that method.")),
    "wrong_state": (409, _("The verification is in a state that does not allow this.")),
    "not_approved": (409, _("There are no approved fields: the verification is not approved.")),
    "archived": (
        409,
        _("The relationship is over: only a law keeps this verification, and nobody reads it."),
    ),
    "gone": (409, _("Everything of this verification was destroyed.")),
    "held": (409, _("An officer is working on it at this moment. Try again later.")),
    "kept_legal_hold": (409, _("It cannot be erased: a legal hold keeps it.")),
    "kept_relationship_lasts": (
        409,
        _("It cannot be erased: the relationship lasts, or nobody said that it ended."),
    ),
    "kept_kept_by_law": (409, _("It cannot be erased yet: a law keeps it.")),
    "too_large": (413, _("The body is too large.")),
    "key_reused": (422, _("This Idempotency-Key was used for another request already. Use a new one.")),
    "cursor": (422, _("This cursor is not one of your list's. Begin at the first page.")),
    "reference_personal": (
        422,
        _("The reference looks like a resident number. Use a name of your own that tells nothing."),
    ),
    "return_address": (422, _("This return address is not on your list. An administrator adds addresses.")),
    "legal_basis": (422, _("This deployment does not know that legal basis.")),
    "outcome_real": (422, _("An outcome can be chosen in the sandbox alone.")),
    "notices_missing": (
        422,
        _("Show the customer the notices first, and say so with `notices_shown`: nobody may skip them."),
    ),
    "wrong_date": (422, _("A relationship ends neither in the future nor before its verification began.")),
    "picture": (422, _("This picture cannot be used.")),
    "too_many": (429, _("Too many requests. Wait as long as `Retry-After` says.")),
    "too_many_cases": (
        429,
        _("This key took data of too many verifications within an hour. It stands in the audit chain."),
    ),
    "server": (500, _("Something went wrong on our side. Nothing was changed; try again.")),
    "register_down": (
        503,
        _("The register of disclosures cannot be written, so nothing is shown. Try again later."),
    ),
    "storage_down": (503, _("The storage does not answer. Nothing was changed; try again later.")),
}
"""Each code's status and sentence."""

FAULTS: Mapping[str, _StrPromise] = {
    "extra_forbidden": _("There is no such field."),
    "missing": _("This field is missing."),
    "string_too_long": _("This text is too long."),
    "string_too_short": _("This text is too short."),
    "string_pattern_mismatch": _("This text has characters that it must not have."),
    "enum": _("This is none of the values that it may have."),
    "literal_error": _("This is none of the values that it may have."),
    "greater_than_equal": _("This number is too small."),
    "less_than_equal": _("This number is too large."),
    "too_short": _("The list is too short."),
    "too_long": _("The list is too long."),
}
"""What is wrong with one field, by the validator's own word; everything else is of the wrong type."""

WRONG_TYPE = _("This is of the wrong type.")
