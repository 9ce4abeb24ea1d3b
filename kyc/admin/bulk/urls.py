"""Which officers may do something with many cases at once, and where the buttons lead."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import URLPattern, path

from kyc import wording_review
from kyc.admin.bulk.export import Export
from kyc.admin.bulk.steps import Steps
from kyc.admin.queue_filters import reviewers
from kyc.domain.roles import Verb
from kyc.services.officers import Account, allowed

if TYPE_CHECKING:
    from kyc.admin.pages import ReadOnlyAdmin


def chooses(account: Account) -> bool:
    return allowed(account, Verb.ASSIGN) or allowed(account, Verb.EXPORT)


def controls(request: HttpRequest) -> dict[str, Any]:
    """What the queue's page offers beneath its rows."""
    assigns, exports = allowed(request.user, Verb.ASSIGN), allowed(request.user, Verb.EXPORT)
    return {
        "chooses": assigns or exports,
        "assigns": assigns,
        "exports": exports,
        "reviewers": reviewers(request) if assigns else [],
        "known_readers": [(name, wording_review.reader(name)) for name in settings.OCR_READERS],
    }


def patterns(admin: "ReadOnlyAdmin") -> list[URLPattern]:
    site, steps, export = admin.admin_site, Steps(admin), Export(admin)
    return [
        path("assign/", site.admin_view(steps.assign), name="kyc_case_assign"),
        path("reread/", site.admin_view(steps.reread), name="kyc_case_reread"),
        path("export/", site.admin_view(export.ask), name="kyc_case_bulk_export"),
        path("export/file/", site.admin_view(export.download), name="kyc_case_bulk_file"),
    ]
