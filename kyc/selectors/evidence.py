"""What officers recorded on a case, and what of it counts."""

from kyc.domain.evidence import CheckResult, Method
from kyc.models import AuthenticityCheck, Case, Note, VerificationMethod


def methods(case: Case) -> list[VerificationMethod]:
    """Every recorded method in the order in which they came, those that strike others left out."""
    rows = case.methods.select_related("by", "attachment", "struck_by__by").filter(strikes=None)
    return list(rows.order_by("at"))


def kinds(case: Case) -> frozenset[Method]:
    """The kinds of identification that count: what was recorded and not struck, and the card's own picture."""
    rows = case.methods.filter(strikes=None, struck_by=None).values_list("kind", flat=True)
    card = {Method.CARD_COPY} if case.documents.exists() else set()
    return frozenset({Method(kind) for kind in rows} | card)


def checks(case: Case) -> list[AuthenticityCheck]:
    return list(case.checks.select_related("by").order_by("at"))


def has_mismatch(case: Case) -> bool:
    return case.checks.filter(result=CheckResult.MISMATCH).exists()


def notes(case: Case) -> list[Note]:
    return list(case.notes.select_related("by", "attachment").order_by("at"))
