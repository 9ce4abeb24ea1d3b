"""The Django application, and the admin site of the officers."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.translation import gettext_lazy as _


class KycConfig(AppConfig):
    name = "kyc"
    verbose_name = _("Identity review")

    def ready(self) -> None:
        from kyc import checks, checks_network  # noqa: F401 - registers the system checks, once the models are there


class SinwonAdminConfig(SimpleAdminConfig):
    """Without autodiscovery: the site names its pages itself, and no other application adds one."""

    default_site = "kyc.admin.site.OfficerSite"
