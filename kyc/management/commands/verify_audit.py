"""`manage.py verify_audit`: walks the audit chain and its checkpoints, says where it was changed, and signs its end."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kyc.services import audit
from kyc.vault.signing import SigningKeyMissing


class Command(BaseCommand):
    help = "Checks every entry's number, hash, link and checkpoint; exits 1 and names the first break."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            checked, broken = audit.verify()
        except SigningKeyMissing as e:
            raise CommandError(str(e)) from e
        if broken is not None:
            self.stderr.write(f"The chain is broken at entry {broken.sequence}: {broken.what}.")
            raise SystemExit(1)
        self.stdout.write(f"{checked} entries, unbroken.")
        try:
            audit.sign()
        except SigningKeyMissing as e:
            self.stderr.write(f"The end of the chain was not signed. {e}")
