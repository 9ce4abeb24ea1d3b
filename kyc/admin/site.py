"""The admin site: open to officers with a role, and to nobody else."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kyc.services import officers


class OfficerSite(admin.AdminSite):
    site_header = _("Sinwon: identity review")
    site_title = _("Sinwon")
    index_title = _("Your work")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(officers.roles_of(request.user))
