"""The deployment's policy: which decisions need a second officer (FOUR_EYES), and when a case is due."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.utils import timezone

from kyc.domain.facts import Field
from kyc.domain.findings import Severity
from kyc.domain.provenance import Outcome, Step
from kyc.models import Case
from kyc.services.recheck import recheck


class Ground(StrEnum):
    """What FOUR_EYES may name."""

    HIGH_FINDINGS = "high_findings"
    CORRECTED_RRN = "corrected_rrn"
    REJECTION = "rejection"


def needs_second(case: Case, outcome: Outcome) -> bool:
    """Whether a different officer must agree before `outcome` takes effect. Another picture is asked by one alone."""
    asked = set(settings.FOUR_EYES)
    if outcome is Outcome.RETAKE:
        return False
    if outcome is Outcome.REJECT:
        return Ground.REJECTION in asked
    return (Ground.HIGH_FINDINGS in asked and has_high_findings(case)) or (
        Ground.CORRECTED_RRN in asked and has_corrected_rrn(case)
    )


def has_high_findings(case: Case) -> bool:
    """Of the newest document only, since an earlier picture was replaced for a reason; and of what officers typed."""
    newest = case.documents.order_by("-received_at").values("pk")[:1]
    if case.findings.filter(severity=Severity.HIGH, reading__document__in=newest).exists():
        return True
    return any(finding.severity is Severity.HIGH for finding in recheck(case))


def has_corrected_rrn(case: Case) -> bool:
    return case.values.filter(field=Field.RRN, step=Step.CORRECTED).exists()


def due() -> datetime:
    """When a case that reaches the officers now is due."""
    return timezone.now() + timedelta(hours=settings.REVIEW_DUE_HOURS)
