"""`manage.py guard_evidence`: puts the triggers that refuse changes of evidence back where they are missing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from kyc.models import append_only


class Command(BaseCommand):
    help = "Creates the triggers on evidence that are missing (check kyc.E005); no row is touched."
    requires_system_checks = ()  # the missing triggers themselves would stop it

    def handle(self, *args: Any, **options: Any) -> None:
        gone = append_only.missing(connection)
        append_only.install(connection)
        left = append_only.missing(connection)
        self.stdout.write(f"{len(gone)} were missing, {len(left)} still are.")
