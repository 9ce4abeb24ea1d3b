"""`manage.py guard_evidence`: puts back the triggers that refuse changes of evidence, and records it."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from kyc.domain.actors import Actor, Kind
from kyc.models import AuditEntry, append_only

COMMAND = Actor(Kind.SYSTEM, "guard_evidence")


class Command(BaseCommand):
    help = "For check kyc.E005. Find out first who dropped them, and run verify_audit: evidence may have been changed."
    requires_system_checks: list[str] = []

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        gone = append_only.missing(connection)
        if not gone:
            self.stdout.write("Every trigger stands.")
            return
        with connection.cursor() as cursor:
            for name in gone:  # one may be there with its body emptied
                on = f" ON {name.rpartition('_no_')[0]}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        append_only.install(connection)
        AuditEntry.append("evidence.guarded", by=COMMAND, data={"triggers": gone})
        self.stdout.write(f"Put back: {', '.join(gone)}. Now run verify_audit.")
