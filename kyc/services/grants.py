"""Who holds which role: every change is a row with who, when and why; nobody gives a role to themselves alone."""

from uuid import UUID

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import QuerySet

from kyc.domain import rrn
from kyc.domain.actors import Actor, officer
from kyc.domain.roles import Role
from kyc.models import AuditEntry, RoleChange

Step = RoleChange.Step


class GrantRefused(Exception):
    """The change was not made; `code` has words in `kyc.wording_officers`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def give(*, account: User, role: Role, by: Actor, reason: str) -> RoleChange:
    """Gives a role; to oneself it is only asked for, and another administrator answers. Raises GrantRefused."""
    _require_reason(reason)
    if role.value in _held(account):
        raise GrantRefused("held_already")
    if by == officer(account.pk):
        if asked_for(account).filter(role=role).exists():
            raise GrantRefused("asked_already")
        return _write(account, role, Step.ASKED, by, reason)
    account.groups.add(Group.objects.get_or_create(name=role.value)[0])
    return _write(account, role, Step.GRANTED, by, reason)


@transaction.atomic
def take_away(*, account: User, role: Role, by: Actor, reason: str) -> RoleChange:
    """Raises GrantRefused."""
    _require_reason(reason)
    if role.value not in _held(account):
        raise GrantRefused("not_held")
    account.groups.remove(Group.objects.get(name=role.value))
    return _write(account, role, Step.REVOKED, by, reason)


@transaction.atomic
def answer(*, asked_id: UUID, agrees: bool, by: Actor, reason: str) -> RoleChange:
    """A second administrator agrees or declines. Raises GrantRefused."""
    _require_reason(reason)
    asked = open_askings().select_for_update(of=("self",)).filter(pk=asked_id).first()
    if asked is None:
        raise GrantRefused("answered_already")
    if by == officer(asked.account_id):
        raise GrantRefused("own_asking")
    role = Role(asked.role)
    if agrees:
        asked.account.groups.add(Group.objects.get_or_create(name=role.value)[0])
    step = Step.GRANTED if agrees else Step.DECLINED
    return _write(asked.account, role, step, by, reason, answers=asked)


def open_askings() -> QuerySet[RoleChange]:
    return RoleChange.objects.filter(step=Step.ASKED, answer=None).select_related("account")


def asked_for(account: User) -> QuerySet[RoleChange]:
    return open_askings().filter(account=account)


def _held(account: User) -> set[str]:
    return set(account.groups.values_list("name", flat=True))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise GrantRefused("reason_missing")


def _write(
    account: User,
    role: Role,
    step: RoleChange.Step,
    by: Actor,
    reason: str,
    answers: RoleChange | None = None,
) -> RoleChange:
    change = RoleChange.objects.create(
        account=account,
        role=role,
        step=step,
        actor=str(by),
        reason=rrn.mask_all(reason.replace("\0", "").strip())[:200],
        answers=answers,
    )
    data = {"account": account.pk, "role": role.value, "change": str(change.pk)}
    AuditEntry.append(f"role.{step.value}", by=by, data=data)
    return change
