"""`manage.py verify_audit`: walks the audit chain and says where it was changed."""

from typing import Any

from django.core.management.base import BaseCommand

from kyc.services import audit


class Command(BaseCommand):
    help = "Checks every entry's number, hash and link to the one before; exits 1 and names the first break."

    def handle(self, *args: Any, **options: Any) -> None:
        checked, broken = audit.verify()
        if broken is not None:
            self.stderr.write(f"The chain is broken at entry {broken.sequence}: {broken.what}.")
            raise SystemExit(1)
        self.stdout.write(f"{checked} entries, unbroken.")
