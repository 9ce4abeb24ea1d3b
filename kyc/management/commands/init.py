"""`manage.py init`: the private folder with its secrets and keys, made once and never replaced."""

import contextlib
import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kyc.vault import keyfile
from kyc.vault.files import write_once
from kyc.vault.keys import key_service
from kyc.vault.signing import create_signing_key


class Command(BaseCommand):
    help = (
        "Makes var/ (0700) with the secret key, the keys and the local reader's key pair (0600), if missing."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        settings.VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.VAR.chmod(0o700)
        for path, text in (
            (settings.VAR / "secret_key", secrets.token_urlsafe(50)),
            (
                settings.OCR_LOCAL_KEYS,
                json.dumps({f"AKID{secrets.token_hex(16)}": secrets.token_urlsafe(32)}),
            ),
        ):
            self._write_once(path, text)
        with contextlib.suppress(FileExistsError):
            keyfile.create(settings.KEYRING, key_service())
            self.stdout.write(f"made {settings.KEYRING} (back it up: without it nothing sealed can be read)")

        if create_signing_key(settings.AUDIT_KEY):
            self.stdout.write(f"made {settings.AUDIT_KEY} (give its .pub to whoever audits you)")

    def _write_once(self, path: Path, text: str) -> None:
        with contextlib.suppress(FileExistsError):
            write_once(path, text)
            self.stdout.write(f"made {path}")
