"""Officers and their roles. A role is a group of that name; what it may do stands in `kyc.domain.roles`."""

import secrets

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction

from kyc.domain.actors import Actor, officer
from kyc.domain.roles import Role, Verb, may
from kyc.models import AuditEntry, Case
from kyc.services import grants, sessions, signin

Account = User | AnonymousUser | AbstractBaseUser


class NotAllowed(Exception):
    """The officer's role does not include the verb."""

    def __init__(self, verb: Verb) -> None:
        super().__init__(f"this account's role may not {verb.value}")
        self.verb = verb


def roles_of(account: Account) -> frozenset[Role]:
    """The account's roles, looked up once per request: they are kept on the account object."""
    if not isinstance(account, User) or not account.is_active or not account.is_staff:
        return frozenset()
    known: frozenset[Role] | None = getattr(account, "_sinwon_roles", None)
    if known is None:
        names = set(account.groups.values_list("name", flat=True))
        known = frozenset(role for role in Role if role.value in names)
        account._sinwon_roles = known  # type: ignore[attr-defined]
    return known


def allowed(account: Account, verb: Verb) -> bool:
    return may(roles_of(account), verb)


def require(account: Account, verb: Verb) -> None:
    """Raises NotAllowed."""
    if not allowed(account, verb):
        raise NotAllowed(verb)


def actor(account: User) -> Actor:
    return officer(account.pk)


@transaction.atomic
def create(*, name: str, role: Role, by: Actor, reason: str = "by command") -> tuple[User, str]:
    """Makes an officer, or gives an existing one a new password and this one role; the password is shown once.

    A new password ends every session. Raises grants.GrantRefused, and changes nothing of one's own roles.
    """
    password = secrets.token_urlsafe(12)
    account, made = User.objects.get_or_create(username=name, defaults={"is_staff": True})
    account.set_password(password)
    account.is_staff = account.is_active = True
    account.save()
    signin.forgive(account)
    sessions.end(account=account, by=by)
    _hold_only(account, role, by, reason)
    AuditEntry.append(
        "officer.created" if made else "officer.password_reset",
        by=by,
        data={"account": account.pk, "role": role.value},
    )
    return account, password


def _hold_only(account: User, role: Role, by: Actor, reason: str) -> None:
    held = roles_of(User.objects.get(pk=account.pk))
    if by == actor(account) and role not in held:
        raise grants.GrantRefused("own_role")
    if role not in held:
        grants.give(account=account, role=role, by=by, reason=reason)
    for other in held - {role}:
        if by != actor(account):
            grants.take_away(account=account, role=other, by=by, reason=reason)


@transaction.atomic
def disable(*, account: User, by: Actor) -> None:
    """Switches an account off: out at its next request. A new password switches it on again."""
    if not account.is_active:
        return
    account.is_active = False
    account.save(update_fields=["is_active"])
    Case.objects.filter(assigned_to=account).update(assigned_to=None)  # nobody else would be offered them
    AuditEntry.append("officer.disabled", by=by, data={"account": account.pk})
    sessions.end(account=account, by=by)
