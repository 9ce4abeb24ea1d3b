"""The addresses of one case. Ids alone stand in them, never a name or a number."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from kyc.admin.workbench import aside as scripts
from kyc.admin.workbench import beside, media, search, session_ended, views

if TYPE_CHECKING:
    from kyc.admin.pages import ReadOnlyAdmin


def patterns(admin: "ReadOnlyAdmin") -> list[URLPattern]:
    """Every page behind the site's own check: an officer with a role, else the sign-in page."""
    site = admin.admin_site
    bench, finder, aside = views.Workbench(admin), search.Search(admin), scripts.Aside(admin)
    pages: dict[str, tuple[Callable[..., HttpResponse], str]] = {
        "find/": (finder.find, "kyc_case_find"),
        "next/": (bench.take_next, "kyc_case_next"),
        "<uuid:case_id>/change/": (bench.show, "kyc_case_change"),
        "<uuid:case_id>/claim/": (bench.claim, "kyc_case_claim"),
        "<uuid:case_id>/release/": (bench.release, "kyc_case_release"),
        "<uuid:case_id>/uncover/": (aside.uncover, "kyc_case_uncover"),
        "<uuid:case_id>/judge/": (aside.judge, "kyc_case_judge"),
        "<uuid:case_id>/renew/": (aside.renew, "kyc_case_renew"),
        "<uuid:case_id>/beside/<uuid:other_id>/": (beside.Beside(admin).show, "kyc_case_beside"),
        "<uuid:case_id>/picture/<uuid:document_id>/": (media.picture, "kyc_case_picture"),
        "<uuid:case_id>/portrait/<uuid:reading_id>/": (media.portrait, "kyc_case_portrait"),
        "<uuid:case_id>/file/<uuid:file_id>/": (media.file, "kyc_case_file"),
    }
    work = session_ended.keeping(site.admin_view(csrf_exempt(bench.work)))
    return [
        path("<uuid:case_id>/work/", work, name="kyc_case_work"),
        *(path(route, site.admin_view(view), name=name) for route, (view, name) in pages.items()),
    ]
