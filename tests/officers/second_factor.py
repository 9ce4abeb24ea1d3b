"""Showing the second factor as an officer's telephone does: a code computed from the secret, sent to the real page."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from kyc.services import authenticators


def app(account: User) -> str:
    """A new authenticator app for the officer; its secret."""
    secret = authenticators.new_secret()
    authenticators.set_app(account, secret)
    return secret


def code(secret: str, steps: int = 0) -> str:
    """What the app shows now, or that many half minutes later."""
    return authenticators.code_at(secret, authenticators.counter_now() + steps)


def show(client: Client, account: User, **more: Any) -> Any:
    """From the right password to the first page. The app is a new one, so that none of its codes was used."""
    return client.post(reverse("admin:second_factor"), {"proof_code": code(app(account))}, **more)
