"""Two related cases side by side: the same number or the same picture. Opening it is registered for both."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kyc import wording, wording_review
from kyc.admin import columns
from kyc.admin.requests import officer_of
from kyc.admin.workbench import looks
from kyc.admin.workbench import rows as workrows
from kyc.domain.facts import Field
from kyc.domain.lifecycle import State
from kyc.domain.provenance import Outcome
from kyc.domain.roles import Verb
from kyc.models import Case, Document, Reading
from kyc.origin import address_of
from kyc.selectors import evidence, related, values
from kyc.services import disclosure, moderation, officers, register
from kyc.vault.keys import Refused

if TYPE_CHECKING:
    from kyc.admin.pages import ReadOnlyAdmin


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two cases, as far as it can still be opened."""

    case: Case
    link: str | SafeString
    chip: SafeString
    document: Document | None = None
    portrait: Reading | None = None
    texts: dict[Field, str] = field(default_factory=dict, repr=False)
    decisions: list[str] = field(default_factory=list)
    mismatch: bool = False
    gone: str = ""


class Beside:
    def __init__(self, admin: "ReadOnlyAdmin") -> None:
        self.admin = admin

    def show(self, request: HttpRequest, case_id: UUID, other_id: UUID) -> HttpResponse:
        """404 unless the two are related: this page is no way to look at any case."""
        by = officer_of(request)
        if not officers.allowed(by, Verb.SEE_PICTURE):
            raise PermissionDenied
        cases = [get_object_or_404(Case, pk=pk) for pk in (case_id, other_id)]
        try:
            if not _are_related(*cases):
                raise Http404(_("These two cases have nothing in common."))
            address = address_of(request)
            sides = [_side(one, other, request, address) for one, other in (cases, cases[::-1])]
        except (register.RegisterDown, register.Archived, moderation.TooMany):
            return redirect("admin:kyc_case_change", case_id)  # which says so
        compared = [
            (str(wording.FIELDS[name]), *(side.texts.get(name, "") for side in sides)) for name in Field
        ]
        context = self.admin.admin_site.each_context(request)
        context |= {"title": _("Side by side"), "sides": sides, "compared": compared}
        return TemplateResponse(request, "admin/kyc/case/beside.html", context)


def _are_related(case: Case, other: Case) -> bool:
    document, number = values.newest_document(case), values.current(case).get(Field.RRN)
    lookup = bytes(number.lookup) if number and number.lookup else None
    return any(found.case.pk == other.pk for found in related.of(case, document, lookup))


def _side(case: Case, other: Case, request: HttpRequest, address: str | None) -> Side:
    link, chip = columns.case_link(case.pk), columns.state_chip(case.status)
    reason = f"{wording_review.RELATED}: {other.pk}"
    try:
        shown = disclosure.values_of(case=case, by=officer_of(request), reason=reason, address=address)
    except Refused:
        return Side(case, link, chip, gone=str(wording_review.REFUSALS["gone"]))
    document = values.newest_document(case)
    current = values.read(case) if looks.hides(case, officer_of(request)) else values.current(case)
    readings = document.readings.filter(error_code="").exclude(sealed_photo=None) if document else None
    texts = {
        name: workrows.words(name, value.text)
        for name, said in shown.items()
        for value in said
        if name in current and value.id == current[name].pk
    }
    open_ = (
        case.status is State.SECOND_REVIEW
    )  # what waits for a second officer is told on its own page alone
    decided = [] if open_ else list(case.decisions.filter(withdrawn_at=None).order_by("at"))
    return Side(
        case=case,
        link=link,
        chip=chip,
        document=document,
        portrait=readings.first() if readings is not None else None,
        texts=texts,
        decisions=[wording_review.outcome(Outcome(decision.outcome)) for decision in decided],
        mismatch=evidence.has_mismatch(case),
    )
