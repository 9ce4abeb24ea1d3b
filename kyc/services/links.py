"""The private link to a case: signed, so that nothing need be stored and nobody can guess another's."""

from uuid import UUID

from django.core.signing import BadSignature, Signer

from kyc.models import Case

SIGNER_SALT = "sinwon.case-link"


def make(case: Case) -> str:
    """The token that stands in the link."""
    return Signer(salt=SIGNER_SALT).sign(case.pk.hex)


def resolve(token: str) -> Case | None:
    """The case of a link, or None for a forged or foreign one. Opening a link changes nothing."""
    try:
        return Case.objects.filter(pk=UUID(Signer(salt=SIGNER_SALT).unsign(token))).first()
    except (BadSignature, ValueError):
        return None
