"""The rows: evidence is added, never changed; a case's state moves through `Case.move` alone."""

from kyc.models.access import AccessReview
from kyc.models.audit import AuditEntry, Disclosure
from kyc.models.blind import BlindCheck
from kyc.models.calls import ReaderCalls
from kyc.models.case import Case
from kyc.models.checkpoint import Anchor, Checkpoint
from kyc.models.consent import Consent, Notice
from kyc.models.contact import AccessCode, Contact, MailMessage
from kyc.models.desk import SavedView
from kyc.models.document import Document
from kyc.models.draft import Draft
from kyc.models.evidence import Attachment, AuthenticityCheck, Note, VerificationMethod
from kyc.models.grants import RoleChange
from kyc.models.health import Heartbeat
from kyc.models.host import ApiKey, Host, Repeat, Verification
from kyc.models.likeness import PictureBand
from kyc.models.look import SecondLook
from kyc.models.measures import DayFigure, Judgement, Plant
from kyc.models.outbox import OutboxMessage, WebhookEndpoint
from kyc.models.pace import Pace
from kyc.models.quota import AccountQuota
from kyc.models.reading import Finding, Reading, ReadingJob
from kyc.models.review import Decision, FieldValue
from kyc.models.round import Round
from kyc.models.signin import FailedSignIns, OfficerSession
from kyc.models.upload import Upload, UploadPart

__all__ = [
    "AccessCode",
    "AccessReview",
    "AccountQuota",
    "Anchor",
    "ApiKey",
    "Attachment",
    "AuditEntry",
    "AuthenticityCheck",
    "BlindCheck",
    "Case",
    "Checkpoint",
    "Consent",
    "Contact",
    "DayFigure",
    "Decision",
    "Disclosure",
    "Document",
    "Draft",
    "FailedSignIns",
    "FieldValue",
    "Finding",
    "Heartbeat",
    "Host",
    "Judgement",
    "MailMessage",
    "Note",
    "Notice",
    "OfficerSession",
    "OutboxMessage",
    "Pace",
    "PictureBand",
    "Plant",
    "ReaderCalls",
    "Reading",
    "ReadingJob",
    "Repeat",
    "RoleChange",
    "Round",
    "SavedView",
    "SecondLook",
    "Upload",
    "UploadPart",
    "Verification",
    "VerificationMethod",
    "WebhookEndpoint",
]
