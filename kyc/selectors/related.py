"""Cases that have to do with one: the same resident number, or the same picture, through the keyed indexes."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from kyc.domain.evidence import CheckResult
from kyc.domain.facts import Field
from kyc.imaging.likeness import ENOUGH
from kyc.models import AuthenticityCheck, Case, Document, FieldValue, PictureBand

MOST = 10


@dataclass(frozen=True, slots=True)
class Related:
    case: Case
    same_number: bool
    same_picture: bool
    mismatch: bool  # the authenticity check said no there


def of(case: Case, document: Document | None, number: bytes | None) -> list[Related]:
    """Newest first. `number` is the lookup of the number that stands; in two queries, four where any is found."""
    people = _by_number(case, number)
    pictures = _by_picture(case, document)
    found = Case.objects.filter(pk__in=people | pictures).order_by("-created_at")[:MOST]
    cases = list(found) if people or pictures else []
    failed = set(
        AuthenticityCheck.objects.filter(case__in=cases, result=CheckResult.MISMATCH).values_list(
            "case_id", flat=True
        )
        if cases
        else ()
    )
    return [Related(one, one.pk in people, one.pk in pictures, one.pk in failed) for one in cases]


def _by_number(case: Case, number: bytes | None) -> set[UUID]:
    if number is None:
        return set()
    rows = FieldValue.objects.filter(lookup=number, field=Field.RRN).exclude(case=case)
    return set(rows.values_list("case_id", flat=True).distinct()[: 2 * MOST])


def _by_picture(case: Case, document: Document | None) -> set[UUID]:
    if document is None:
        return set()
    rows = PictureBand.objects.filter(lookup__in=document.bands.values("lookup"))
    alike = (
        rows.exclude(document__case=case)
        .values("document__case_id", "document_id")
        .annotate(equal=Count("pk"))
        .filter(equal__gte=ENOUGH)
        .order_by("-equal")[: 2 * MOST]
    )
    return {row["document__case_id"] for row in alike}
