"""The second factor: shown at every sign-in, counted like passwords, set up at the first, reset by an administrator."""

from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from kyc.domain.actors import Actor, officer
from kyc.models import AuditEntry
from kyc.services import authenticators, guesses, presence, sessions, signin
from kyc.services.authenticators import Kind
from kyc.services.guesses import Count

FREE = 5
PENDING = "officer_new_secret"  # an app's secret between the picture of it and its first code, sealed


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from."""

    address: str | None
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What an officer gave to show who they are: any one of these. `passkey` is the browser's answer, JSON."""

    code: str = field(default="", repr=False)
    passkey: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.code or self.passkey or self.password)


def sign_in(*, account: User, session: SessionBase, proof: Proof, origin: Origin) -> bool:
    """The second step at the door, after the password. Raises guesses.Waiting; False for a wrong or used code."""
    kind = _check(account, proof, origin)
    if kind is None:
        return False
    _enter(account, session, origin, kind.value)
    return True


def confirm(*, account: User, session: SessionBase, proof: Proof, origin: Origin) -> bool:
    """Shows again who sits there, by password or second factor. Raises guesses.Waiting."""
    if proof.password:
        right = signin.prove_password(account=account, password=proof.password, address=origin.address)
    else:
        right = _check(account, proof, origin) is not None
    if right:
        presence.refresh(session)
    return right


def _check(account: User, proof: Proof, origin: Origin) -> Kind | None:
    counts = _counts(account, origin.address)
    guesses.begin(counts)
    kind = authenticators.use_code(account, proof.code) if proof.code else None
    if proof.passkey and authenticators.use_passkey(account, proof.passkey):
        kind = Kind.PASSKEY
    if kind is None:
        data = {"account": account.pk, "address": origin.address, "wait": guesses.wait(counts)}
        AuditEntry.append("signin.second_factor_failed", by=officer(account.pk), data=data)
        return None
    guesses.right(counts)
    return kind


def _enter(account: User, session: SessionBase, origin: Origin, factor: str) -> None:
    row = sessions.begin(account=account, address=origin.address, user_agent=origin.user_agent)
    presence.record(session, account, row.pk)
    data = {"address": origin.address, "factor": factor}
    AuditEntry.append("signin.succeeded", by=officer(account.pk), data=data)


# --- Setting up
def pending_secret(session: SessionBase) -> str:
    """The secret of the app that is being set up; the same as long as the page is open."""
    if PENDING not in session:
        session[PENDING] = authenticators.seal(authenticators.new_secret())
    return authenticators.unseal(session[PENDING])


def set_up_app(*, account: User, session: SessionBase, code: str, origin: Origin) -> list[str] | None:
    """Keeps the app if `code` is its own; the recovery codes ([] for who has some), None where the code is wrong."""
    secret = pending_secret(session)
    step = authenticators.matching(secret, code)
    if step is None:
        return None
    with transaction.atomic():
        authenticators.set_app(account, secret, used=step)
        codes = _added(account, session, origin, Kind.APP)
    del session[PENDING]
    return codes


def set_up_passkey(
    *, account: User, session: SessionBase, answer: str, name: str, origin: Origin
) -> list[str] | None:
    """As `set_up_app`, with the browser's answer to the offer."""
    with transaction.atomic():
        if not authenticators.add_passkey(account, answer, name):
            return None
        return _added(account, session, origin, Kind.PASSKEY)


def _added(account: User, session: SessionBase, origin: Origin, kind: Kind) -> list[str]:
    AuditEntry.append("second_factor.added", by=officer(account.pk), data={"factor": kind.value})
    known = {factor.kind for factor in authenticators.factors(account)}
    codes = [] if Kind.CODES in known else authenticators.new_recovery_codes(account)
    if not presence.passed(session, account):
        _enter(account, session, origin, kind.value)
    return codes


@transaction.atomic
def new_recovery_codes(*, account: User) -> list[str]:
    AuditEntry.append("second_factor.new_codes", by=officer(account.pk))
    return authenticators.new_recovery_codes(account)


@transaction.atomic
def remove(*, account: User, factor_id: int) -> bool:
    """One passkey less; False for the last factor, or one that is not this officer's."""
    if not authenticators.remove(account, factor_id):
        return False
    AuditEntry.append("second_factor.removed", by=officer(account.pk), data={"factor": Kind.PASSKEY.value})
    return True


@transaction.atomic
def reset(*, account: User, by: Actor) -> None:
    """Takes every factor away and ends every session: the officer sets up new ones at the next sign-in."""
    authenticators.remove_all(account)
    guesses.forget(_key(account))
    AuditEntry.append("second_factor.reset", by=by, data={"account": account.pk})
    sessions.end(account=account, by=by)


def _counts(account: User, address: str | None) -> list[Count]:
    """A count of its own: the password, which an attacker may know, must not empty it."""
    return [Count(_key(account), FREE, forgets=True), *signin.address_counts(address)]


def _key(account: User) -> str:
    return f"second:{account.pk}"
