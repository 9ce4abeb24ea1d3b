"""The officers' sign-in form: it counts before it looks, and says how long to wait."""

import math
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from kyc.origin import address_of
from kyc.services import officers, signin


class SignInForm(AdminAuthenticationForm):
    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password:
            return super().clean()
        address = address_of(self.request) if self.request else None
        try:
            signin.begin(name=name, address=address)
        except signin.Waiting as e:
            raise ValidationError(_wait_words(e), code="wait") from e
        try:
            cleaned = super().clean()
        except ValidationError:
            signin.failed(name=name, address=address)
            raise
        signin.succeeded(account=self.get_user(), name=name, address=address)
        return cleaned

    def confirm_login_allowed(self, user: User) -> None:
        """An account without a role has nothing to do here."""
        super().confirm_login_allowed(user)
        if not officers.roles_of(user):
            raise self.get_invalid_login_error()


def _wait_words(waiting: signin.Waiting) -> str:
    minutes = max(1, math.ceil(waiting.left.total_seconds() / 60))
    return ngettext(
        "There were too many failed attempts. Try again in %(minutes)d minute, or ask an administrator for a new "
        "password.",
        "There were too many failed attempts. Try again in %(minutes)d minutes, or ask an administrator for a new "
        "password.",
        minutes,
    ) % {"minutes": minutes}
