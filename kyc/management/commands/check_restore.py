"""`manage.py check_restore --reason TEXT`: the last step of every restore, and of every drill of one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kyc.services import restoring


class Command(BaseCommand):
    help = (
        "Verifies the chain and the triggers, and opens cases drawn by chance. Status 1 if anything is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sample", type=int, default=20, help="how many cases are opened")
        parser.add_argument("--reason", default="restore drill", help="for the register of disclosures")

    def handle(self, *args: Any, **options: Any) -> None:
        told = restoring.check(sample=options["sample"], reason=options["reason"])
        for line in told.wrong:
            self.stderr.write(line)
        self.stdout.write(
            f"{told.entries} entries of the audit chain, {told.opened} of {told.drawn} cases drawn by chance opened, "
            f"{told.pictures} pictures."
        )
        if told.wrong:
            raise SystemExit(1)
