"""`manage.py erase_due [--dry-run]`: erases the finished cases whose time is over, and reports each."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kyc.services import retention


class Command(BaseCommand):
    help = "Destroys the keys and pictures of finished cases whose retention is over. The worker does it every hour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say which cases are due")

    def handle(self, *args: Any, **options: Any) -> None:
        dry = options["dry_run"]
        done = retention.erase_due(dry_run=dry)
        for case_id, state in done.erased:
            self.stdout.write(f"{case_id} {state.value} {'due' if dry else 'erased'}")
        for case_id, why in done.failed:
            self.stderr.write(f"{case_id} not erased: {why}")
        self.stdout.write(f"{len(done.erased)} {'due' if dry else 'erased'}, {len(done.failed)} failed.")
        if done.failed:
            raise SystemExit(1)
