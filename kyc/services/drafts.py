"""Drafts: what an officer had typed when their session ended comes back to them, and to nobody else, for an hour."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from kyc.models import Case, Draft
from kyc.vault import fields
from kyc.vault.keys import Refused

KEPT_FOR = timedelta(hours=1)
LONGEST = 20_000  # characters of the whole form: far more than every field at its longest


def keep(*, case: Case, account: User, form: Mapping[str, Sequence[str]]) -> bool:
    """Seals the form under the case's key, in place of an earlier one. False where there is nothing to seal it with."""
    text = json.dumps({name: list(values) for name, values in form.items()}, ensure_ascii=False)
    if len(text) > LONGEST:
        return False
    try:
        sealed = fields.seal_text(case.key(), text, identity=_identity(case, account))
    except Refused:
        return False
    Draft.objects.update_or_create(
        case=case, account=account, defaults={"sealed": sealed, "at": timezone.now()}
    )
    return True


def find(*, case: Case, account: User) -> Mapping[str, Sequence[str]]:
    """What this officer had typed on the case; {} where nothing is kept."""
    kept = Draft.objects.filter(case=case, account=account, at__gt=timezone.now() - KEPT_FOR).first()
    if kept is None:
        return {}
    try:
        text = fields.open_text(case.key(), bytes(kept.sealed), identity=_identity(case, account))
    except Refused:
        return {}
    form: dict[str, list[str]] = json.loads(text)
    return form


def drop(*, case: Case, account: User) -> None:
    """The officer is back at work on the case: the draft has served."""
    Draft.objects.filter(case=case, account=account).delete()


def tidy() -> int:
    return Draft.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _identity(case: Case, account: User) -> str:
    return f"draft:{case.pk}:{account.pk}"
