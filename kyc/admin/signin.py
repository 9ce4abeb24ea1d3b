"""The officers' password forms, at the door and to change it: both count before they look and say how long to wait."""

import math
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from kyc.origin import address_of
from kyc.services import guesses, officers, signin


class SignInForm(AdminAuthenticationForm):
    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password:
            return super().clean()
        address = address_of(self.request) if self.request else None
        try:
            signin.begin(name=name, address=address)
        except guesses.Waiting as e:
            raise ValidationError(wait_words(e), code="wait") from e
        try:
            cleaned = super().clean()
        except ValidationError:
            signin.failed(name=name, address=address)
            raise
        signin.password_right(account=self.get_user(), name=name, address=address)
        return cleaned

    def confirm_login_allowed(self, user: User) -> None:
        """An account without a role has nothing to do here."""
        super().confirm_login_allowed(user)
        if not officers.roles_of(user):
            raise self.get_invalid_login_error()


class ChangePasswordForm(PasswordChangeForm):
    """Guesses of the old password count as at the door. `address` is set by the page."""

    address: str | None = None

    def clean_old_password(self) -> str:
        old = str(self.cleaned_data["old_password"])
        try:
            right = signin.prove_password(account=self.user, password=old, address=self.address)
        except guesses.Waiting as e:
            raise ValidationError(wait_words(e), code="wait") from e
        if not right:
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old


def wait_words(waiting: guesses.Waiting) -> str:
    minutes = max(1, math.ceil(waiting.left.total_seconds() / 60))
    return ngettext(
        "There were too many failed attempts. Try again in %(minutes)d minute, or ask an administrator for a new "
        "password.",
        "There were too many failed attempts. Try again in %(minutes)d minutes, or ask an administrator for a new "
        "password.",
        minutes,
    ) % {"minutes": minutes}
