"""The rows: evidence is added, never changed; a case's state moves through `Case.move` alone."""

from kyc.models.access import AccessReview
from kyc.models.audit import AuditEntry, Disclosure
from kyc.models.case import Case
from kyc.models.checkpoint import Anchor, Checkpoint
from kyc.models.consent import Consent, Notice
from kyc.models.document import Document
from kyc.models.health import Heartbeat
from kyc.models.quota import AccountQuota
from kyc.models.reading import Finding, Reading, ReadingJob
from kyc.models.review import Decision, FieldValue
from kyc.models.signin import FailedSignIns

__all__ = [
    "AccessReview",
    "AccountQuota",
    "Anchor",
    "AuditEntry",
    "Case",
    "Checkpoint",
    "Consent",
    "Decision",
    "Disclosure",
    "Document",
    "FailedSignIns",
    "FieldValue",
    "Finding",
    "Heartbeat",
    "Notice",
    "Reading",
    "ReadingJob",
]
