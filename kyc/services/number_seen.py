"""Whoever says that a number is right has looked at it: the disclosure register tells."""

from django.contrib.auth.models import User

from kyc.domain.facts import Field
from kyc.models import Case, Disclosure, FieldValue
from kyc.services.refusals import NumberUnseen


def require_number_seen(*, case: Case, value: FieldValue, by: User) -> None:
    """A number is confirmed, and its approval seconded, only by an officer who was shown it as it stands.

    Raises NumberUnseen. Other fields are shown with the page.
    """
    if value.field != Field.RRN:
        return
    looks = Disclosure.objects.filter(case_id=case.pk, what=Disclosure.What.NUMBER, by=by, at__gte=value.at)
    if not looks.exists():
        raise NumberUnseen
