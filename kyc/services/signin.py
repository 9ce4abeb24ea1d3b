"""Signing in: who guesses passwords waits longer each time, and every sign-in and sign-out is in the audit chain.

Only account ids, addresses and buckets are kept, never a name or password as typed.
"""

from enum import StrEnum

from django.contrib.auth.models import User
from django.db import transaction

from kyc.domain.actors import Actor, Kind, officer
from kyc.models import AuditEntry
from kyc.services import guesses
from kyc.services.guesses import Count
from kyc.vault.keys import keyring

SIGN_IN = Actor(Kind.SYSTEM, "sign-in")
# How many failures pass without a wait. Many officers may share one address.
FREE_OF_ACCOUNT, FREE_OF_ADDRESS = 5, 20
# Names that are no account share 65,536 buckets: they wait as an account would, and cannot be read back from the table.
BUCKET_BYTES = 2
# In a browser's new session: whose session ended in it, so that what they send late is kept for them alone.
ENDED_ACCOUNT = "officer_ended"


class Ended(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed_out"
    IDLE = "idle"
    TOO_LONG = "too_long"
    ELSEWHERE = "elsewhere"  # by its officer on another device, or by an administrator


def begin(*, name: str, address: str | None) -> None:
    """Counts an attempt, before the password is looked at. Raises guesses.Waiting."""
    guesses.begin(_counts(name, address))


def password_right(*, account: User, name: str, address: str | None) -> None:
    """The account's count is forgotten. Nobody is in yet: the second factor is still to come."""
    with transaction.atomic():
        guesses.right(_counts(name, address))
        AuditEntry.append("signin.password", by=officer(account.pk), data={"address": address})


def failed(*, name: str, address: str | None) -> None:
    """The password was wrong or the account may not enter: recorded without the name, with the wait in seconds."""
    account = _account(name)
    data = {
        "account": account.pk if account else None,
        "address": address,
        "wait": guesses.wait(_counts(name, address)),
    }
    AuditEntry.append("signin.failed", by=SIGN_IN, data=data)


def prove_password(*, account: User, password: str, address: str | None) -> bool:
    """Whether the signed-in officer typed their own password; a wrong one counts as at the door. Raises Waiting."""
    name = account.get_username()
    begin(name=name, address=address)
    if not account.check_password(password):
        failed(name=name, address=address)
        return False
    guesses.right(_counts(name, address))
    return True


def ended(*, account: User, why: Ended) -> None:
    AuditEntry.append("signin.ended", by=officer(account.pk), data={"why": why.value})


def forgive(account: User) -> None:
    """Forgets an account's failures: it was given a new password."""
    guesses.forget(_account_key(account))


def address_counts(address: str | None) -> list[Count]:
    """An address that fails too often waits, whatever it guesses."""
    return [Count(f"address:{guesses.neighbourhood(address)}", FREE_OF_ADDRESS)] if address else []


def _counts(name: str, address: str | None) -> list[Count]:
    account = _account(name)
    if account:
        own = Count(_account_key(account), FREE_OF_ACCOUNT, forgets=True)
    else:
        own = Count(f"name:{keyring().index('signin', name)[:BUCKET_BYTES].hex()}", FREE_OF_ACCOUNT)
    return [own, *address_counts(address)]


def _account(name: str) -> User | None:
    return User.objects.filter(username=name).only("pk").first()


def _account_key(account: User) -> str:
    return f"account:{account.pk}"
