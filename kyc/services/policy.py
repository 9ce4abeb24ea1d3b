"""The deployment's policy: which decisions need a second officer, what an approval needs, and when a case is due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.utils import timezone

from kyc.domain.evidence import Method
from kyc.domain.facts import Field
from kyc.domain.findings import Severity
from kyc.domain.provenance import Outcome, Step
from kyc.models import Case, FieldValue
from kyc.selectors import evidence, hosts
from kyc.services.recheck import recheck
from kyc.vault.keys import keyring


class Ground(StrEnum):
    """What FOUR_EYES may name."""

    HIGH_FINDINGS = "high_findings"
    CORRECTED_RRN = "corrected_rrn"
    REJECTION = "rejection"
    RANDOM_SHARE = "random_share"  # FOUR_EYES_SHARE percent of the cases


ASKED_BY_HOST = "host"
"""A ground of one case alone: the system that opened it asks for two officers."""

ESCALATED = "escalated"
"""A ground that no deployment can switch off: approval in spite of a mismatch."""


class Disagreement(StrEnum):
    """What FOUR_EYES_DISAGREEMENT may say: where a case goes whose second look differs from the proposal."""

    SEND_BACK = "send_back"
    THIRD = "third"


def grounds(
    case: Case, outcome: Outcome, standing: Mapping[Field, FieldValue] | None = None
) -> tuple[str, ...]:
    """Why a different officer must agree before `outcome` takes effect. Another picture is asked by one alone.

    `standing`: the values that stand, where the caller has them already.
    """
    if outcome is Outcome.RETAKE:
        return ()
    if outcome is Outcome.REJECT:
        holds = {Ground.REJECTION: True}
    else:
        holds = {
            Ground.HIGH_FINDINGS: has_high_findings(case, standing),
            Ground.CORRECTED_RRN: has_corrected_rrn(case),
            Ground.RANDOM_SHARE: in_random_share(case),
        }
    asked = set(settings.FOUR_EYES)
    found = tuple(ground.value for ground in Ground if ground in asked and holds.get(ground, False))
    wanted = hosts.verification_of(case)
    return (*found, ASKED_BY_HOST) if wanted is not None and wanted.second_officer else found


def is_blind(why: Sequence[str]) -> bool:
    """Whether the second officer forms a view before they see the first's."""
    return bool(set(why) & set(settings.FOUR_EYES_BLIND))


def in_random_share(case: Case) -> bool:
    """The same answer for a case at any time, and known to nobody without the keyring: it cannot be dodged."""
    drawn = int.from_bytes(keyring().index("four_eyes_share", str(case.pk))[:8])
    return drawn < settings.FOUR_EYES_SHARE * 2**64 // 100


def methods_needed(case: Case) -> int:
    """How many kinds of identification an approval needs: the deployment's number, or more where its host asks."""
    wanted = hosts.verification_of(case)
    return max(settings.APPROVAL_METHODS, wanted.methods if wanted is not None else 0)


def methods_missing(case: Case, kinds: Collection[Method] | None = None) -> int:
    """How many further kinds of identification an approval needs. `kinds`: those that count, where known already."""
    return max(0, methods_needed(case) - len(evidence.kinds(case) if kinds is None else kinds))


def has_high_findings(case: Case, standing: Mapping[Field, FieldValue] | None = None) -> bool:
    """Of the newest document only, since an earlier picture was replaced for a reason; and of what officers typed."""
    newest = case.documents.order_by("-received_at").values("pk")[:1]
    if case.findings.filter(severity=Severity.HIGH, reading__document__in=newest).exists():
        return True
    return any(finding.severity is Severity.HIGH for finding in recheck(case, standing))


def has_corrected_rrn(case: Case) -> bool:
    return case.values.filter(field=Field.RRN, step=Step.CORRECTED).exists()


def due() -> datetime:
    """When a case that reaches the officers now is due."""
    return timezone.now() + timedelta(hours=settings.REVIEW_DUE_HOURS)
