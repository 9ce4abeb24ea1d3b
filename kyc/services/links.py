"""The private link to a case: signed, so that nothing need be stored and nobody can guess another's."""

from uuid import UUID

from django.core.signing import BadSignature, Signer

from kyc.models import Case
from kyc.services import guesses
from kyc.services.guesses import Count

SIGNER_SALT = "sinwon.case-link"
FREE = 60  # wrong links of an address before it waits: a mobile network's customers share one


def make(case: Case) -> str:
    """The token that stands in the link."""
    return Signer(salt=SIGNER_SALT).sign(case.pk.hex)


def follow(*, token: str, address: str | None) -> Case | None:
    """As `resolve`; an address that tries many wrong links waits, for right ones too. Raises guesses.Waiting."""
    counts = [Count(f"link:{guesses.neighbourhood(address)}", FREE)] if address else []
    guesses.require_free(counts)
    case = resolve(token)
    if case is None:
        guesses.begin(counts)
    return case


def resolve(token: str) -> Case | None:
    """The case of a link, or None for a forged or foreign one. Opening a link changes nothing."""
    try:
        return Case.objects.filter(pk=UUID(Signer(salt=SIGNER_SALT).unsign(token))).first()
    except (BadSignature, ValueError):
        return None
