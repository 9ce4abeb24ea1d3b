"""What a host's system does with a verification: opens it, asks for another picture, takes it back, has it erased.

The rules are those of intake, review and retention; here stands only what a host adds to them.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kyc.domain import rrn
from kyc.domain.actors import Actor, host
from kyc.domain.hosts import Outcome
from kyc.domain.lifecycle import IllegalMove, State
from kyc.domain.reasons import RetakeReason
from kyc.domain.retention import Reason
from kyc.models import ApiKey, Case, Document, Verification
from kyc.services import hosts, intake, retention
from kyc.services.holding import lock

SANDBOX_BASIS = "sandbox"


class Refused(Exception):
    """What was asked cannot be; nothing was changed. `code` has words in `kyc.wording_api`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a host asks for. `methods` and `second_officer` may only ask for more than the deployment does."""

    reference: str
    locale: str = "ko"
    return_address: str = ""
    legal_basis: str = ""
    methods: int = 0
    second_officer: bool = False
    outcome: Outcome | None = None


def actor(key: ApiKey) -> Actor:
    return host(key.pk)


@transaction.atomic
def open_verification(*, key: ApiKey, asked: Asked) -> Verification:
    """A new case for the host's customer. Raises Refused."""
    _check(key, asked)
    case = intake.open_case(
        by=actor(key),
        locale=asked.locale,
        channel=Case.Channel.SANDBOX if key.sandbox else Case.Channel.HOST,
        legal_basis=SANDBOX_BASIS if key.sandbox else asked.legal_basis,
        drill=key.sandbox,  # like a drill it counts nowhere, teaches no reader and is kept by no law
    )
    return Verification.objects.create(
        case=case,
        host=key.host,
        reference=asked.reference,
        return_address=asked.return_address,
        methods=asked.methods,
        second_officer=asked.second_officer,
        outcome=(asked.outcome or Outcome.APPROVED).value if key.sandbox else "",
    )


def _check(key: ApiKey, asked: Asked) -> None:
    if rrn.mask_all(asked.reference) != asked.reference:
        raise Refused("reference_personal")
    if asked.return_address and not hosts.may_return(key.host, asked.return_address):
        raise Refused("return_address")
    if asked.legal_basis and asked.legal_basis not in {settings.LEGAL_BASIS, *settings.API_LEGAL_BASES}:
        raise Refused("legal_basis")
    if asked.outcome is not None and not key.sandbox:
        raise Refused("outcome_real")


def upload(*, verification: Verification, picture: bytes, notices_shown: bool, key: ApiKey) -> Document:
    """A picture on the customer's behalf, whom the host has shown the notices. Raises Refused, and as `intake` does."""
    if not notices_shown:
        raise Refused("notices_missing")
    return intake.submit_document(
        case=verification.case, upload=picture, by=actor(key), notices_shown=notices_shown
    )


@transaction.atomic
def ask_again(*, verification: Verification, reasons: list[RetakeReason], key: ApiKey) -> None:
    """Asks the customer for another picture, while no officer works on this one. Raises Refused, IllegalMove."""
    case = verification.case
    lock(case)
    if case.status is not State.IN_REVIEW:
        raise IllegalMove(case.status, State.RETAKE)
    if case.claimed_by_other(None):
        raise Refused("held")
    Verification.objects.filter(pk=verification.pk).update(
        again=[reason.value for reason in reasons], again_at=timezone.now()
    )
    case.move(State.RETAKE, by=actor(key), reason="asked_by_host", claimed_by=None, claim_expires=None)


def withdraw(*, verification: Verification, key: ApiKey) -> None:
    """The customer told the host, not us. Raises IllegalMove."""
    retention.withdraw(case=verification.case, by=actor(key))


def erase(*, verification: Verification, key: ApiKey) -> None:
    """Raises as `retention.erase` does."""
    retention.erase(case=verification.case, by=actor(key), reason=Reason.ASKED)
