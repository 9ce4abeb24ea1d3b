"""Recognition: lease a job, ask the reader outside any transaction, save the answer once."""

from kyc.services.recognition.attempt import ask, read
from kyc.services.recognition.glance import glance
from kyc.services.recognition.local import ReaderDidNotStart, running
from kyc.services.recognition.readers import ReaderUnavailable
from kyc.services.recognition.rehearsal import rehearse
from kyc.services.recognition.reread import RereadRefused, reread
from kyc.services.recognition.sweep import conclude_stranded, due_documents, release_stranded
from ocr_integration.contract import CardReading, OcrError

__all__ = [
    "CardReading",
    "OcrError",
    "ReaderDidNotStart",
    "ReaderUnavailable",
    "RereadRefused",
    "ask",
    "conclude_stranded",
    "due_documents",
    "glance",
    "read",
    "rehearse",
    "release_stranded",
    "reread",
    "running",
]
