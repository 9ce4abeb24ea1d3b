"""The addresses of one case. Ids alone stand in them, never a name or a number."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import URLPattern, path

from kyc.admin.workbench import media, search, views

if TYPE_CHECKING:
    from kyc.admin.pages import ReadOnlyAdmin


def patterns(admin: "ReadOnlyAdmin") -> list[URLPattern]:
    """Every page behind the site's own check: an officer with a role, else the sign-in page."""
    site = admin.admin_site
    bench, finder = views.Workbench(admin), search.Search(admin)
    pages: dict[str, tuple[Callable[..., HttpResponse], str]] = {
        "find/": (finder.find, "kyc_case_find"),
        "next/": (bench.take_next, "kyc_case_next"),
        "<uuid:case_id>/change/": (bench.show, "kyc_case_change"),
        "<uuid:case_id>/work/": (bench.work, "kyc_case_work"),
        "<uuid:case_id>/claim/": (bench.claim, "kyc_case_claim"),
        "<uuid:case_id>/release/": (bench.release, "kyc_case_release"),
        "<uuid:case_id>/picture/<uuid:document_id>/": (media.picture, "kyc_case_picture"),
        "<uuid:case_id>/portrait/<uuid:reading_id>/": (media.portrait, "kyc_case_portrait"),
    }
    return [path(route, site.admin_view(view), name=name) for route, (view, name) in pages.items()]
