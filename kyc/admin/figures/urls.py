"""The addresses of the figures and of the blind double checks."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from kyc.admin.figures.accuracy import Accuracy
from kyc.admin.figures.blind import Blind
from kyc.admin.figures.page import Figures


def patterns(site: AdminSite) -> list[URLPattern]:
    pages, accuracy, blind = Figures(site), Accuracy(site), Blind(site)
    return [
        path("figures/", site.admin_view(pages.show), name="figures"),
        path("figures/file/", site.admin_view(pages.file), name="figures_file"),
        path("figures/accuracy/", site.admin_view(accuracy.show), name="accuracy"),
        path("blind/", site.admin_view(blind.show), name="blind"),
        path("blind/<int:check_id>/", site.admin_view(blind.answer), name="blind_answer"),
        path("blind/<int:check_id>/picture/", site.admin_view(blind.picture), name="blind_picture"),
    ]
