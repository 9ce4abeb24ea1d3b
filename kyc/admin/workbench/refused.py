"""Why a step on a case was refused, and what to do, in words."""

from django.utils.translation import gettext as _

from kyc import wording, wording_review
from kyc.admin.workbench import evidence_steps, steps
from kyc.domain.lifecycle import IllegalMove
from kyc.services import moderation, refusals, register
from kyc.services.officers import NotAllowed
from kyc.services.pictures import StorageDown


def fields_words(refused: steps.FieldsRefused) -> str:
    """Which fields were not saved."""
    names = ", ".join(str(wording.FIELDS[name]) for name in refused.errors)
    return _("Not saved: %(fields)s. The reason stands beside each.") % {"fields": names}


def words_of(error: Exception) -> str:
    """What was refused, and what to do."""
    match error:
        case IllegalMove():
            return wording_review.moved_on(error.origin)
        case refusals.FieldsOpen():
            names = ", ".join(str(wording.FIELDS[name]) for name in error.fields)
            return f"{wording_review.REFUSALS[error.code]} {names}."
        case evidence_steps.FileRefused():
            return error.words
        case refusals.ReviewRefused():
            return str(wording_review.REFUSALS.get(error.code, wording_review.REFUSALS["refused"]))
        case NotAllowed():
            return str(wording_review.REFUSALS["not_allowed"])
        case StorageDown():
            return str(wording_review.REFUSALS["storage_down_file"])
        case moderation.TooMany():
            return str(wording_review.REFUSALS[f"too_many_{error.limit}"])
        case register.Archived():
            return str(wording_review.REFUSALS["archived"])
    return str(wording_review.REFUSALS["gone"])
