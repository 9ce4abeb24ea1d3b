"""Second factors: the one typed door to django-allauth, whose rows they are. Secrets are sealed by the keyring.

Ours and not allauth's is the rule that a code counts once: it keeps used codes in a cache of each process for 30 s,
while a code is good for 90.
"""

import base64
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from kyc.vault.keys import Refused, keyring

IDENTITY = "officer:second-factor"
PERIOD, DIGITS, SECRET_BYTES = 30, 6, 20
AROUND = (-1, 0, 1)  # a telephone's clock may be half a minute off
LONGEST_NAME = 60
SEALED = {"totp": "secret", "recovery_codes": "seed"}
"""Which value of a factor's data is sealed by the keyring; a passkey's is public."""


class Kind(StrEnum):
    APP = "totp"
    PASSKEY = "webauthn"
    CODES = "recovery_codes"


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of an officer; `left` counts unused recovery codes."""

    id: int
    kind: Kind
    name: str
    added_at: datetime
    used_at: datetime | None
    left: int


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """How allauth keeps secrets and names the house to a passkey (MFA_ADAPTER)."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(keyring().seal(text.encode(), identity=IDENTITY)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises Refused where the row was changed, or the keyring is another one."""
        try:
            sealed = base64.b64decode(encrypted_text, validate=True)
        except ValueError as e:
            raise Refused(f"the sealed value of {IDENTITY} was changed") from e
        return keyring().open(sealed, identity=IDENTITY).decode()

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def _get_site_name(self) -> str:
        return str(settings.OPERATOR_NAME)


def factors(account: User) -> list[Factor]:
    rows = Authenticator.objects.filter(user=account).order_by("created_at", "pk")
    return [_told(row) for row in rows]


def enrolled(account: User) -> bool:
    return bool(Authenticator.objects.filter(user=account, type__in=(Kind.APP, Kind.PASSKEY)).exists())


def has_passkey(account: User) -> bool:
    return bool(Authenticator.objects.filter(user=account, type=Kind.PASSKEY).exists())


# --- The authenticator app
def new_secret() -> str:
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def seal(text: str) -> str:
    return Adapter().encrypt(text)


def unseal(sealed: str) -> str:
    return Adapter().decrypt(sealed)


def app_address(account: User, secret: str) -> str:
    """The otpauth:// address that an authenticator app reads."""
    return str(get_adapter().build_totp_url(account, secret))


def qr(address: str) -> str:
    """The address as a picture: SVG in a data: URL, which the content policy lets an <img> show and nothing run."""
    svg = get_adapter().build_totp_svg(address)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def code_at(secret: str, counter: int) -> str:
    key = base64.b32decode(secret)
    return HOTP(key, DIGITS, SHA1()).generate(counter).decode()  # noqa: S303 - what every app computes (RFC 6238)


def counter_now() -> int:
    return int(time.time()) // PERIOD


def matching(secret: str, code: str, *, after: int = -1) -> int | None:
    """The time step whose code this is, later than `after`; None for a wrong or used code."""
    for step in (counter_now() + around for around in AROUND):
        if step > after and bytes_eq(code_at(secret, step).encode(), _digits(code).encode()):
            return step
    return None


@transaction.atomic
def set_app(account: User, secret: str, *, used: int = -1) -> None:
    """The officer's one app; an earlier one is forgotten. `used` is the time step of the code that proved it."""
    Authenticator.objects.filter(user=account, type=Kind.APP).delete()
    Authenticator.objects.create(user=account, type=Kind.APP, data={"secret": seal(secret), "used": used})


def next_code(account: User) -> str:
    """A code that would open now, for the demonstration's own officers alone; '' while the used one still runs."""
    row = Authenticator.objects.filter(user=account, type=Kind.APP).first()
    if row is None:
        return ""
    step = max(counter_now(), row.data["used"] + 1)
    return code_at(unseal(row.data["secret"]), step) if step <= counter_now() + AROUND[-1] else ""


@transaction.atomic
def use_code(account: User, code: str) -> Kind | None:
    """Spends a code of the app or a recovery code; None where it is neither, or was spent before."""
    rows = Authenticator.objects.select_for_update().filter(user=account).exclude(type=Kind.PASSKEY)
    for row in rows.order_by("-type"):  # the app before the recovery codes
        if row.type == Kind.CODES:
            if row.wrap().validate_code(code):
                _used(row)
                return Kind.CODES
            continue
        step = matching(unseal(row.data["secret"]), code, after=row.data["used"])
        if step is not None:
            row.data["used"] = step
            _used(row)
            return Kind.APP
    return None


# --- Recovery codes
@transaction.atomic
def new_recovery_codes(account: User) -> list[str]:
    """Ten codes, each good for once; earlier ones are good for nothing any more."""
    Authenticator.objects.filter(user=account, type=Kind.CODES).delete()
    return list(RecoveryCodes.activate(account).generate_codes())


# --- Passkeys. The challenge waits in the session; allauth finds it there by itself.
def passkey_offer(account: User) -> str:
    """What the browser needs to make a passkey, as JSON."""
    return json.dumps(webauthn.begin_registration(account, passwordless=False))


def add_passkey(account: User, answer: str, name: str) -> bool:
    """False where the browser's answer does not fit the offer."""
    try:
        credential = _credential(answer)
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError):
        return False
    webauthn.WebAuthn.add(account, name.strip()[:LONGEST_NAME] or "passkey", credential)
    return True


def passkey_question(account: User) -> str:
    """What the browser needs to use a passkey, as JSON."""
    return json.dumps(webauthn.begin_authentication(account))


def use_passkey(account: User, answer: str) -> bool:
    try:
        credential = _credential(answer)
        webauthn.parse_authentication_response(credential)
        row = webauthn.complete_authentication(account, credential)
    except (ValidationError, ValueError, TypeError, KeyError):
        return False
    _used(row)
    return True


# --- The keyring's rotation
def seals() -> Iterator[bytes]:
    """The sealed secrets of all factors, as they stand in their rows."""
    for kind, data in Authenticator.objects.filter(type__in=SEALED).values_list("type", "data").iterator():
        yield base64.b64decode(data[SEALED[kind]])


def reseal() -> tuple[int, int]:
    """Seals every secret by the keyring's primary key: how many, and how many could not be opened."""
    done = refused = 0
    for factor_id in list(Authenticator.objects.filter(type__in=SEALED).values_list("pk", flat=True)):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=factor_id).first()
            if row is None:
                continue
            name = SEALED[row.type]
            try:
                row.data[name] = seal(unseal(row.data[name]))
            except Refused:
                refused += 1
                continue
            row.save(update_fields=["data"])
            done += 1
    return done, refused


# --- Taking away
def remove(account: User, factor_id: int) -> bool:
    """Takes one passkey away; False where there is none of that id, or it is the officer's last factor."""
    rows = Authenticator.objects.filter(user=account, type=Kind.PASSKEY, pk=factor_id)
    others = Authenticator.objects.filter(user=account, type__in=(Kind.APP, Kind.PASSKEY))
    if not rows.exists() or not others.exclude(pk=factor_id).exists():
        return False
    rows.delete()
    return True


def remove_all(account: User) -> None:
    Authenticator.objects.filter(user=account).delete()


def _told(row: Any) -> Factor:
    wrapped = row.wrap()
    return Factor(
        id=row.pk,
        kind=Kind(row.type),
        name=str(wrapped.name) if row.type == Kind.PASSKEY else "",
        added_at=row.created_at,
        used_at=row.last_used_at,
        left=len(wrapped.get_unused_codes()) if row.type == Kind.CODES else 0,
    )


def _used(row: Any) -> None:
    row.last_used_at = timezone.now()
    row.save(update_fields=["last_used_at"] if row.type != Kind.APP else ["data", "last_used_at"])


def _credential(answer: str) -> Mapping[str, Any]:
    told = json.loads(answer)
    if not isinstance(told, dict):
        raise TypeError("a credential is an object")
    return told


def _digits(code: str) -> str:
    """As people type it: with blanks or a hyphen in the middle."""
    return "".join(character for character in code if character.isdigit())
