"""Host systems and their keys: made, rotated, revoked by an administrator; a key is shown once and kept as a digest."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from kyc.domain.hosts import Scope
from kyc.domain.roles import Verb
from kyc.models import ApiKey, AuditEntry, Host
from kyc.services.officers import actor, require

LONGEST_LIFE = timedelta(days=730)
OVERLAP = timedelta(hours=24)
HINT = 18
NEAR = ("localhost", "127.0.0.1")


class HostRefused(Exception):
    """Nothing was changed; `code` has words in `kyc.wording_hosts`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class KeyRefused(Exception):
    """A key that opens nothing; `code` has words in `kyc.wording_api`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class NewKey:
    """The row, and the key itself: shown once and forgotten."""

    row: ApiKey
    text: str

    def __repr__(self) -> str:
        return f"NewKey({self.row.hint}…)"


@transaction.atomic
def create(*, name: str, return_addresses: Sequence[str], by: User) -> Host:
    """Raises NotAllowed, HostRefused."""
    require(by, Verb.MANAGE_HOSTS)
    name = name.replace("\0", "").strip()[:60]
    if not name or Host.objects.filter(name=name).exists():
        raise HostRefused("name")
    host = Host.objects.create(name=name, return_addresses=_checked(return_addresses))
    AuditEntry.append("host.created", by=actor(by), data={"host": str(host.pk)})
    return host


@transaction.atomic
def allow_returns(*, host: Host, addresses: Sequence[str], by: User) -> None:
    """Replaces the list of where customers may be sent back to. Raises NotAllowed, HostRefused."""
    require(by, Verb.MANAGE_HOSTS)
    host.return_addresses = _checked(addresses)
    host.save(update_fields=["return_addresses"])
    AuditEntry.append(
        "host.return_addresses",
        by=actor(by),
        data={"host": str(host.pk), "count": len(host.return_addresses)},
    )


@transaction.atomic
def make_key(
    *, host: Host, name: str, scopes: Collection[Scope], days: int, by: User, sandbox: bool = False
) -> NewKey:
    """Raises NotAllowed, HostRefused."""
    require(by, Verb.MANAGE_HOSTS)
    life = timedelta(days=days)
    if not scopes:
        raise HostRefused("no_scope")
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise HostRefused("days")
    if sandbox and not settings.SANDBOX:
        raise HostRefused("sandbox_off")
    text = f"sinwon_{'test' if sandbox else 'live'}_{secrets.token_urlsafe(32)}"
    row = ApiKey.objects.create(
        host=host,
        name=name.replace("\0", "").strip()[:60],
        hint=text[:HINT],
        digest=digest(text),
        scopes=sorted(scope.value for scope in scopes),
        sandbox=sandbox,
        expires_at=timezone.now() + life,
    )
    told = {"host": str(host.pk), "key": str(row.pk), "scopes": row.scopes, "sandbox": sandbox}
    AuditEntry.append("host.key_made", by=actor(by), data=told)
    return NewKey(row, text)


@transaction.atomic
def rotate_key(*, key: ApiKey, days: int, by: User) -> NewKey:
    """A new key with the same scopes; the old one works for OVERLAP more. Raises NotAllowed, HostRefused."""
    if key.revoked_at is not None or key.expires_at <= timezone.now():
        raise HostRefused("key_over")
    scopes = [Scope(name) for name in key.scopes]
    fresh = make_key(host=key.host, name=key.name, scopes=scopes, days=days, by=by, sandbox=key.sandbox)
    key.expires_at = min(key.expires_at, timezone.now() + OVERLAP)
    key.save(update_fields=["expires_at"])
    return fresh


@transaction.atomic
def revoke_key(*, key: ApiKey, by: User) -> None:
    """At once, for good. Raises NotAllowed."""
    require(by, Verb.MANAGE_HOSTS)
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        AuditEntry.append(
            "host.key_revoked", by=actor(by), data={"host": str(key.host_id), "key": str(key.pk)}
        )


def authenticate(text: str) -> ApiKey:
    """The row of a key that stands. Raises KeyRefused."""
    key = ApiKey.objects.select_related("host").filter(digest=digest(text)).first()
    if key is None:
        raise KeyRefused("key_unknown")
    if key.revoked_at is not None:
        raise KeyRefused("key_revoked")
    if key.expires_at <= timezone.now():
        raise KeyRefused("key_expired")
    if key.sandbox and not settings.SANDBOX:
        raise KeyRefused("sandbox_off")
    return key


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()


def may_return(host: Host, address: str) -> bool:
    """Whether the address is one of the host's, or lies below one: same scheme, name and port, path within."""
    wanted = urlsplit(address)
    path = wanted.path or "/"
    if not _is_address(address) or "/../" in f"{path}/" or "%2e" in path.lower():
        return False
    for allowed in map(urlsplit, host.return_addresses):
        below = allowed.path.rstrip("/") + "/"
        if (wanted.scheme, wanted.netloc) == (allowed.scheme, allowed.netloc) and f"{path}/".startswith(
            below
        ):
            return True
    return False


def _checked(addresses: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(address.strip() for address in addresses if address.strip()))
    if not all(map(_is_address, wanted)):
        raise HostRefused("return_address")
    return wanted


def _is_address(text: str) -> bool:
    """An https address without a user's name; plain http for this machine alone."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or "\\" in text or not text.isprintable() or " " in text:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in NEAR)
