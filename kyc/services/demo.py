"""The demonstration's officers: one of each role, with an authenticator app that the command line can stand in for."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from kyc.domain.actors import Actor, Kind
from kyc.domain.roles import Role
from kyc.models import AuditEntry
from kyc.services import authenticators, officers

COMMAND = Actor(Kind.SYSTEM, "officers")


class NoDemo(Exception):
    """Demo officers exist only where invented cards are taken."""


@dataclass(frozen=True, slots=True)
class Officer:
    """What a demo officer signs in with; `otpauth` is what an authenticator app reads."""

    name: str
    password: str
    otpauth: str
    code: str


def require_demo() -> None:
    """Raises NoDemo."""
    if settings.LEGAL_BASIS != settings.DEMO_BASIS:
        raise NoDemo(
            "Demo officers exist only with LEGAL_BASIS=demo. Use `manage.py officer NAME --role ROLE`."
        )


def existing() -> QuerySet[User]:
    return User.objects.filter(username__in=[role.value for role in Role])


@transaction.atomic
def make(role: Role) -> Officer:
    """A demo officer of the role's name, with a new password and a new app. Raises NoDemo."""
    require_demo()
    account, password = officers.create(name=role.value, role=role, by=COMMAND, reason="demonstration")
    secret = authenticators.new_secret()
    authenticators.set_app(account, secret)
    AuditEntry.append("second_factor.added", by=COMMAND, data={"account": account.pk, "factor": "totp"})
    return Officer(
        account.get_username(), password, authenticators.app_address(account, secret), code_of(account)
    )


def code_of(account: User) -> str:
    """A code that opens now and was not used yet; '' where the next one is to come, or the app was replaced."""
    return authenticators.next_code(account)


def seconds_left() -> int:
    """Until the next code."""
    return authenticators.PERIOD - int(time.time()) % authenticators.PERIOD


def still_active() -> list[str]:
    """Demo officers that may sign in: none should, outside the demonstration."""
    made = AuditEntry.objects.filter(actor=str(COMMAND), action="officer.created").values_list(
        "data", flat=True
    )
    ids = [data["account"] for data in made]
    return list(
        User.objects.filter(pk__in=ids, is_active=True)
        .order_by("username")
        .values_list("username", flat=True)
    )


def remove() -> list[str]:
    """Switches them off; their names."""
    names = still_active()
    for account in User.objects.filter(username__in=names):
        officers.disable(account=account, by=COMMAND)
    return names
