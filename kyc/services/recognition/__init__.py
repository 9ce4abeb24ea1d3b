"""Recognition: lease a job, ask the reader outside any transaction, save the answer once."""

from kyc.services.recognition.attempt import read
from kyc.services.recognition.sweep import due_documents, release_stranded

__all__ = ["due_documents", "read", "release_stranded"]
