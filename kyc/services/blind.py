"""Blind double checks: of some approved cases another officer types the fields, seeing the picture alone."""

import random
from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from kyc.domain.facts import Field, FieldError
from kyc.domain.lifecycle import State
from kyc.domain.measures import Source
from kyc.domain.provenance import Step
from kyc.domain.reading_rules import essence
from kyc.domain.roles import Verb
from kyc.models import AuditEntry, BlindCheck, Case, Decision
from kyc.services import basis, custody, judging
from kyc.services.officers import actor, require


class NotYours(Exception):
    """The check is done, its case cannot be opened any more, or the officer had a part in its decision."""


class FieldsRefused(Exception):
    """What was typed cannot stand in these fields; nothing was kept."""

    def __init__(self, errors: Mapping[Field, FieldError]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def draw(case: Case) -> None:
    """In the approval's transaction: BLIND_CHECK_PERCENT of the approved cases are drawn by chance."""
    if not case.drill and random.uniform(0, 100) < settings.BLIND_CHECK_PERCENT:  # noqa: S311 - a sample, no secret
        BlindCheck.objects.get_or_create(case=case)


def next_check(*, by: User) -> BlindCheck | None:
    """The oldest that waits for somebody who had no part in the case. Raises NotAllowed."""
    require(by, Verb.REVIEW)
    return _open_to(by).order_by("asked_at").first()


def waiting(*, by: User) -> bool:
    return _open_to(by).exists()


def open_check(*, check_id: int, by: User) -> BlindCheck:
    """Raises NotAllowed, NotYours."""
    require(by, Verb.REVIEW)
    check = _open_to(by).filter(pk=check_id).first()
    if check is None:
        raise NotYours
    return check


@transaction.atomic
def answer(*, check_id: int, typed: Mapping[Field, str], by: User) -> list[Field]:
    """Keeps on which fields the two people differ, and judges the readers where they agree.

    Raises NotAllowed, NotYours, FieldsRefused.
    """
    check = open_check(check_id=check_id, by=by)
    case = Case.objects.select_for_update().get(pk=check.case_id)
    seen, errors = {}, {}
    for field in basis.fields_of(case):
        try:
            seen[field] = basis.normalise(case, field, typed.get(field, ""))
        except FieldError as e:
            errors[field] = e
    if errors:
        raise FieldsRefused(errors)
    key = case.key()
    approved = {
        Field(row.field): custody.open_value(key, row)
        for row in case.values.filter(step=Step.APPROVED).order_by("at")
    }
    differs = [f for f in seen if essence(f, seen[f]) != essence(f, approved.get(f, ""))]
    told = {"by": by, "done_at": timezone.now(), "differs": [field.value for field in differs]}
    if BlindCheck.objects.filter(pk=check.pk, done_at=None).update(**told) != 1:
        raise NotYours
    agreed = {field: text for field, text in seen.items() if field not in differs}
    judging.judge(case=case, key=key, settled=agreed, source=Source.BLIND)
    AuditEntry.append("case.checked_blind", by=actor(by), case_id=case.pk, data={"differs": told["differs"]})
    return differs


def _open_to(by: User) -> QuerySet[BlindCheck]:
    part = Decision.objects.filter(Q(by=by) | Q(seconded_by=by), case=OuterRef("case"))
    checks = BlindCheck.objects.filter(~Exists(part), done_at=None, case__state=State.APPROVED)
    return checks.select_related("case")
