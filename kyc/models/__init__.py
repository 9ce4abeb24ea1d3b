"""The rows: evidence is added, never changed; a case's state moves through `Case.move` alone."""

from kyc.models.audit import AuditEntry, Disclosure
from kyc.models.blind import BlindCheck
from kyc.models.case import Case
from kyc.models.checkpoint import Checkpoint
from kyc.models.consent import Consent, Notice
from kyc.models.desk import SavedView
from kyc.models.document import Document
from kyc.models.health import Heartbeat
from kyc.models.measures import DayFigure, Judgement, Plant
from kyc.models.quota import AccountQuota
from kyc.models.reading import Finding, Reading, ReadingJob
from kyc.models.review import Decision, FieldValue
from kyc.models.signin import FailedSignIns

__all__ = [
    "AccountQuota",
    "AuditEntry",
    "BlindCheck",
    "Case",
    "Checkpoint",
    "Consent",
    "DayFigure",
    "Decision",
    "Disclosure",
    "Document",
    "FailedSignIns",
    "FieldValue",
    "Finding",
    "Heartbeat",
    "Judgement",
    "Notice",
    "Plant",
    "Reading",
    "ReadingJob",
    "SavedView",
]
