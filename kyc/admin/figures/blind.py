"""The blind double check: a picture and six empty fields; neither readings nor anybody's values are shown."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from kyc import wording, wording_figures
from kyc.admin import proof
from kyc.admin.requests import officer_of
from kyc.admin.workbench.media import shown
from kyc.domain.facts import Field, FieldError
from kyc.domain.roles import Verb
from kyc.models import BlindCheck
from kyc.origin import address_of
from kyc.selectors import values
from kyc.services import basis, blind, disclosure
from kyc.services.officers import allowed
from kyc.vault.keys import Refused

LONGEST_VALUE = 300
REASON = "blind_check"
CONFLICT, INVALID = 409, 422


class Blind:
    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def show(self, request: HttpRequest) -> HttpResponse:
        """The picture shows the number: who sits there proves it first."""
        _may(request)
        if asked := proof.ask(request):
            return asked
        return self._page(request, blind.next_check(by=officer_of(request)))

    def answer(self, request: HttpRequest, check_id: int) -> HttpResponse:
        _may(request)
        if request.method != "POST":
            return redirect("admin:blind")
        typed = {name: request.POST.get(f"value_{name}", "")[:LONGEST_VALUE] for name in Field}
        by = officer_of(request)
        try:
            check = blind.open_check(check_id=check_id, by=by)
            blind.answer(check_id=check_id, typed=typed, by=by)
        except blind.FieldsRefused as e:  # nothing was kept, and the page shows the picture again
            return proof.ask(request) or self._page(
                request, check, typed=typed, errors=e.errors, status=INVALID
            )
        except (blind.NotYours, Refused):
            messages.warning(request, wording_figures.BLIND_REFUSALS["not_yours"])
            return redirect("admin:blind")
        messages.success(
            request, _("Kept. Whether you and the officer agree is counted, and shown to nobody here.")
        )
        return redirect("admin:blind")

    def picture(self, request: HttpRequest, check_id: int) -> HttpResponse:
        """The picture of the officer's next check, and of no other; proved and registered, for it shows the number."""
        _may(request)
        if asked := proof.ask(request):
            return asked
        by = officer_of(request)
        check = blind.next_check(by=by)
        if check is None or check.pk != check_id:
            raise PermissionDenied
        document = values.newest_document(check.case)
        if document is None:
            raise PermissionDenied
        return shown(
            lambda: disclosure.plain_picture(
                document=document, by=by, reason=REASON, address=address_of(request)
            )
        )

    def _page(
        self,
        request: HttpRequest,
        check: BlindCheck | None,
        *,
        typed: Mapping[Field, str] | None = None,
        errors: Mapping[Field, FieldError] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        told, wrong = typed or {}, errors or {}
        rows: list[dict[str, Any]] = [
            {
                "name": name,
                "label": wording.FIELDS[name],
                "text": told.get(name, ""),
                "error": wording.error_words(name, wrong[name].fault) if name in wrong else "",
                "choices": [(sex.value, words) for sex, words in wording.SEXES.items()]
                if name is Field.SEX
                else [],
            }
            for name in (basis.fields_of(check.case) if check else ())
        ]
        context = self.site.each_context(request)
        context |= {"title": _("Blind double check"), "check": check, "rows": rows, "refused": bool(errors)}
        return TemplateResponse(request, "admin/figures/blind.html", context, status=status)


def _may(request: HttpRequest) -> None:
    if not allowed(request.user, Verb.REVIEW):
        raise PermissionDenied
